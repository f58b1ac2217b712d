"""Statements, in the order Python runs them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import (
    calls,
    classes,
    expressions,
    functions,
    imports,
    patterns,
    targets,
    withs,
)
from jupyter_mlops.capture.dataflow.arguments import Args
from jupyter_mlops.capture.dataflow.callbacks import consume
from jupyter_mlops.capture.dataflow.constants import constant
from jupyter_mlops.capture.dataflow.heap import NOTHING, Kind, Value
from jupyter_mlops.capture.dataflow.scopes import Frame, code_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_mlops.capture.dataflow.run import CellRun


class Syntax:
    """Goes through Python's syntax: the `Interpreter` of a `CellRun`."""

    def evaluate(self, run: CellRun, node: ast.expr) -> Value:
        """Go through an expression and give what it may be."""
        return expressions.evaluate(run, node)

    def execute(self, run: CellRun, body: Iterable[ast.stmt]) -> None:
        """Go through statements."""
        for statement in body:
            run.spend()
            rule = _RULES.get(type(statement))
            if rule is not None:
                rule(run, statement)

    def call(self, run: CellRun, callee: Value, args: Args, node: object) -> Value:
        """Call what `callee` may be and give what it may return."""
        return calls.call(run, callee, args, node)

    def enter_loop(self, run: CellRun, target: ast.expr, items: Value) -> None:
        """Let a loop's target stand for what `items` yields."""
        targets.assign(run, target, consume(run, target, items))

    def repeat_apart(self, run: CellRun, body: list[ast.stmt]) -> None:
        """Go through statements again and again in a namespace of their own."""
        holder = ast.ClassDef("", bases=[], keywords=[], body=body, decorator_list=[])
        outer = run.frame
        run.frame = Frame(code_of(holder).locals, outer)
        run.repeat(lambda: self.execute(run, body))
        run.frame = outer


_SYNTAX = Syntax()


def _assign(run: CellRun, node: ast.Assign) -> None:
    value = expressions.evaluate(run, node.value)
    for target in node.targets:
        targets.assign(run, target, value, node.value)


def _annotate(run: CellRun, node: ast.AnnAssign) -> None:
    if run.frame is None or run.frame.is_class:
        expressions.evaluate(run, node.annotation)
    if node.value is not None:
        value = expressions.evaluate(run, node.value)
        targets.assign(run, node.target, value, node.value)


def _augment(run: CellRun, node: ast.AugAssign) -> None:
    place = _as_load(node.target)
    before = expressions.evaluate(run, place)
    given = expressions.evaluate(run, node.value)
    # In place where the object can, so that its other names see it.
    run.change(obj for obj in before if obj.kind is not Kind.MODULE)
    for obj in before:
        obj.is_loose = obj.is_loose or obj.kind is Kind.DATA
        if obj.kind is Kind.DATA:
            run.hold(frozenset((obj,)), consume(run, node.value, given))
    classes.use_operators(run, node, before | given)
    made = expressions.combine(run, node.value, (before, given))
    kept = frozenset(obj for obj in before if obj.kind is not Kind.MODULE)
    targets.assign(run, node.target, kept | made)


def _as_load(target: ast.Name | ast.Attribute | ast.Subscript) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.copy_location(ast.Name(target.id, ast.Load()), target)
    if isinstance(target, ast.Attribute):
        load: ast.expr = ast.Attribute(target.value, target.attr, ast.Load())
    else:
        load = ast.Subscript(target.value, target.slice, ast.Load())
    return ast.copy_location(load, target)


def _expression(run: CellRun, node: ast.Expr) -> None:
    expressions.evaluate(run, node.value)


def _test(run: CellRun, node: ast.expr) -> None:
    value = expressions.evaluate(run, node)
    classes.use_operators(run, node, value, classes.TRUTH)


def _if(run: CellRun, node: ast.If) -> None:
    _test(run, node.test)
    run.either(
        lambda: _SYNTAX.execute(run, node.body),
        lambda: _SYNTAX.execute(run, node.orelse),
    )


def _for(run: CellRun, node: ast.For | ast.AsyncFor) -> None:
    items = expressions.evaluate(run, node.iter)

    def turn() -> None:
        _SYNTAX.enter_loop(run, node.target, items)
        _SYNTAX.execute(run, node.body)

    if _is_entered(run, node):
        run.loops += 1
        turn()
        run.loops -= 1
    run.repeat(turn)
    _perhaps(run, node.orelse)


def _is_entered(run: CellRun, node: ast.For | ast.AsyncFor) -> bool:
    """Tell whether the body surely runs, and to its end, at least once."""
    items = node.iter
    if isinstance(items, ast.Call) and isinstance(items.func, ast.Name):
        if items.func.id in ("enumerate", "tqdm", "sorted", "list") and items.args:
            items = items.args[0]
    is_filled = isinstance(items, ast.List | ast.Tuple | ast.Set) and any(
        not isinstance(item, ast.Starred) for item in items.elts
    )
    if isinstance(items, ast.Call) and isinstance(items.func, ast.Name):
        if items.func.id == "range" and len(items.args) == 1:
            stop = constant(run, items.args[0])
            is_filled = isinstance(stop, int) and stop > 0
    return is_filled and not any(
        isinstance(inner, ast.Break | ast.Continue | ast.Return)
        for statement in node.body
        for inner in ast.walk(statement)
    )


def _while(run: CellRun, node: ast.While) -> None:
    def turn() -> None:
        _test(run, node.test)
        _SYNTAX.execute(run, node.body)

    run.repeat(turn)
    _perhaps(run, node.orelse)


def _perhaps(run: CellRun, body: list[ast.stmt]) -> None:
    if body:
        with run.layer() as layer:
            _SYNTAX.execute(run, body)
        run.maybe(layer)


def _try(run: CellRun, node: ast.Try) -> None:
    with run.layer() as body:
        _SYNTAX.execute(run, node.body)

    def succeed() -> None:
        run.surely(body)
        _SYNTAX.execute(run, node.orelse)

    def fail(handler: ast.ExceptHandler) -> None:
        run.maybe(body)
        if handler.type is not None:
            expressions.evaluate(run, handler.type)
        if handler.name:
            run.bind_name(handler.name, frozenset(run.raised))
        _SYNTAX.execute(run, handler.body)

    ways = [lambda one=one: fail(one) for one in node.handlers]
    run.either(succeed, *ways)
    _SYNTAX.execute(run, node.finalbody)


def _function(run: CellRun, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    decorators = [expressions.evaluate(run, one) for one in node.decorator_list]
    obj = functions.define(run, node)
    obj.traits |= functions.method_traits(node)
    _bind_decorated(run, node, frozenset((obj,)), decorators)


def _class(run: CellRun, node: ast.ClassDef) -> None:
    decorators = [expressions.evaluate(run, one) for one in node.decorator_list]
    obj = classes.define_class(run, node)
    _bind_decorated(run, node, frozenset((obj,)), decorators)


def _bind_decorated(
    run: CellRun,
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
    value: Value,
    decorators: list[Value],
) -> None:
    for place, decorator in reversed(list(enumerate(decorators))):
        if isinstance(node.decorator_list[place], ast.Attribute) and (
            functions.is_accessor(node.decorator_list[place])
        ):
            # @name.setter: the property of that name, with one more function.
            value |= decorator
            continue
        value = calls.call(run, decorator, Args([value]), (node, place))
    run.bind_name(node.name, value)


def _return(run: CellRun, node: ast.Return) -> None:
    value = NOTHING if node.value is None else expressions.evaluate(run, node.value)
    if run.frame is not None:
        run.frame.returns |= value


def _delete(run: CellRun, node: ast.Delete) -> None:
    for target in node.targets:
        targets.delete(run, target)


def _raise(run: CellRun, node: ast.Raise) -> None:
    for part in (node.exc, node.cause):
        if part is not None:
            run.raised |= expressions.evaluate(run, part)


def _assert(run: CellRun, node: ast.Assert) -> None:
    _test(run, node.test)
    if node.msg is not None:
        expressions.evaluate(run, node.msg)


def _match(run: CellRun, node: ast.Match) -> None:
    subject = expressions.evaluate(run, node.subject)

    def go(case: ast.match_case) -> None:
        patterns.match_pattern(run, case.pattern, subject)
        if case.guard is not None:
            expressions.evaluate(run, case.guard)
        _SYNTAX.execute(run, case.body)

    for case in node.cases:
        # A guard that fails leaves the names of its pattern bound.
        with run.layer() as layer:
            patterns.match_pattern(run, case.pattern, subject)
        run.maybe(layer)
    ways: list[Callable[[], None]] = [lambda: None]
    for case in node.cases:
        ways.append(lambda case=case: go(case))  # type: ignore[misc]  # binds early
    run.either(*ways)


def _with(run: CellRun, node: ast.With | ast.AsyncWith) -> None:
    withs.enter_with(run, node, lambda: _SYNTAX.execute(run, node.body))


_RULES: dict[type[ast.stmt], Callable[..., None]] = {
    ast.AnnAssign: _annotate,
    ast.Assert: _assert,
    ast.Assign: _assign,
    ast.AsyncFor: _for,
    ast.AsyncFunctionDef: _function,
    ast.AsyncWith: _with,
    ast.AugAssign: _augment,
    ast.ClassDef: _class,
    ast.Delete: _delete,
    ast.Expr: _expression,
    ast.For: _for,
    ast.FunctionDef: _function,
    ast.If: _if,
    ast.Import: imports.import_modules,
    ast.ImportFrom: imports.import_names,
    ast.Match: _match,
    ast.Raise: _raise,
    ast.Return: _return,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.While: _while,
    ast.With: _with,
}
