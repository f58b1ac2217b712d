"""Bindings along the branches of the code: what holds after an if, a loop or a try."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from jupyter_mlops.capture.dataflow.heap import BIRTHS, Binding, join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_mlops.capture.dataflow.scopes import Frame
    from jupyter_mlops.capture.dataflow.world import World

Key: TypeAlias = "str | tuple[Frame, str]"
"""A user name or global state, or a variable of a frame."""

_TURNS = 60
_NONE_GROWN = sys.maxsize


class TooMuchCodeError(Exception):
    """Following a cell's calls takes longer than an analysis may."""


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


class Branches:
    """The bindings of a cell while it is gone through, as its branches leave them.

    Attributes
    ----------
    layers : list of Layer
        The cell's own, then one for each branch that is being gone through.
    growth : int
        Counts objects and links.
    oldest : int
        The number of the oldest object that was linked to another in this turn of a
        loop: an object of an earlier turn means that another may find something new.
    loops : int
        How many loops are being gone through.
    """

    def __init__(self, world: World, index: int) -> None:
        self.world = world
        self.index = index
        self.layers = [Layer()]
        self.growth = 0
        self.oldest = _NONE_GROWN
        self.loops = 0

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

    def bind(self, key: Key, binding: Binding) -> None:
        """Let a name stand for something else from here on."""
        layer = self.layers[-1]
        known = layer.ever.get(key)
        joined = binding if known is None else join(known, binding)
        assert joined is not None
        layer.ever[key] = joined
        layer.now[key] = binding

    def bind_also(self, key: Key, binding: Binding) -> None:
        """Let a name stand for `binding`, or still for what it stood for."""
        before = self.lookup(key)
        joined = join(before, binding) if before is not None else binding
        assert joined is not None
        if joined is not before:
            self.bind(key, joined)

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
