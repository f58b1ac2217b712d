"""statsmodels results in the form that ``interop/parts/scoring_statsmodels`` reads."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.flavors import statsmodels
from jupyter_mlops.registry.flavors.statsmodels_design import column_names

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.words import LoadWord

FILE = "scoring.json"
_SIGNS = {ast.Add: "+", ast.Div: "/", ast.Mult: "*", ast.Pow: "**", ast.Sub: "-"}


def write_scoring(folder: Path, meta: dict[str, Any], word: LoadWord) -> str:
    """Put coefficients and parsed formulas in the place of a model's file.

    Returns
    -------
    str
        The file's name.
    """
    found = statsmodels.load(folder, meta, word)
    design = found.design
    if design is not None:
        factors = {
            code: {**kept, "tree": tree_of(code)}
            for code, kept in design["factors"].items()
        }
        design = {**design, "factors": factors}
    kept = {
        "coefficients": found.coefficients.tolist(),
        "design": design,
        "link": found.link,
    }
    (folder / statsmodels.FILE).unlink()
    (folder / FILE).write_text(json.dumps(kept), encoding="utf-8")
    return FILE


def tree_of(code: str) -> list[Any]:
    """Return a factor as a tree: ``["+", ["column", "age"], ["number", 1]]``.

    Raises
    ------
    TypeError
        When it is more than arithmetic on columns.
    """
    # What this lets pass are the very nodes that are known below.
    column_names(code)
    return _tree(ast.parse(code, mode="eval").body)


def _tree(node: ast.expr) -> list[Any]:
    found: list[Any]
    match node:
        case ast.Constant(value=value):
            found = ["number", value]
        case (
            ast.Name(id=name)
            | ast.Call(func=ast.Name(id="Q"), args=[ast.Constant(value=name)])
        ):
            found = ["column", name]
        case ast.BinOp(left=left, op=sign, right=right):
            found = [_SIGNS[type(sign)], _tree(left), _tree(right)]
        case ast.UnaryOp(operand=operand):
            found = ["negative", _tree(operand)]
        case ast.Call(func=ast.Name(), args=[inner]):
            found = _tree(inner)
        case ast.Call(func=ast.Attribute(attr=name), args=args):
            found = [name, *map(_tree, args)]
        case _:
            raise TypeError(f"'{ast.unparse(node)}' is more than arithmetic on columns")
    return found
