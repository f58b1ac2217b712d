"""Which names a function or class body owns, and the frames they live in."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from jupyter_mlops.capture.dataflow.heap import NOTHING, Binding, Value

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.heap import Obj

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
ScopeNode: TypeAlias = FunctionNode | ast.ClassDef
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(slots=True, eq=False)
class Code:
    """The facts of one function or class body.

    Attributes
    ----------
    locals : frozenset of str
        Names it binds itself, parameters among them.
    free : frozenset of str
        Names that it, or a function in it, looks up outside.
    is_generator : bool
        Calling it runs nothing yet: a generator or a coroutine.
    returns_early : bool
        Not all of it need run, even when nothing raises.
    """

    node: ScopeNode
    locals: frozenset[str]
    free: frozenset[str]
    is_generator: bool
    returns_early: bool

    @property
    def body(self) -> list[ast.stmt]:
        """The statements; a lambda's expression as one that returns it."""
        if isinstance(self.node, ast.Lambda):
            return [ast.Return(self.node.body)]
        return self.node.body


class Frame:
    """The variables of one call of a function, of a class body or a comprehension.

    Attributes
    ----------
    vars : dict of str to Binding
        As they were when the cell that ran it ended; while a cell is analysed its
        layers come before.
    this : Value
        What the first parameter of a method stands for.
    owner : Obj or None
        The class whose method it runs.
    generator : Obj or None
        The generator whose body it runs.
    is_summary : bool
        It stands for several calls, or turns, at once.
    is_recursive, is_dirty : bool
        It was called again from within, and with arguments that it had not seen.
    """

    __slots__ = (
        "generator",
        "is_class",
        "is_comprehension",
        "is_dirty",
        "is_recursive",
        "is_summary",
        "locals",
        "owner",
        "parent",
        "returns",
        "this",
        "vars",
    )

    def __init__(
        self, names: frozenset[str], parent: Frame | None, *, is_class: bool = False
    ) -> None:
        self.locals = names
        self.parent = parent
        self.is_class = is_class
        self.is_comprehension = False
        self.is_summary = False
        self.is_dirty = False
        self.is_recursive = False
        self.vars: dict[str, Binding] = {}
        self.returns: Value = NOTHING
        self.this: Value = NOTHING
        self.owner: Obj | None = None
        self.generator: Obj | None = None


def code_of(node: ScopeNode) -> Code:
    """Find the facts of a function, lambda or class."""
    names = _Names()
    if isinstance(node, ast.Lambda):
        names.visit(node.body)
        body: list[ast.stmt] = []
    else:
        body = node.body
        for statement in body:
            names.visit(statement)
    if not isinstance(node, ast.ClassDef):
        names.stores.update(_parameters(node.args))
    own = frozenset(names.stores - names.elsewhere)
    return Code(
        node,
        own,
        frozenset((names.loads | names.inner | names.elsewhere) - own),
        names.yields or isinstance(node, ast.AsyncFunctionDef),
        names.returns > (bool(body) and isinstance(body[-1], ast.Return)),
    )


def _parameters(arguments: ast.arguments) -> list[str]:
    plain = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    rest = [item for item in (arguments.vararg, arguments.kwarg) if item is not None]
    return [item.arg for item in plain + rest]


def target_names(node: ast.AST) -> set[str]:
    """Name the variables that an assignment target binds."""
    return {
        item.id
        for item in ast.walk(node)
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
    }


@dataclass
class _Names(ast.NodeVisitor):
    """Collects one scope's names, without those that inner scopes own."""

    stores: set[str] = field(default_factory=set)
    loads: set[str] = field(default_factory=set)
    inner: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    yields: bool = False
    returns: int = 0

    def visit_Name(self, node: ast.Name) -> None:
        (self.loads if isinstance(node.ctx, ast.Load) else self.stores).add(node.id)

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> None:
        self.elsewhere.update(node.names)

    visit_Nonlocal = visit_Global

    def visit_FunctionDef(self, node: FunctionNode | ast.ClassDef) -> None:
        if not isinstance(node, ast.Lambda):
            self.stores.add(node.name)
            self._visit_all(node.decorator_list)
        if isinstance(node, ast.ClassDef):
            self._visit_all(node.bases)
            self._visit_all([item.value for item in node.keywords])
        else:
            self._visit_all(node.args.defaults)
            self._visit_all([item for item in node.args.kw_defaults if item])
        self.inner |= code_of(node).free

    visit_AsyncFunctionDef = visit_FunctionDef
    visit_Lambda = visit_FunctionDef
    visit_ClassDef = visit_FunctionDef

    def _visit_comprehension(self, node: ast.AST) -> None:
        within = _Names()
        within.generic_visit(node)
        walrus = {
            item.target.id
            for item in ast.walk(node)
            if isinstance(item, ast.NamedExpr) and isinstance(item.target, ast.Name)
        }
        self.stores |= walrus
        self.loads |= within.loads - (within.stores - walrus)
        self.inner |= within.inner - (within.stores - walrus)
        self.yields |= within.yields

    visit_ListComp = _visit_comprehension
    visit_SetComp = _visit_comprehension
    visit_DictComp = _visit_comprehension
    visit_GeneratorExp = _visit_comprehension

    def visit_Yield(self, node: ast.AST) -> None:
        self.yields = True
        self.generic_visit(node)

    visit_YieldFrom = visit_Yield

    def visit_Return(self, node: ast.Return) -> None:
        self.returns += 1
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for item in node.names:
            self.stores.add((item.asname or item.name).partition(".")[0])

    visit_ImportFrom = visit_Import

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.stores.add(node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> None:
        if node.name:
            self.stores.add(node.name)
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self.stores.add(node.rest)
        self.generic_visit(node)

    def _visit_all(self, nodes: list[ast.expr]) -> None:
        for node in nodes:
            self.visit(node)
