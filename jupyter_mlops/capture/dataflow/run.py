"""The analysis of one cell while it goes on: what it has read, bound and changed.

It knows names, objects and global states; what syntax and calls do to them is said
elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.dataflow.dependences import Dependences
from jupyter_mlops.capture.dataflow.heap import (
    FIXED,
    NOTHING,
    Binding,
    Kind,
    Obj,
    Value,
)
from jupyter_mlops.capture.dataflow.layers import Key, TooMuchCodeError
from jupyter_mlops.capture.dataflow.world import Wild

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.capture.dataflow.cells import Evidence
    from jupyter_mlops.capture.dataflow.interpreter import Interpreter
    from jupyter_mlops.capture.dataflow.scopes import Code, Frame
    from jupyter_mlops.capture.dataflow.world import World


class CellRun(Dependences):
    """What is known half-way through a cell.

    Attributes
    ----------
    frame : Frame or None
        The function, class body or comprehension that is being gone through.
    context : int
        Identifies the chain of calls that leads to it.
    raised : set of Obj
        What exceptions may be, or hold.
    repeated : dict of str to Binding
        Imports of what a name stood for already: good for this cell alone.
    blind : list of str
        Why the cell cannot be analysed, if so.
    """

    def __init__(
        self,
        world: World,
        index: int,
        evidence: Evidence | None,
        interpreter: Interpreter,
        budget: int,
    ) -> None:
        super().__init__(world, index)
        self.evidence = evidence
        self.interpreter = interpreter
        self.budget = budget
        self.frame: Frame | None = None
        self.context = 0
        self.blind: list[str] = []
        self.warnings: list[str] = []
        self.raised: set[Obj] = set()
        self.repeated: dict[str, Binding] = {}
        self.active: dict[tuple[Code, Frame | None], Frame] = {}
        self.places: dict[tuple[Any, ...], Any] = {}
        self.drawn: set[str] = set()
        self.stepping: set[tuple[object, ...]] = set()

    # --- names --------------------------------------------------------------------

    def key_of(self, name: str) -> Key:
        """Find whose variable `name` is here."""
        frame = self.frame
        is_inner = False
        while frame is not None:
            # A class body's names are not seen from the functions in it.
            if name in frame.locals and not (frame.is_class and is_inner):
                return (frame, name)
            is_inner = True
            frame = frame.parent
        return name

    def bind_name(
        self, name: str, value: Value, const: Any = None, verb: str = "defines"
    ) -> None:
        """Assign to `name` in the scope that is being gone through."""
        key = self.key_of(name)
        binding = Binding({self.index: verb}, value, const, len(self.world.wild))
        if not isinstance(key, str) and (key[0].is_summary or key[0] is not self.frame):
            # A variable of several calls at once, or of a call that is over: what
            # it held before may still be seen.
            self.bind_also(key, binding)
        else:
            self.bind(key, binding)

    def mark(self, key: str, verb: str, value: Value = NOTHING) -> None:
        """Note that this cell changes a global state, which keeps its past."""
        before = self.lookup(key)
        writers = {**(before.writers if before else {}), self.index: verb}
        held = value | (before.value if before else NOTHING)
        self.bind(key, Binding(writers, held, None, len(self.world.wild)))

    def replace(self, key: str, verb: str, value: Value = NOTHING) -> None:
        """Note that this cell sets a global state anew, whatever it was."""
        self.bind(key, Binding({self.index: verb}, value, None, len(self.world.wild)))

    # --- objects ------------------------------------------------------------------

    def make(
        self,
        node: object,
        kind: Kind,
        children: Iterable[Obj] = (),
        *,
        lib: str = "",
        name: str = "",
        traits: frozenset[str] = frozenset(),
    ) -> Obj:
        """Give the object that `node` creates here, the same at each turn of a loop."""
        place = (node, self.context, kind)
        obj = self.places.get(place)
        if obj is None:
            is_summary = self.loops > 0 or self.context > 0
            obj = Obj(kind, lib=lib, name=name, traits=traits, is_summary=is_summary)
            self.places[place] = obj
            self.growth += 1
        for child in children:
            self.link(obj, child)
        return obj

    def link(self, parent: Obj, child: Obj) -> None:
        """Note that `child` may be found in `parent`."""
        if child not in parent.children:
            parent.children[child] = self.index
            self._grow(parent)

    def _grow(self, obj: Obj) -> None:
        self.growth += 1
        self.oldest = min(self.oldest, obj.born)

    def hold(self, holders: Value, held: Value) -> None:
        """Note that any of `holders` may keep any of `held`."""
        for parent in holders:
            if parent.kind is not Kind.MODULE:
                new = held - parent.children.keys()
                if new:
                    self.spend(len(new))
                    for child in new:
                        self.link(parent, child)

    def change(self, value: Iterable[Obj], verb: str = "changes") -> None:
        """Note that the objects of `value` themselves change."""
        count = 0
        for obj in value:
            count += 1
            if self.index not in obj.writers:
                obj.writers[self.index] = verb
            if obj.is_viewed and obj.sharers:
                # pandas copies what is shared before it changes it, else not.
                obj.writers.update({**obj.sharers, **obj.writers})
        self.spend(count >> 1)

    def set_field(self, obj: Obj, name: str, value: Value) -> None:
        """Note that `name` of `obj` may now be `value`."""
        known = obj.fields.get(name, NOTHING)
        if not value <= known:
            obj.fields[name] = known | value
            self._grow(obj)
        for child in value:
            self.link(obj, child)

    # --- what cannot be followed --------------------------------------------------

    def give_up(self, why: str, *, is_python: bool = True) -> None:
        """Note that the cell may read and change anything, from here on.

        Parameters
        ----------
        is_python : bool
            It may also put objects of the session into one another.
        """
        if why in self.blind:
            return
        self.blind.append(why)
        for name in [*self.world.user_names(), *self.layers[0].now]:
            if isinstance(name, str) and not name.startswith("$"):
                binding = self.lookup(name)
                if binding is not None:
                    self.need(binding.writers, name)
                    self.read_value(binding.value, name)
        for name in [name for name in self.world.names if name.startswith("$")]:
            self.read_state(name, "the state of the session")
        if is_python:
            for obj in list(self.seen):
                if obj.kind in _BY_REFERENCE:
                    obj.is_loose = True
                    self.link(obj, self.world.opaque)
                if obj.kind not in FIXED:
                    self.link(self.world.opaque, obj)
        if self.evidence is None or self.evidence.bound is None:
            self.bind_any("may define", "" if is_python else "%magic")

    def bind_any(self, verb: str, module: str) -> None:
        """Note that any name may stand for something else from here on."""
        wild = Wild(self.index, verb, module)
        if wild not in self.world.wild:
            self.world.wild.append(wild)

    def spend(self, steps: int = 1) -> None:
        """Count steps of the analysis.

        Raises
        ------
        TooMuchCodeError
            When the cell's budget is used up.
        """
        self.budget -= steps
        if self.budget < 0:
            raise TooMuchCodeError


_BY_REFERENCE = frozenset({Kind.DATA, Kind.INSTANCE, Kind.CLASS, Kind.UNKNOWN})
