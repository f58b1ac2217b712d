"""Texts and numbers that the code fixes: paths, keys and the text given to a magic."""

from __future__ import annotations

import ast
import posixpath
from typing import TYPE_CHECKING, TypeAlias

from jupyter_mlops.capture.dataflow.heap import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.capture.dataflow.run import CellRun

Constant: TypeAlias = str | int | float

_PATH_CLASSES = frozenset(
    f"pathlib.{name}" for name in ("Path", "PurePath", "PosixPath", "PurePosixPath")
)


def constant(run: CellRun, node: ast.expr | None) -> Constant | None:
    """Give what `node` evaluates to here, if the code alone decides it.

    A ``pathlib.Path`` counts as its text.
    """
    rule = _RULES.get(type(node))
    return rule(run, node) if rule is not None else None


def text_of(run: CellRun, node: ast.expr | None) -> str | None:
    """Give the text that `node` evaluates to, if the code alone decides it."""
    found = constant(run, node)
    return found if isinstance(found, str) else None


def _literal(_run: CellRun, node: ast.Constant) -> Constant | None:
    return node.value if isinstance(node.value, str | int | float) else None


def _name(run: CellRun, node: ast.Name) -> Constant | None:
    binding = run.lookup(run.key_of(node.id))
    if binding is None or binding.wild < len(run.world.wild):
        return None
    const = binding.const
    return const if isinstance(const, str | int | float) else None


def _joined(run: CellRun, node: ast.JoinedStr) -> Constant | None:
    parts = []
    for piece in node.values:
        if isinstance(piece, ast.FormattedValue):
            if piece.format_spec is not None or piece.conversion not in (-1, 115):
                return None
            part = constant(run, piece.value)
        else:
            part = constant(run, piece)
        if part is None:
            return None
        parts.append(str(part))
    return "".join(parts)


def _operation(run: CellRun, node: ast.BinOp) -> Constant | None:
    if not isinstance(node.op, ast.Add | ast.Div):
        return None
    left, right = constant(run, node.left), constant(run, node.right)
    if not isinstance(left, str) or not isinstance(right, str):
        return None
    if isinstance(node.op, ast.Add):
        return left + right
    return posixpath.join(left, right)


def _call(run: CellRun, node: ast.Call) -> Constant | None:
    path = dotted_path(run, node.func)
    if path in _PATH_CLASSES or path in ("os.path.join", "builtins.str"):
        parts = [text_of(run, argument) for argument in node.args]
        if parts and not node.keywords and None not in parts:
            return posixpath.join(*[part for part in parts if part is not None])
    return None


def dotted_path(run: CellRun, node: ast.expr) -> str:
    """Give the dotted path of the library function that `node` names, else empty."""
    if isinstance(node, ast.Attribute):
        above = dotted_path(run, node.value)
        return f"{above}.{node.attr}" if above else ""
    if not isinstance(node, ast.Name):
        return ""
    binding = run.lookup(run.key_of(node.id))
    if binding is None:
        return f"builtins.{node.id}"
    if len(binding.value) == 1 and binding.wild >= len(run.world.wild):
        (obj,) = binding.value
        if obj.kind is Kind.MODULE:
            return obj.name
    return ""


_RULES: dict[type[ast.AST | None], Callable[..., Constant | None]] = {
    ast.Constant: _literal,
    ast.Name: _name,
    ast.JoinedStr: _joined,
    ast.BinOp: _operation,
    ast.Call: _call,
}
