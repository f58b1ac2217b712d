"""The analysis of one cell while it goes on: what it has read, bound and changed.

It knows names, objects and global states; what syntax and calls do to them is said
elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.dataflow.heap import (
    FIXED,
    NOTHING,
    Binding,
    Kind,
    Obj,
    Value,
)
from jupyter_mlops.capture.dataflow.layers import Branches, Key, TooMuchCodeError
from jupyter_mlops.capture.dataflow.world import Wild

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.capture.dataflow.cells import Evidence
    from jupyter_mlops.capture.dataflow.interpreter import Interpreter
    from jupyter_mlops.capture.dataflow.scopes import Code, Frame
    from jupyter_mlops.capture.dataflow.world import World

_LABELS_KEPT = 8


class CellRun(Branches):
    """What is known half-way through a cell.

    Attributes
    ----------
    needs : dict of int to dict of str to str
        The cells it depends on: by label, what they did.
    frame : Frame or None
        The function, class body or comprehension that is being gone through.
    context : int
        Identifies the chain of calls that leads to it.
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
        self.needs: dict[int, dict[str, str]] = {}
        self.frame: Frame | None = None
        self.context = 0
        self.blind: list[str] = []
        self.warnings: list[str] = []
        self.seen: set[Obj] = set()
        self.met: set[str] = set()
        self.settings_read: dict[str, tuple[str, Binding]] = {}
        self.active: dict[tuple[Code, Frame | None], Frame] = {}
        self.places: dict[tuple[Any, ...], Any] = {}
        self.drawn: set[str] = set()
        self.stepping: set[tuple[object, ...]] = set()

    # --- dependence ---------------------------------------------------------------

    def need(self, writers: dict[int, str], label: str) -> None:
        """Depend on `writers` for what is called `label`."""
        for writer, verb in writers.items():
            if writer != self.index:
                labels = self.needs.setdefault(writer, {})
                if label not in labels and len(labels) < _LABELS_KEPT:
                    labels[label] = verb

    def need_all_before(self, label: str) -> None:
        """Depend on every cell of the session so far."""
        self.need(dict.fromkeys(range(self.index), "comes before"), label)

    def read_value(self, value: Value, label: str) -> None:
        """Depend on whoever changed `value` or what can be got at from it."""
        stack = [obj for obj in value if obj not in self.seen]
        while stack:
            obj = stack.pop()
            if obj in self.seen:
                continue
            self.seen.add(obj)
            if obj.writers:
                self.need(obj.writers, label)
            if obj.lib and obj.kind is not Kind.MODULE:
                self.touch(obj.lib)
            if obj.children:
                stack.extend(obj.children)
            if obj.types:
                stack.extend(obj.types)
            if obj.scope is not None and obj.code is not None:
                for name in obj.code.free:
                    binding = self.outer(obj.scope, name)
                    if binding is not None:
                        self.need(binding.writers, name)
                        stack.extend(binding.value)

    def outer(self, frame: Frame | None, name: str) -> Binding | None:
        """Find what a function defined in `frame` sees as `name`, globals apart."""
        while frame is not None:
            if name in frame.locals and not frame.is_class:
                return self.lookup((frame, name))
            frame = frame.parent
        return None

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

    def read_state(self, key: str, label: str) -> Value:
        """Depend on a global state."""
        binding = self.lookup(key)
        if binding is None:
            return NOTHING
        self.need(binding.writers, label)
        self.read_value(binding.value, label)
        return binding.value

    def touch(self, lib: str) -> None:
        """Depend on the settings of a library that is used here."""
        if lib in self.met:
            return
        self.met.add(lib)
        for related in RELATED.get(lib, ()):
            self.touch(related)
        for key in self.world.settings.get(lib, ()):
            binding = self.lookup(key)
            if binding is not None:
                self.settings_read[key] = (lib, binding)

    def settle_settings(self, *, is_setup: bool) -> None:
        """Depend on the settings that the cell was subject to.

        Parameters
        ----------
        is_setup : bool
            The cell does nothing but set things up, so that the old value of what it
            sets anew itself does not matter.
        """
        done: set[str] = set()
        # What a setting holds may itself touch further libraries.
        while left := self.settings_read.keys() - done:
            key = min(left)
            done.add(key)
            lib, binding = self.settings_read[key]
            now = self.layers[0].now.get(key)
            is_replaced = now is not None and now.writers.keys() == {self.index}
            if not (is_setup and is_replaced):
                label = LABELS.get(lib, f"the settings of {lib}")
                self.need(binding.writers, label)
                self.read_value(binding.value, label)

    def set_setting(self, lib: str, key: str) -> str:
        """Give the state's name of a setting, known to later readers of `lib`."""
        name = f"$set {lib}|{key}"
        self.world.settings.setdefault(lib, set()).add(name)
        return name

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


LABELS = {
    "environ": "the environment variables",
    "warnings": "the warning filters",
    "imports": "where modules are found",
    "python": "the session's settings",
    "*": "what the import of a module set up",
}
RELATED = {
    "sklearn": ("numpy", "pandas"),
    "seaborn": ("matplotlib", "pandas", "numpy"),
    "scipy": ("numpy",),
    "statsmodels": ("numpy", "pandas"),
    "pandas": ("numpy",),
    "styler": ("pandas",),
    "plotter": ("pandas", "matplotlib"),
}
"""Libraries whose settings a library's own work is subject to."""
