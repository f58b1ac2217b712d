"""Objects and bindings as the analysis sees them.

An `Obj` stands for what one place in the code creates, possibly for several objects
at run time; a value is the set of those that an expression may give. Nothing here
knows syntax or libraries.
"""

from __future__ import annotations

from enum import Enum
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from ast import GeneratorExp
    from collections.abc import Iterable, Iterator

    from jupyter_mlops.capture.dataflow.scopes import Code, Frame


class Kind(Enum):
    """What is known of an object."""

    DATA = "data"
    """A list, dict, set, tuple and their kin: all of its methods are known."""
    LIB = "lib"
    """A frame, array or other value of a library whose methods are known."""
    ESTIMATOR = "estimator"
    """A scikit-learn estimator, splitter or the like."""
    FIGURE = "figure"
    """A figure and all that is drawn on it."""
    RNG = "rng"
    """A random generator with a state of its own."""
    HANDLE = "handle"
    """An open file or connection."""
    ITERATOR = "iterator"
    """Something whose state advances as it is read."""
    FUNCTION = "function"
    CLASS = "class"
    INSTANCE = "instance"
    BOUND = "bound"
    """A method with its receiver."""
    MODULE = "module"
    """A module, or a function or class found in one, by its dotted path."""
    UNKNOWN = "unknown"
    OPAQUE = "opaque"
    """Made by code that could not be read: it may do anything to any name."""

    # Enum's own hash goes through the name; members are single objects.
    __hash__ = object.__hash__


Value: TypeAlias = frozenset["Obj"]
NOTHING: Value = frozenset()
"""A value without identity: a number, a text, None."""

SHOWING = frozenset({Kind.LIB, Kind.ESTIMATOR, Kind.FIGURE, Kind.RNG})
CODE = frozenset({Kind.FUNCTION, Kind.CLASS, Kind.INSTANCE, Kind.BOUND})
FIXED = frozenset({Kind.FUNCTION, Kind.CLASS, Kind.MODULE, Kind.BOUND})
"""Kinds that a call does not change merely by being given one."""


BIRTHS = count()
"""Numbers all objects in the order they come up."""


class Obj:
    """An object, or all those that one place creates.

    Attributes
    ----------
    born : int
        Its number in the order of creation.
    writers : dict of int to str
        Cells that changed it, with what they did; its maker is not among them unless
        it changed it, since whoever holds the object got it from there.
    children : dict of Obj to int
        What may be found in it, and the cell that put it there.
    fields : dict of str to Value
        Attributes, or items with a constant key, as far as they are told apart.
    types : Value
        The classes of an instance; the bases of a class.
    is_loose : bool
        `fields` does not say all: any child may be found under any name.
    is_summary : bool
        It stands for several objects, so that no change replaces all of it.
    traits : frozenset of str
        What a call or an unpacking must mind: ``draws`` random numbers, ``holds``
        what it is fitted to, ``writes`` into its arguments, ``split`` into separate
        parts, ``keyed`` items, ``static``, ``classmethod``, ``property``.
    code, scope : Code, Frame
        What calling or advancing it runs, and where that looks names up.
    node : GeneratorExp or None
        What advancing it runs, when it is a generator expression.
    sharers : dict of int to str
        Cells that made something of it which may lie in the same memory until one of
        them is changed.
    is_viewed : bool
        An array may show its memory as it is: whether a change of it shows there
        hangs on who else shares it.
    replaced : list of tuple
        Writers that a later cell made irrelevant: (writer, verb, by whom).
    """

    __slots__ = (
        "born",
        "children",
        "code",
        "fields",
        "is_loose",
        "is_summary",
        "is_viewed",
        "kind",
        "lib",
        "name",
        "node",
        "replaced",
        "scope",
        "sharers",
        "traits",
        "types",
        "writers",
    )

    def __init__(
        self,
        kind: Kind,
        *,
        lib: str = "",
        name: str = "",
        traits: frozenset[str] = frozenset(),
        is_summary: bool = False,
    ) -> None:
        self.born = next(BIRTHS)
        self.kind = kind
        self.lib = lib
        self.name = name
        self.traits = traits
        self.is_summary = is_summary
        self.is_loose = False
        self.is_viewed = False
        self.sharers: dict[int, str] = {}
        self.writers: dict[int, str] = {}
        self.children: dict[Obj, int] = {}
        self.fields: dict[str, Value] = {}
        self.types: Value = NOTHING
        self.replaced: list[tuple[int, str, int]] = []
        self.code: Code | None = None
        self.scope: Frame | None = None
        self.node: GeneratorExp | None = None

    def __repr__(self) -> str:
        return f"<{self.kind.value} {self.lib}:{self.name}>"


class Binding:
    """What a name, or a global state, stands for.

    Attributes
    ----------
    writers : dict of int to str
        The cells that may have bound it last, with what they did.
    const : object
        The text or number bound, when it is known; else None.
    wild : int
        How many statements that may bind any name had run before.
    is_deleted : bool
        The name is known to be gone.
    """

    __slots__ = ("const", "is_deleted", "value", "wild", "writers")

    def __init__(
        self,
        writers: dict[int, str],
        value: Value = NOTHING,
        const: Any = None,
        wild: int = 0,
        *,
        is_deleted: bool = False,
    ) -> None:
        self.writers = writers
        self.value = value
        self.const = const
        self.wild = wild
        self.is_deleted = is_deleted


def join(one: Binding | None, other: Binding | None) -> Binding | None:
    """Give the binding that may be either; `one` itself if `other` adds nothing."""
    if one is other or other is None:
        return one if other is not None else _maybe_unbound(one)
    if one is None:
        return _maybe_unbound(other)
    is_grown = (
        not other.writers.keys() <= one.writers.keys()
        or not other.value <= one.value
        or other.wild < one.wild
        or (one.const is not None and one.const != other.const)
        or (one.is_deleted and not other.is_deleted)
    )
    if not is_grown:
        return one
    return Binding(
        {**other.writers, **one.writers},
        one.value | other.value,
        one.const if one.const == other.const else None,
        min(one.wild, other.wild),
        is_deleted=one.is_deleted and other.is_deleted,
    )


def _maybe_unbound(one: Binding | None) -> Binding | None:
    if one is None or (one.wild == 0 and one.const is None):
        return one
    return Binding(one.writers, one.value, None, 0, is_deleted=one.is_deleted)


def reach(value: Iterable[Obj]) -> Iterator[Obj]:
    """Go through everything that can be got at from `value`, each once."""
    stack = list(value)
    seen = set(stack)
    while stack:
        obj = stack.pop()
        yield obj
        for child in list(obj.children):
            if child not in seen:
                seen.add(child)
                stack.append(child)


def elements(value: Value) -> Value:
    """Give what a loop over `value` may meet: items, or the whole for an array."""
    found: set[Obj] = set()
    for obj in value:
        found.update(obj.children)
        if obj.kind in _SELF_LIKE:
            found.add(obj)
    return frozenset(found)


_SELF_LIKE = SHOWING | {Kind.UNKNOWN, Kind.HANDLE, Kind.INSTANCE, Kind.OPAQUE}
