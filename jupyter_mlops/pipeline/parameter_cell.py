"""Reading the cell tagged ``parameters`` by its syntax tree: nothing is run."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.capture.secretnames import is_secret_name
from jupyter_mlops.pipeline.parameter_values import KINDS, fitted
from jupyter_mlops.pipeline.parameters import DeclaredParameters, Parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

TAG = "parameters"
_MAGIC = re.compile(r"^\s*[%!]")
_TYPE_COMMENT = re.compile(r"type:\s*(?P<type>[^\s#]+)\s*(?P<help>.*)")
_UNIONS = {"Optional", "Union"}
SECRET_TYPES = frozenset({"Secret", "SecretStr"})
"""Annotations of secrets: ``mlops.Secret``, and pydantic's."""
_ALIASES = {"List": "list", "Sequence": "list", "Dict": "dict", "Mapping": "dict"}


def read_parameters(cells: list[dict[str, Any]], notebook: str) -> DeclaredParameters:
    """Read what a Python notebook declares.

    Parameters
    ----------
    cells : list of dict
        The notebook's cells; the first one tagged ``parameters`` counts.
    notebook : str
        Its path, for errors.

    Raises
    ------
    NotebookError
        When the cell is no Python.
    """
    for cell in cells:
        if cell["cell_type"] == "code" and TAG in cell["metadata"].get("tags", []):
            source = "".join(cell["source"])
            found = _declared(source, notebook)
            return DeclaredParameters(
                notebook=notebook, by_name={item.name: item for item in found}
            )
    return DeclaredParameters(notebook=notebook, has_cell=False)


def _declared(source: str, notebook: str) -> Iterator[Parameter]:
    # Magics keep their lines, so that the comments keep their places.
    lines = ["pass" if _MAGIC.match(line) else line for line in source.splitlines()]
    code = "\n".join(lines) + "\n"
    try:
        tree = ast.parse(code)
        comments = _comments(code)
    except (SyntaxError, tokenize.TokenError) as error:
        line = getattr(error, "lineno", None)
        raise errors.NotebookError(
            f"The cell tagged 'parameters' of {notebook} is no valid Python"
            f"{f' in line {line}' if line else ''}: {error.args[0]}.",
            notebook=notebook,
        ) from error
    for statement in tree.body:
        for name, value in _bindings(statement):
            annotation = getattr(statement, "annotation", None)
            help_text = _help(statement, lines, comments)
            yield _parameter(name, value, annotation, help_text)


def _bindings(statement: ast.stmt) -> Iterator[tuple[str, ast.expr | None]]:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        yield statement.target.id, statement.value
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from _unpacked(target, statement.value)


def _unpacked(
    target: ast.expr, value: ast.expr
) -> Iterator[tuple[str, ast.expr | None]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for inner, part in zip(target.elts, value.elts, strict=False):
            yield from _unpacked(inner, part)


def _parameter(
    name: str, value: ast.expr | None, annotation: ast.expr | None, help_text: str
) -> Parameter:
    typed = _TYPE_COMMENT.fullmatch(help_text)
    if typed:
        # papermill's own way to say a type.
        help_text = typed["help"]
        annotation = annotation or _parsed(typed["type"])
    default, has_default = _literal(value)
    annotation, is_marked = _without_secret(annotation)
    kind, choices, is_optional = _annotated(annotation)
    if not kind and has_default and default is not None:
        kind = type(default).__name__
    if kind == "float" and type(default) is int:
        default = float(default)
    return Parameter(
        name=name,
        kind=kind,
        default=default,
        has_default=has_default,
        default_source=ast.unparse(value) if value is not None else "",
        is_optional=is_optional or (has_default and default is None),
        choices=choices,
        help=help_text,
        secret="type" if is_marked else _secret_by_name(name, kind, default),
    )


def _secret_by_name(name: str, kind: str, default: Any) -> str:
    """Tell a secret by its name; a ``token`` that is a word is a piece of text."""
    is_word = name == "token" and isinstance(default, str) and default.isalpha()
    is_secret = kind in ("str", "") and is_secret_name(name) and not is_word
    return "name" if is_secret else ""


def _without_secret(annotation: ast.expr | None) -> tuple[ast.expr | None, bool]:
    """Take off an annotation what says that the value is secret."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = _parsed(annotation.value)
    if annotation is None:
        return None, False
    members = list(_members(annotation))
    if not any(_is_secret(member) for member in members):
        return annotation, False
    plain = [_unwrapped(member) for member in members]
    joined = plain[0]
    for member in plain[1:]:
        joined = ast.BinOp(joined, ast.BitOr(), member)
    return joined, True


def _is_secret(member: ast.expr) -> bool:
    if _name(member) in SECRET_TYPES:
        return True
    if not isinstance(member, ast.Subscript) or _name(member) != "Annotated":
        return False
    parts = member.slice.elts if isinstance(member.slice, ast.Tuple) else []
    return any(_name(part).capitalize() in SECRET_TYPES for part in parts[1:])


def _unwrapped(member: ast.expr) -> ast.expr:
    if not _is_secret(member):
        return member
    if isinstance(member, ast.Subscript):
        inner = member.slice
        return inner.elts[0] if isinstance(inner, ast.Tuple) else inner
    return ast.Name("str")


def _literal(value: ast.expr | None) -> tuple[Any, bool]:
    if value is None:
        return None, False
    try:
        return fitted(ast.literal_eval(value), ""), True
    except (ValueError, TypeError, MemoryError, RecursionError):
        return None, False


def _annotated(annotation: ast.expr | None) -> tuple[str, tuple[Any, ...], bool]:
    """Return the kind, the choices and whether None is allowed."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = _parsed(annotation.value)
    members = list(_members(annotation)) if annotation is not None else []
    is_optional = any(_name(member) == "None" for member in members)
    members = [member for member in members if _name(member) != "None"]
    if len(members) != 1:
        return "", (), is_optional
    member = members[0]
    if isinstance(member, ast.Subscript) and _name(member) == "Literal":
        choices = _literal(member.slice)[0]
        choices = tuple(choices) if isinstance(choices, list) else (choices,)
        kinds = {type(choice).__name__ for choice in choices}
        kind = kinds.pop() if len(kinds) == 1 else ""
        return (kind if kind in KINDS else ""), choices, is_optional
    name = _ALIASES.get(_name(member), _name(member))
    return (name if name in KINDS else ""), (), is_optional


def _members(annotation: ast.expr) -> Iterator[ast.expr]:
    """List the alternatives of ``A | B``, ``Optional[A]`` and ``Union[A, B]``."""
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        yield from _members(annotation.left)
        yield from _members(annotation.right)
    elif isinstance(annotation, ast.Subscript) and _name(annotation) in _UNIONS:
        inner = annotation.slice
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        for part in parts:
            yield from _members(part)
        if _name(annotation) == "Optional":
            yield ast.Constant(None)
    else:
        yield annotation


def _name(annotation: ast.expr) -> str:
    if isinstance(annotation, ast.Subscript):
        return _name(annotation.value)
    if isinstance(annotation, ast.Attribute):
        return annotation.attr
    if isinstance(annotation, ast.Constant):
        return str(annotation.value)
    return annotation.id if isinstance(annotation, ast.Name) else ""


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None


def _comments(code: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    return {
        token.start[0]: token.string.lstrip("#").strip()
        for token in tokens
        if token.type == tokenize.COMMENT
    }


def _help(statement: ast.stmt, lines: list[str], comments: dict[int, str]) -> str:
    """Return the comment behind a statement, else those right above it."""
    behind = comments.get(statement.end_lineno or statement.lineno)
    if behind:
        return behind
    above: list[str] = []
    line = statement.lineno - 1
    while line >= 1 and lines[line - 1].lstrip().startswith("#"):
        above.insert(0, comments.get(line, ""))
        line -= 1
    return " ".join(part for part in above if part)
