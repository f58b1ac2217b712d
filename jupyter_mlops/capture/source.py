"""Which names a cell binds, and to what kind of thing: read from its source alone."""

from __future__ import annotations

import ast
import warnings
from enum import Enum
from typing import Any

from jupyter_mlops.capture.sift import CellBindings, Sifted, sift

__all__ = ["CellBindings", "Sifted", "bindings", "sift"]


def bindings(source: str) -> CellBindings:
    """Read the names that a cell's source binds.

    Parameters
    ----------
    source : str
        Python, that is, after IPython has transformed the cell.

    Returns
    -------
    CellBindings
        Without names that start with an underscore, loop targets, imports,
        functions, classes, and what ``with`` and ``except`` name.
    """
    try:
        with warnings.catch_warnings():
            # The cell's own run shows them; shown twice they would be ours.
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
        reader = _Reader(has_walrus=":=" in source)
        reader.block(tree.body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return CellBindings(is_parsed=False)
    return reader.result()


class _How(Enum):
    LITERAL = 1
    COMPUTED = 2
    EITHER = 3
    OTHER = 4
    """Bound by what is neither: an import, a loop, a definition."""


_Names = dict[str, _How]
_NO_LITERAL = object()


class _Reader:
    """Goes through the statements in order; the last binding of a name stays."""

    def __init__(self, *, has_walrus: bool) -> None:
        self._names: _Names = {}
        self._literals: dict[str, list[Any]] = {}
        self._augmented: set[str] = set()
        self._has_walrus = has_walrus

    def result(self) -> CellBindings:
        literals, computed, alternatives = {}, [], {}
        for name, how in self._names.items():
            # An augmented name counts something, also where its branch did not run.
            may_be_literal = how is _How.LITERAL or (
                how is _How.EITHER and name not in self._augmented
            )
            if may_be_literal:
                literals[name] = self._literals[name][-1]
                alternatives[name] = self._literals[name]
            if how in (_How.COMPUTED, _How.EITHER):
                computed.append(name)
        return CellBindings(literals, computed, alternatives)

    def block(self, body: list[ast.stmt]) -> None:
        for node in body:
            if self._has_walrus:
                self._walruses(node)
            handler = _HANDLERS.get(type(node))
            if handler is not None:
                handler(self, node)

    def assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._bind(target, node.value)

    def annotated(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._bind(node.target, node.value)

    def augmented(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self._augmented.add(node.target.id)
            self._set(node.target.id, _How.COMPUTED)

    def loop(self, node: ast.For | ast.AsyncFor) -> None:
        self._forget(node.target)
        self.block(node.body)
        self.block(node.orelse)

    def repeat(self, node: ast.While) -> None:
        self.block(node.body)
        self.block(node.orelse)

    def manage(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            if item.optional_vars is not None:
                self._forget(item.optional_vars)
        self.block(node.body)

    def choose(self, node: ast.If) -> None:
        self._branches([node.body, node.orelse])

    def match(self, node: ast.Match) -> None:
        self._branches([case.body for case in node.cases] + [[]])

    def attempt(self, node: ast.Try | ast.TryStar) -> None:
        tried = node.body + node.orelse
        self._branches([tried, *(handler.body for handler in node.handlers)])
        for handler in node.handlers:
            if handler.name:
                self._set(handler.name, _How.OTHER)
        self.block(node.finalbody)

    def name_import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            self._set(name, _How.OTHER)

    def define(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ) -> None:
        self._set(node.name, _How.OTHER)

    def delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self._forget(target)

    def _branches(self, bodies: list[list[ast.stmt]]) -> None:
        """Read bodies of which one runs: a name may end as each of them leaves it."""
        before = self._names
        ends: list[_Names] = []
        for body in bodies:
            self._names = dict(before)
            self.block(body)
            ends.append(self._names)
        merged: _Names = {}
        for end in ends:
            for name in end:
                merged[name] = _merge([other.get(name) for other in ends])
        self._names = merged

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            literal = _literal(value)
            if literal is _NO_LITERAL:
                self._set(target.id, _How.COMPUTED)
            else:
                self._set(target.id, _How.LITERAL)
                self._literals.setdefault(target.id, []).append(literal)
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target, value)
        elif isinstance(target, ast.Starred):
            self._bind(target.value, value)

    def _unpack(self, target: ast.Tuple | ast.List, value: ast.expr) -> None:
        parts = value.elts if isinstance(value, ast.Tuple | ast.List) else []
        is_paired = len(parts) == len(target.elts) and not any(
            isinstance(part, ast.Starred) for part in (*parts, *target.elts)
        )
        for at, inner in enumerate(target.elts):
            self._bind(inner, parts[at] if is_paired else _SOMETHING)

    def _walruses(self, node: ast.stmt) -> None:
        for part in _own_expressions(node):
            for found in _walk(part):
                if isinstance(found, ast.NamedExpr):
                    self._bind(found.target, found.value)

    def _forget(self, target: ast.expr) -> None:
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self._set(node.id, _How.OTHER)

    def _set(self, name: str, how: _How) -> None:
        if not name.startswith("_"):
            self._names[name] = how


_SOMETHING = ast.Name(id="_", ctx=ast.Load())
"""Stands for a value that the source does not spell out."""

_HANDLERS: dict[type[ast.stmt], Any] = {
    ast.Assign: _Reader.assign,
    ast.AnnAssign: _Reader.annotated,
    ast.AugAssign: _Reader.augmented,
    ast.For: _Reader.loop,
    ast.AsyncFor: _Reader.loop,
    ast.While: _Reader.repeat,
    ast.With: _Reader.manage,
    ast.AsyncWith: _Reader.manage,
    ast.If: _Reader.choose,
    ast.Match: _Reader.match,
    ast.Try: _Reader.attempt,
    ast.TryStar: _Reader.attempt,
    ast.Import: _Reader.name_import,
    ast.ImportFrom: _Reader.name_import,
    ast.FunctionDef: _Reader.define,
    ast.AsyncFunctionDef: _Reader.define,
    ast.ClassDef: _Reader.define,
    ast.Delete: _Reader.delete,
}
_SCOPES = (ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _merge(ends: list[_How | None]) -> _How:
    found = {end for end in ends if end is not None}
    if len(found) == 1:
        return found.pop()
    if _How.EITHER in found or {_How.LITERAL, _How.COMPUTED} <= found:
        return _How.EITHER
    return _How.LITERAL if _How.LITERAL in found else _How.COMPUTED


def _literal(node: ast.expr) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if not isinstance(node, ast.UnaryOp | ast.Tuple | ast.List | ast.Dict | ast.Set):
        return _NO_LITERAL
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        return _NO_LITERAL


def _own_expressions(node: ast.stmt) -> list[ast.expr]:
    """List a statement's expressions, without the statements inside it."""
    if isinstance(node, _SCOPES):
        return []
    found = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
    if isinstance(node, ast.With | ast.AsyncWith):
        found += [item.context_expr for item in node.items]
    return found


def _walk(node: ast.AST) -> list[ast.AST]:
    """List a node and what is inside it, functions left out: they bind their own."""
    found = [node]
    for part in found:
        if not isinstance(part, _SCOPES):
            found.extend(ast.iter_child_nodes(part))
    return found
