"""Functions of the user: calling one goes through its body with what is passed."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.arguments import Args, bind_parameters
from jupyter_mlops.capture.dataflow.heap import NOTHING, Kind, Obj, Value
from jupyter_mlops.capture.dataflow.layers import TooMuchCodeError
from jupyter_mlops.capture.dataflow.scopes import Frame, target_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.capture.dataflow.run import CellRun
    from jupyter_mlops.capture.dataflow.scopes import Code, FunctionNode

_DEEPEST = 25
_METHOD_TRAITS = {
    "staticmethod": "static",
    "classmethod": "classmethod",
    "property": "property",
    "cached_property": "property",
    "setter": "property",
    "getter": "property",
    "deleter": "property",
}


def define(run: CellRun, node: FunctionNode) -> Obj:
    """Create the function that a ``def`` or lambda makes; decorators apart."""
    evaluate = run.interpreter.evaluate
    plain = [*node.args.posonlyargs, *node.args.args]
    defaults = node.args.defaults
    fields = {
        f"={item.arg}": evaluate(run, default)
        for item, default in zip(
            plain[len(plain) - len(defaults) :], defaults, strict=True
        )
    }
    for item, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        if default is not None:
            fields[f"={item.arg}"] = evaluate(run, default)
    name = "" if isinstance(node, ast.Lambda) else node.name
    obj = run.make(node, Kind.FUNCTION, name=name)
    obj.code = run.world.code(node)
    obj.scope = run.frame
    run.world.has_code = True
    for name, value in fields.items():
        run.set_field(obj, name, value)
    return obj


def method_traits(node: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """Tell which of a def's decorators change how a method is bound."""
    found = set()
    for decorator in node.decorator_list:
        name = getattr(decorator, "id", getattr(decorator, "attr", ""))
        if name in _METHOD_TRAITS:
            found.add(_METHOD_TRAITS[name])
    return frozenset(found)


def is_accessor(decorator: ast.expr) -> bool:
    """Tell whether a decorator adds a setter or the like to a property."""
    return isinstance(decorator, ast.Attribute) and decorator.attr in (
        "setter",
        "getter",
        "deleter",
    )


def call_function(
    run: CellRun,
    obj: Obj,
    args: Args,
    node: object,
    *,
    this: Value = NOTHING,
    owner: Obj | None = None,
) -> Value:
    """Go through a function's body and give what it may return.

    Parameters
    ----------
    node : object
        The place of the call.
    this, owner : Value, Obj
        The receiver, already among `args`, and the class the method was found in.
    """
    assert obj.code is not None
    run.spend(5)
    code = obj.code
    if obj.scope is not None:
        run.read_value(frozenset((obj,)), obj.name)
    active = run.active.get((code, obj.scope))
    if active is not None:
        return _call_again(run, obj, args, active)
    if len(run.active) > _DEEPEST:
        raise TooMuchCodeError
    place = (node, run.context, obj)
    frame = run.places.get(place)
    if frame is None:
        frame = run.places[place] = Frame(code.locals, obj.scope)
        frame.is_summary = run.loops > 0 and bool(run.active)
    else:
        frame.is_summary = True
    frame.this, frame.owner = frame.this | this, owner
    outer = run.context
    run.context = run.places.setdefault(("context", *place), len(run.places) + 1)
    bind_parameters(run, obj, args, frame)
    if code.is_generator:
        made = _make_deferred(run, node, obj, frame)
        run.context = outer
        return frozenset((made,))
    _run_frame(run, code, frame)
    run.context = outer
    return frame.returns


def _call_again(run: CellRun, obj: Obj, args: Args, active: Frame) -> Value:
    """Join a recursive call's arguments into the call that is being gone through."""
    is_summary, active.is_summary = active.is_summary, True
    held = {name: run.lookup((active, name)) for name in active.locals}
    bind_parameters(run, obj, args, active)
    active.is_summary = is_summary
    active.is_recursive = True
    if any(run.lookup((active, name)) is not one for name, one in held.items()):
        active.is_dirty = True
    if obj.code is not None and obj.code.is_generator and active.generator is not None:
        return frozenset((active.generator,))
    return active.returns


def _run_frame(run: CellRun, code: Code, frame: Frame) -> None:
    outer, place = run.frame, (code, frame.parent)
    run.active[place], run.frame = frame, frame
    try:
        for _ in range(_DEEPEST):
            frame.is_dirty = False
            returns, growth = frame.returns, run.growth
            with run.layer() as layer:
                run.interpreter.execute(run, code.body)
            if code.returns_early or code.is_generator:
                run.maybe(layer)
            else:
                run.surely(layer)
            is_stable = returns == frame.returns and growth == run.growth
            if not frame.is_recursive or (is_stable and not frame.is_dirty):
                break
        else:
            raise TooMuchCodeError
    finally:
        run.frame = outer
        del run.active[place]


def _make_deferred(run: CellRun, node: object, obj: Obj, frame: Frame) -> Obj:
    made = run.make((node, obj), Kind.ITERATOR, (obj,), name=obj.name)
    made.code, made.scope = obj.code, frame
    frame.generator = made
    for name in frame.locals:
        binding = run.lookup((frame, name))
        for child in binding.value if binding is not None else ():
            run.link(made, child)
    return made


def make_generator(run: CellRun, node: ast.GeneratorExp, first: Value) -> Value:
    """Create a generator expression, whose body runs when it is read from."""
    made = run.make(node, Kind.ITERATOR, first)
    made.node, made.scope = node, run.frame
    run.set_field(made, "first", first)
    return frozenset((made,))


def advance(run: CellRun, obj: Obj) -> None:
    """Let a generator or coroutine run on: its state and its names matter now."""
    if obj.node is not None:
        outer, run.frame = run.frame, obj.scope
        generate(run, obj.node, obj.fields.get("first", NOTHING), obj)
        run.frame = outer
    elif obj.code is not None and obj.scope is not None:
        frame = obj.scope
        if (obj.code, frame.parent) in run.active:
            return
        frame.is_summary = True
        _run_frame(run, obj.code, frame)
        for child in frame.returns:
            run.link(obj, child)


def generate(
    run: CellRun,
    node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
    first: Value,
    made: Obj,
) -> None:
    """Go through a comprehension whose outermost iterable is `first`."""
    names: set[str] = set()
    for part in node.generators:
        names |= target_names(part.target)
    outer = run.frame
    parent = outer.parent if outer is not None and outer.is_class else outer
    place = (node, run.context, "frame", outer)
    frame = run.places.setdefault(place, Frame(frozenset(names), parent))
    frame.is_comprehension = frame.is_summary = True
    run.frame = frame
    run.repeat(lambda: _generate(run, node, node.generators, first, made))
    run.frame = outer


def _generate(
    run: CellRun,
    node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
    parts: Sequence[ast.comprehension],
    items: Value,
    made: Obj,
) -> None:
    interpreter = run.interpreter
    interpreter.enter_loop(run, parts[0].target, items)
    for test in parts[0].ifs:
        interpreter.evaluate(run, test)
    if len(parts) > 1:
        inner = interpreter.evaluate(run, parts[1].iter)
        _generate(run, node, parts[1:], inner, made)
        return
    given = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    for part in given:
        for child in interpreter.evaluate(run, part):
            run.link(made, child)
