"""Expressions, in the order Python evaluates them: what they read and may give."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import attributes, calls, classes, functions
from jupyter_mlops.capture.dataflow.callbacks import consume
from jupyter_mlops.capture.dataflow.heap import (
    NOTHING,
    SHOWING,
    Kind,
    Value,
    elements,
)
from jupyter_mlops.capture.dataflow.names import read_name
from jupyter_mlops.capture.dataflow.namespaces import (
    is_namespace,
    is_namespace_item,
    load_namespace_item,
)
from jupyter_mlops.capture.dataflow.targets import assign_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_mlops.capture.dataflow.run import CellRun


def evaluate(run: CellRun, node: ast.expr) -> Value:
    """Go through an expression and give what it may be."""
    run.spend()
    return _RULES[type(node)](run, node)


def _nothing(_run: CellRun, _node: ast.expr) -> Value:
    return NOTHING


def _name(run: CellRun, node: ast.Name) -> Value:
    return read_name(run, node.id)


def _operation(run: CellRun, node: ast.BinOp) -> Value:
    left, right = evaluate(run, node.left), evaluate(run, node.right)
    if isinstance(node.op, ast.LShift | ast.RShift):
        # Task graphs and the like link their operands this way.
        run.change(obj for obj in left | right if obj.kind is Kind.UNKNOWN)
        run.hold(left, right)
        run.hold(right, left)
    return combine(run, node, (left, right))


def _unary(run: CellRun, node: ast.UnaryOp) -> Value:
    return combine(run, node, (evaluate(run, node.operand),))


def _comparison(run: CellRun, node: ast.Compare) -> Value:
    if is_namespace(run, node.comparators[0]):
        load_namespace_item(run, node.left)
        return NOTHING
    values = [evaluate(run, one) for one in (node.left, *node.comparators)]
    for operator, value in zip(node.ops, values[1:], strict=True):
        if isinstance(operator, ast.In | ast.NotIn):
            consume(run, node, value)
    mixed = combine(run, node, values)
    return frozenset(obj for obj in mixed if obj.kind is not Kind.DATA)


def _choice(run: CellRun, node: ast.BoolOp) -> Value:
    found = [evaluate(run, node.values[0])]
    for one in node.values[1:]:
        found.append(_perhaps(run, one))
    classes.use_operators(run, node, _union(found), classes.TRUTH)
    return _union(found)


def _perhaps(run: CellRun, node: ast.expr) -> Value:
    """Evaluate what short-circuiting may leave out."""
    with run.layer() as layer:
        value = evaluate(run, node)
    run.maybe(layer)
    return value


def _conditional(run: CellRun, node: ast.IfExp) -> Value:
    classes.use_operators(run, node, evaluate(run, node.test), classes.TRUTH)
    return _union(
        run.either(lambda: evaluate(run, node.body), lambda: evaluate(run, node.orelse))
    )


def _walrus(run: CellRun, node: ast.NamedExpr) -> Value:
    value = evaluate(run, node.value)
    frame = run.frame
    # A comprehension's walrus binds in the scope around it.
    while run.frame is not None and run.frame.is_comprehension:
        run.frame = run.frame.parent
    assign_name(run, node.target.id, value, node.value)
    run.frame = frame
    return value


def _display(run: CellRun, node: ast.List | ast.Set | ast.Tuple) -> Value:
    values = [evaluate(run, item) for item in node.elts]
    is_plain = isinstance(node, ast.Tuple) and not any(
        isinstance(item, ast.Starred) for item in node.elts
    )
    traits = _KEYED if is_plain else frozenset[str]()
    obj = run.make(node, Kind.DATA, _union(values), traits=traits)
    for place, value in enumerate(values) if is_plain else ():
        run.set_field(obj, str(place), value)
    return frozenset((obj,))


def _dict(run: CellRun, node: ast.Dict) -> Value:
    obj = run.make(node, Kind.DATA, traits=_KEYED)
    for key, item in zip(node.keys, node.values, strict=True):
        if key is None:
            obj.is_loose = True
            run.set_field(obj, "", elements(evaluate(run, item)))
            continue
        run.set_field(obj, "", evaluate(run, key))
        value = evaluate(run, item)
        if isinstance(key, ast.Constant) and attributes.is_key(key.value):
            run.set_field(obj, str(key.value), value)
        else:
            obj.is_loose = True
            run.set_field(obj, "", value)
    return frozenset((obj,))


_KEYED = frozenset({"keyed"})


def _starred(run: CellRun, node: ast.Starred) -> Value:
    value = evaluate(run, node.value)
    return consume(run, node, value)


def _attribute(run: CellRun, node: ast.Attribute) -> Value:
    return attributes.load(run, node, evaluate(run, node.value), node.attr)


def _item(run: CellRun, node: ast.Subscript) -> Value:
    if is_namespace_item(run, node):
        return load_namespace_item(run, node.slice)
    base = evaluate(run, node.value)
    evaluate(run, node.slice)
    return attributes.load_item(run, node, base)


def _slice(run: CellRun, node: ast.Slice) -> Value:
    for part in (node.lower, node.upper, node.step):
        if part is not None:
            evaluate(run, part)
    return NOTHING


def _text(run: CellRun, node: ast.JoinedStr) -> Value:
    for part in node.values:
        evaluate(run, part)
    return NOTHING


def _formatted(run: CellRun, node: ast.FormattedValue) -> Value:
    value = evaluate(run, node.value)
    classes.use_operators(run, node, value, classes.TEXT)
    if node.format_spec is not None:
        evaluate(run, node.format_spec)
    return NOTHING


def _lambda(run: CellRun, node: ast.Lambda) -> Value:
    return frozenset((functions.define(run, node),))


def _await(run: CellRun, node: ast.Await) -> Value:
    value = evaluate(run, node.value)
    return consume(run, node, value)


def _yield(run: CellRun, node: ast.Yield | ast.YieldFrom) -> Value:
    value = evaluate(run, node.value) if node.value is not None else NOTHING
    if isinstance(node, ast.YieldFrom):
        value = consume(run, node, value)
    if run.frame is None:
        return NOTHING
    run.frame.returns |= value
    made = run.frame.generator
    # What is sent in may be anything that a caller gave to the generator.
    return frozenset(made.children) if made is not None else NOTHING


def _comprehension(
    run: CellRun, node: ast.ListComp | ast.SetComp | ast.DictComp
) -> Value:
    first = evaluate(run, node.generators[0].iter)
    obj = run.make(node, Kind.DATA)
    functions.generate(run, node, first, obj)
    return frozenset((obj,))


def _generator(run: CellRun, node: ast.GeneratorExp) -> Value:
    first = evaluate(run, node.generators[0].iter)
    return functions.make_generator(run, node, first)


def combine(run: CellRun, node: ast.expr, values: Sequence[Value]) -> Value:
    """Give what an operator makes of `values`."""
    value = _union(values)
    if not value:
        return NOTHING
    returned = classes.use_operators(run, node, value)
    kinds = {obj.kind for obj in value} - {Kind.MODULE}
    if not kinds:
        return returned
    if kinds & {Kind.UNKNOWN, Kind.INSTANCE, Kind.OPAQUE}:
        return returned | {run.make(node, Kind.UNKNOWN, value)}
    if kinds & SHOWING:
        lib = next((obj.lib for obj in value if obj.kind is Kind.LIB), "numpy")
        return returned | {run.make(node, Kind.LIB, lib=lib)}
    return returned | {run.make(node, Kind.DATA, elements(value))}


def _union(values: Sequence[Value]) -> Value:
    if len(values) == 1:
        return values[0]
    return frozenset().union(*values)


_RULES: dict[type[ast.expr], Callable[..., Value]] = {
    ast.Attribute: _attribute,
    ast.Await: _await,
    ast.BinOp: _operation,
    ast.BoolOp: _choice,
    ast.Call: calls.evaluate_call,
    ast.Compare: _comparison,
    ast.Constant: _nothing,
    ast.Dict: _dict,
    ast.DictComp: _comprehension,
    ast.FormattedValue: _formatted,
    ast.GeneratorExp: _generator,
    ast.IfExp: _conditional,
    ast.JoinedStr: _text,
    ast.Lambda: _lambda,
    ast.List: _display,
    ast.ListComp: _comprehension,
    ast.Name: _name,
    ast.NamedExpr: _walrus,
    ast.Set: _display,
    ast.SetComp: _comprehension,
    ast.Slice: _slice,
    ast.Starred: _starred,
    ast.Subscript: _item,
    ast.Tuple: _display,
    ast.UnaryOp: _unary,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
}
