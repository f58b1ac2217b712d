"""Classes of the user: what their bodies make, and where a method is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.arguments import Args, anything
from jupyter_mlops.capture.dataflow.functions import call_function
from jupyter_mlops.capture.dataflow.heap import NOTHING, Kind, Obj, Value
from jupyter_mlops.capture.dataflow.scopes import Frame

if TYPE_CHECKING:
    import ast
    from collections.abc import Collection, Iterator

    from jupyter_mlops.capture.dataflow.run import CellRun

BASES = "<bases>"
CLASS = "<class>"
META = "<metaclass>"
_BY_CONSTRUCTOR = frozenset({"__init__", "__new__", "__call__", "__post_init__"})


def _special(names: str) -> frozenset[str]:
    return frozenset(f"__{name}__" for name in names.split())


TRUTH = _special("bool len")
TEXT = _special("str repr format") | {"_repr_html_", "_repr_mimebundle_"}
ITEMS = _special("len iter next getitem setitem delitem missing contains reversed")
COMPARING = _special("eq ne lt le gt ge hash bool")
EVERY_OPERATOR = TRUTH | TEXT | ITEMS | COMPARING
EVERY_OPERATOR |= _special(
    """
    add radd iadd sub rsub isub mul rmul imul truediv rtruediv itruediv floordiv
    rfloordiv ifloordiv mod rmod imod pow rpow ipow matmul rmatmul imatmul and rand
    iand or ror ior xor rxor ixor lshift rlshift ilshift rshift rrshift irshift neg
    pos abs invert round int float complex index divmod await aiter anext array
    array_ufunc array_function bytes fspath sizeof dir copy deepcopy reduce getstate
    """
)
"""What operators and builtin functions call behind the scenes."""

_PLAIN_BASES = frozenset(
    {
        "builtins.object",
        "builtins.Exception",
        "builtins.ValueError",
        "builtins.RuntimeError",
        "abc.ABC",
        "enum.Enum",
        "enum.IntEnum",
        "enum.StrEnum",
        "typing.NamedTuple",
        "typing.Protocol",
        "typing.Generic",
        "typing.TypedDict",
    }
)


def define_class(run: CellRun, node: ast.ClassDef) -> Obj:
    """Create the class that a statement makes; decorators apart."""
    evaluate = run.interpreter.evaluate
    bases = frozenset[Obj]().union(*[evaluate(run, base) for base in node.bases])
    named = {item.arg or "": evaluate(run, item.value) for item in node.keywords}
    cls = run.make(node, Kind.CLASS, name=node.name)
    cls.code = run.world.code(node)
    run.world.has_code = True
    cls.fields[BASES] = bases
    cls.fields[META] = named.get("metaclass", NOTHING)
    cls.types = bases | cls.fields[META]
    _run_body(run, node, cls)
    value = frozenset((cls,))
    for base in bases:
        if base.kind is Kind.CLASS:
            _tell_base(run, node, base, cls, named)
    for meta in named.get("metaclass", NOTHING):
        if meta.kind is Kind.CLASS:
            call_all(run, node, meta, value, frozenset().union(value, *named.values()))
    return cls


def _run_body(run: CellRun, node: ast.ClassDef, cls: Obj) -> None:
    assert cls.code is not None
    place = (node, run.context, "frame")
    frame = run.places.get(place)
    if frame is None:
        frame = Frame(cls.code.locals, run.frame, is_class=True)
        run.places[place] = frame
    outer, run.frame = run.frame, frame
    with run.layer() as layer:
        run.interpreter.execute(run, node.body)
    run.surely(layer)
    run.frame = outer
    for name in cls.code.locals:
        binding = run.lookup((frame, name))
        if binding is not None:
            run.set_field(cls, name, binding.value)


def _tell_base(
    run: CellRun, node: ast.ClassDef, base: Obj, cls: Obj, named: dict[str, Value]
) -> None:
    """Run what a base has prepared for its subclasses."""
    value = frozenset((cls,))
    for owner, found in lookup(base, "__init_subclass__"):
        args = Args([value], named)
        call_function(run, found, args, (node, found), this=value, owner=owner)
    for above in lineage(base):
        for meta in above.fields.get(META, NOTHING):
            if meta.kind is Kind.CLASS:
                call_all(run, node, meta, value, value)


def lineage(cls: Obj) -> Iterator[Obj]:
    """Go through a class and its bases, libraries' among them."""
    stack, seen = [cls], {cls}
    while stack:
        one = stack.pop()
        yield one
        for base in one.fields.get(BASES, NOTHING):
            if base not in seen:
                seen.add(base)
                stack.append(base)


def lookup(cls: Obj, name: str) -> list[tuple[Obj, Obj]]:
    """Find the functions that `name` may be on a class, each with its owner."""
    found = []
    for owner in lineage(cls):
        for value in owner.fields.get(name, NOTHING):
            if value.kind is Kind.FUNCTION:
                found.append((owner, value))
        if found:
            break
    return found


def class_value(obj: Obj, name: str) -> Value:
    """Give what the class attribute `name` of an instance or class may be."""
    start = obj.fields.get(CLASS, NOTHING) if obj.kind is Kind.INSTANCE else (obj,)
    found: set[Obj] = set()
    for cls in start:
        for owner in lineage(cls):
            if name in owner.fields:
                found |= owner.fields[name]
                break
            if owner.is_loose:
                found.update(owner.children)
    return frozenset(found)


def has_foreign_base(obj: Obj) -> bool:
    """Tell whether code that cannot be seen takes part in a class's behaviour."""
    start = obj.fields.get(CLASS, NOTHING) if obj.kind is Kind.INSTANCE else (obj,)
    return any(
        owner.kind is not Kind.CLASS and owner.name not in _PLAIN_BASES
        for cls in start
        for owner in lineage(cls)
    )


def instantiate(run: CellRun, cls: Obj, args: Args, node: object) -> Value:
    """Create an instance, running the class's own constructors."""
    obj = run.make((node, cls), Kind.INSTANCE, name=cls.name)
    obj.fields[CLASS] = obj.types = frozenset((cls,))
    value: Value = frozenset((obj,))
    made: set[Obj] = {obj}
    for owner, found in lookup(cls, "__new__"):
        given = args.shifted(frozenset((cls,)))
        made |= call_function(run, found, given, (node, found), owner=owner)
    constructors = lookup(cls, "__init__")
    if not constructors or has_foreign_base(cls):
        # A dataclass, a named tuple, or a constructor that cannot be seen.
        obj.is_loose = True
        run.hold(value, args.everything)
    for owner, found in constructors:
        given = args.shifted(value)
        call_function(run, found, given, (node, found), this=value, owner=owner)
    for owner, found in lookup(cls, "__post_init__"):
        call_function(run, found, Args([value]), (node, found), this=value, owner=owner)
    for above in lineage(cls):
        for meta in above.fields.get(META, NOTHING):
            if meta.kind is Kind.CLASS:
                every = frozenset(made) | args.everything
                made |= call_all(run, node, meta, every, args.everything)
    return frozenset(made)


def call_all(run: CellRun, node: object, cls: Obj, this: Value, given: Value) -> Value:
    """Run every method of a class that may be called behind the scenes."""
    names = {name for owner in lineage(cls) for name in owner.fields}
    return _call_named(run, node, cls, names - _BY_CONSTRUCTOR, this, given)


def use_operators(
    run: CellRun, node: object, value: Value, what: frozenset[str] = EVERY_OPERATOR
) -> Value:
    """Run the special methods of the instances in `value`: an operator meets them."""
    if not run.world.has_code:
        return NOTHING
    returned: set[Obj] = set()
    for obj in value:
        if obj.kind is Kind.INSTANCE:
            for cls in obj.fields.get(CLASS, NOTHING):
                this = frozenset((obj,))
                returned |= _call_named(run, node, cls, what, this, value)
    return frozenset(returned)


def _call_named(
    run: CellRun,
    node: object,
    cls: Obj,
    names: Collection[str],
    this: Value,
    given: Value,
) -> Value:
    returned: set[Obj] = set()
    for owner in lineage(cls):
        for name in [name for name in owner.fields if name in names]:
            for found in owner.fields[name]:
                if found.kind is Kind.FUNCTION:
                    args = anything(given)
                    if "static" not in found.traits:
                        args = args.shifted(this)
                    returned |= call_function(
                        run, found, args, (node, found), this=this, owner=owner
                    )
    return frozenset(returned)
