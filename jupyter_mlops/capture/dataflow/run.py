"""The analysis of one cell while it goes on: what it has read, bound and changed.

It knows names, objects and global states; what syntax and calls do to them is said
elsewhere.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from jupyter_mlops.capture.dataflow.heap import (
    BIRTHS,
    NOTHING,
    Binding,
    Kind,
    Obj,
    Value,
    join,
)
from jupyter_mlops.capture.dataflow.world import Wild

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable, Iterator

    from jupyter_mlops.capture.dataflow.arguments import Args
    from jupyter_mlops.capture.dataflow.cells import Evidence
    from jupyter_mlops.capture.dataflow.scopes import Code, Frame
    from jupyter_mlops.capture.dataflow.world import World

Key: TypeAlias = "str | tuple[Frame, str]"
_LABELS_KEPT = 8


class TooMuchCodeError(Exception):
    """Following a cell's calls takes longer than an analysis may."""


class Interpreter(Protocol):
    """The doors from names and calls back to syntax."""

    def evaluate(self, run: CellRun, node: ast.expr) -> Value:
        """Go through an expression and give what it may be."""

    def execute(self, run: CellRun, body: Iterable[ast.stmt]) -> None:
        """Go through statements."""

    def call(self, run: CellRun, callee: Value, args: Args, node: object) -> Value:
        """Call what `callee` may be and give what it may return."""

    def repeat_apart(self, run: CellRun, body: list[ast.stmt]) -> None:
        """Go through statements again and again in a namespace of their own."""

    def enter_loop(self, run: CellRun, target: ast.expr, items: Value) -> None:
        """Let a loop's target stand for what `items` yields."""


class Layer:
    """Bindings made since a branch of the code began.

    Attributes
    ----------
    now : dict
        What holds at the present place.
    ever : dict
        Everything that held at some place of the branch, joined.
    missed : set or None
        Names looked up before the branch bound them, if that is kept.
    """

    __slots__ = ("ever", "missed", "now")

    def __init__(self) -> None:
        self.missed: set[Key] | None = None
        self.now: dict[Key, Binding] = {}
        self.ever: dict[Key, Binding] = {}


class CellRun:
    """What is known half-way through a cell.

    Attributes
    ----------
    needs : dict of int to dict of str to str
        The cells it depends on: by label, what they did.
    frame : Frame or None
        The function, class body or comprehension that is being gone through.
    context : int
        Identifies the chain of calls that leads to it.
    growth : int
        Counts objects and links.
    oldest : int
        The number of the oldest object that was linked to another in this turn of a
        loop: an object of an earlier turn means that another may find something new.
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
        self.world = world
        self.index = index
        self.evidence = evidence
        self.interpreter = interpreter
        self.budget = budget
        self.needs: dict[int, dict[str, str]] = {}
        self.layers = [Layer()]
        self.frame: Frame | None = None
        self.context = 0
        self.growth = 0
        self.oldest = _NONE_GROWN
        self.loops = 0
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

    def lookup(self, key: Key) -> Binding | None:
        """Find what a name stands for at this place, without depending on it."""
        for layer in reversed(self.layers):
            binding = layer.now.get(key)
            if binding is not None:
                return binding
            if layer.missed is not None:
                layer.missed.add(key)
        if isinstance(key, str):
            return self.world.names.get(key)
        return key[0].vars.get(key[1])

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

    def bind(self, key: Key, binding: Binding) -> None:
        """Let a name stand for something else from here on."""
        layer = self.layers[-1]
        known = layer.ever.get(key)
        joined = binding if known is None else join(known, binding)
        assert joined is not None
        layer.ever[key] = joined
        layer.now[key] = binding

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

    def bind_also(self, key: Key, binding: Binding) -> None:
        """Let a name stand for `binding`, or still for what it stood for."""
        before = self.lookup(key)
        joined = join(before, binding) if before is not None else binding
        assert joined is not None
        if joined is not before:
            self.bind(key, joined)

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
        if child not in parent.children and child is not parent:
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

    # --- branches -----------------------------------------------------------------

    @contextmanager
    def layer(self) -> Iterator[Layer]:
        """Keep the bindings made meanwhile apart."""
        layer = Layer()
        self.layers.append(layer)
        try:
            yield layer
        finally:
            self.layers.pop()

    def either(self, *ways: Callable[[], Any]) -> list[Any]:
        """Go one of several ways, each from the same start."""
        layers, results = [], []
        for way in ways:
            with self.layer() as layer:
                results.append(way())
            layers.append(layer)
        keys = {key: None for layer in layers for key in layer.ever}
        for key in keys:
            below = self.lookup(key)
            held = [layer.now.get(key, below) for layer in layers]
            joined = held[0]
            for binding in held[1:]:
                joined = join(joined, binding)
            self._settle(key, joined, [layer.ever.get(key) for layer in layers])
        return results

    def maybe(self, layer: Layer) -> None:
        """Take over a branch of which any part may have run, or none."""
        for key, ever in layer.ever.items():
            self._settle(key, join(self.lookup(key), ever), [ever])

    def surely(self, layer: Layer) -> None:
        """Take over a branch that ran to its end."""
        for key, binding in layer.now.items():
            self._settle(key, binding, [layer.ever[key]])

    def _settle(
        self, key: Key, binding: Binding | None, ever: list[Binding | None]
    ) -> None:
        top = self.layers[-1]
        for also in ever:
            if also is not None:
                known = top.ever.get(key)
                joined = also if known is None else join(known, also)
                assert joined is not None
                top.ever[key] = joined
        if binding is not None:
            top.now[key] = binding

    def repeat(self, turn: Callable[[], None]) -> None:
        """Go through a loop's body until another turn would find nothing new."""
        outer = self.oldest
        with self.layer() as loop:
            self.loops += 1
            for _ in range(_TURNS):
                self.oldest, start = _NONE_GROWN, next(BIRTHS)
                with self.layer() as body:
                    body.missed = set()
                    turn()
                is_news = self.oldest < start or self._carries(body)
                self.maybe(body)
                outer = min(outer, self.oldest)
                if not is_news:
                    break
            else:
                raise TooMuchCodeError
            self.loops -= 1
        self.oldest = outer
        self.surely(loop)

    def _carries(self, body: Layer) -> bool:
        """Tell whether a loop's body reads what an earlier turn has left."""
        assert body.missed is not None
        for key in body.ever.keys() & body.missed:
            before = self.lookup(key)
            joined = join(before, body.ever[key])
            if before is None or joined is None:
                return True
            others = joined.writers.keys() - before.writers.keys() - {self.index}
            if others or joined.value != before.value or joined.const != before.const:
                return True
        return False

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
            for obj in [obj for obj in self.seen if obj.kind in _BY_REFERENCE]:
                obj.is_loose = True
                self.link(obj, self.world.opaque)
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


_TURNS = 60
_NONE_GROWN = sys.maxsize
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
