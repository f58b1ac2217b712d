"""Code of the user that a library calls back, and what is read from step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.arguments import Args, anything
from jupyter_mlops.capture.dataflow.classes import (
    CLASS,
    ITEMS,
    call_all,
    instantiate,
    lookup,
    use_operators,
)
from jupyter_mlops.capture.dataflow.functions import advance, call_function
from jupyter_mlops.capture.dataflow.heap import (
    CODE,
    FIXED,
    NOTHING,
    Kind,
    Obj,
    Value,
    elements,
    reach,
)
from jupyter_mlops.capture.dataflow.knowledge.methods import (
    CHANGING_METHODS,
    CONTAINER_CHANGING,
    PURE_METHODS,
)
from jupyter_mlops.capture.dataflow.settings import use_unknown

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.run import CellRun

CALLED = "<call>"
"""The field of a method-like object that says what calling it calls."""


def call_back(run: CellRun, node: object, value: Value, given: Value) -> Value:
    """Run whatever code of the user can be got at from `value`.

    Parameters
    ----------
    given : Value
        What the library may hand to it, besides what is in it.

    Returns
    -------
    Value
        What that code may return.
    """
    returned: set[Obj] = set()
    data = frozenset(obj for obj in given if obj.kind is not Kind.MODULE)
    parts = _callable_parts(value)
    run.spend(len(parts) >> 1)
    for obj in parts:
        if obj.kind in CODE or obj.kind is Kind.MODULE:
            place = ("back", obj)
            if place not in run.stepping:
                run.stepping.add(place)
                returned |= _call_one(run, node, obj, data)
                run.stepping.discard(place)
        elif obj.kind is Kind.ITERATOR:
            _step(run, node, obj)
    return frozenset(returned)


def _callable_parts(value: Value) -> list[Obj]:
    """List what is in `value`, but not the classes and receivers behind it."""
    stack, seen = list(value), set(value)
    found = []
    while stack:
        obj = stack.pop()
        found.append(obj)
        if obj.kind in FIXED:
            continue
        for child in obj.children:
            if child not in seen:
                seen.add(child)
                stack.append(child)
    return found


def _call_one(run: CellRun, node: object, obj: Obj, given: Value) -> Value:
    place = (node, obj)
    if obj.kind is Kind.MODULE:
        callee = frozenset((obj,))
        return run.interpreter.call(run, callee, anything(given), place)
    if obj.kind is Kind.FUNCTION:
        # What it gets may be an item of what the library was given, or all of it.
        return call_function(run, obj, anything(given | elements(given)), place)
    if obj.kind is Kind.CLASS:
        return instantiate(run, obj, anything(given), place)
    if obj.kind is Kind.INSTANCE:
        returned: Value = NOTHING
        for cls in obj.fields.get(CLASS, NOTHING):
            this = frozenset((obj,))
            returned |= call_all(run, place, cls, this, given)
            for owner, found in lookup(cls, "__call__"):
                args = anything(given).shifted(this)
                returned |= call_function(
                    run, found, args, place, this=this, owner=owner
                )
        return returned
    return call_bound(run, place, obj, anything(given))


def call_bound(run: CellRun, node: object, method: Obj, args: Args) -> Value:
    """Call a method that was taken off its receiver, or something wrapped."""
    if CALLED in method.fields:
        run.change((method,), "calls")
        held = frozenset(method.children) - method.fields[CALLED]
        given = anything(args.everything | held)
        return run.interpreter.call(run, method.fields[CALLED], given, node) | held
    returned: set[Obj] = set()
    for obj in method.fields.get("self", NOTHING):
        if obj.kind is Kind.INSTANCE or obj.kind is Kind.CLASS:
            starts = obj.fields.get(CLASS, NOTHING) if obj.kind is Kind.INSTANCE else ()
            for cls in starts or (obj,):
                this = frozenset((obj,))
                for owner, found in lookup(cls, method.name):
                    given = args if "static" in found.traits else args.shifted(this)
                    returned |= call_function(
                        run, found, given, node, this=this, owner=owner
                    )
        else:
            _change_receiver(run, obj, method.name, args.everything)
            returned |= {obj, *obj.children}
    return frozenset(returned)


def _change_receiver(run: CellRun, obj: Obj, name: str, given: Value) -> None:
    if obj.kind is Kind.DATA:
        if name in CONTAINER_CHANGING:
            obj.is_loose = True
            run.change((obj,))
            run.hold(frozenset((obj,)), given | elements(given))
    elif obj.kind is Kind.MODULE:
        return
    elif name not in PURE_METHODS or name in CHANGING_METHODS:
        run.change((obj,), "may change")
        run.hold(frozenset((obj,)), given)


def consume(run: CellRun, node: object, value: Value) -> Value:
    """Read from `value` step by step, as a loop does, and give what comes out."""
    found: set[Obj] = set()
    for obj in value:
        if obj.kind is Kind.ITERATOR or obj.kind is Kind.HANDLE:
            found |= _step(run, node, obj)
        elif obj.kind is Kind.INSTANCE:
            found |= use_operators(run, node, frozenset((obj,)), ITEMS)
            found |= elements(frozenset((obj,)))
        else:
            if obj.kind is Kind.UNKNOWN:
                run.change((obj,), "may advance")
                use_unknown(run, obj.lib, frozenset((obj,)), "may change")
                call_back(run, node, frozenset((obj,)), frozenset((obj,)))
            found |= elements(frozenset((obj,)))
    # An instance's __iter__ may itself have given a generator.
    for obj in list(found):
        if obj.kind is Kind.ITERATOR and obj not in value:
            found |= _step(run, node, obj)
    return frozenset(found)


def _step(run: CellRun, node: object, obj: Obj) -> Value:
    place = (node, obj, "step")
    if place in run.stepping:
        return frozenset(obj.children)
    run.stepping.add(place)
    run.change((obj,), "reads from")
    if obj.kind is Kind.HANDLE:
        run.change(reach((obj,)), "reads from")
    advance(run, obj)
    sources = frozenset(obj.children) | obj.fields.get("first", NOTHING)
    found: set[Obj] = set(sources)
    if obj.code is None and obj.node is None:
        for source in sources:
            if source.kind in (Kind.ITERATOR, Kind.HANDLE):
                found |= _step(run, node, source)
            elif source.kind not in CODE or source.kind is Kind.INSTANCE:
                found |= elements(frozenset((source,)))
        code = frozenset(one for one in sources if one.kind in CODE)
        if code:
            found |= call_back(run, place, code, frozenset(found) - code)
        row = run.make((node, obj, "row"), Kind.DATA, found)
        found.add(row)
    run.stepping.discard(place)
    return frozenset(found)
