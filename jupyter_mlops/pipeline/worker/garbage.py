"""Keeping the garbage collector from copying memory that is shared with a copy.

A full collection writes into every object. What the zygote had is frozen since before
the fork; none of it is the notebook's. What the notebook has when a copy is made is
frozen, too, unless it is little, so that collections pass it over, until one is asked
for by name or memory has grown: by then cycles among it may be garbage.

Standard library only.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

_GROWTH = 1.25
_SLACK_BYTES = 64 << 20
_FEW = 100_000
"""Pieces of memory, a few megabytes: to copy them is quicker than to thaw all."""
_PAGE = os.sysconf("SC_PAGE_SIZE")
_STATM = Path("/proc/self/statm")


class FrozenGarbage:
    """Freezes what there is; thaws it when that might keep garbage alive.

    Made before the notebook's first cell runs.
    """

    def __init__(self) -> None:
        self._limit = 0.0
        self._watches = False
        self._blocks = sys.getallocatedblocks()
        self._is_frozen = False

    def freeze(self) -> None:
        """Freeze all objects that there are, if there are many."""
        if self._grown():
            self.thaw()
            gc.collect()
        if self._are_few():
            return
        if not self._limit:
            self._limit = _resident() * _GROWTH + _SLACK_BYTES
        if not self._watches:
            self._watches = True
            gc.callbacks.append(self._see)
        self._freeze()

    def thaw(self) -> None:
        """Have everything collected again as if it had never been frozen."""
        if self._limit:
            self._limit = 0.0
            gc.unfreeze()

    def rest(self) -> None:
        """Freeze what there is until `end`: so long, collections are of no use."""
        if self._see in gc.callbacks:
            gc.callbacks.remove(self._see)
        if not self._are_few():
            self._freeze()

    def end(self) -> None:
        """Collect once more, as a process does that ends."""
        if self._is_frozen:
            gc.unfreeze()
        gc.collect()

    def _freeze(self) -> None:
        self._is_frozen = True
        gc.freeze()

    def _are_few(self) -> bool:
        """Tell whether the notebook made few objects, and others are still frozen."""
        return not self._is_frozen and sys.getallocatedblocks() - self._blocks < _FEW

    def _see(self, phase: str, told: dict[str, int]) -> None:
        """Look at a collection that begins: of all there is, if somebody wants that."""
        if self._limit and phase == "start" and told["generation"] == 2:  # noqa: PLR2004 - the oldest
            caller = sys._getframe(1).f_code  # noqa: SLF001 - the collector tells no more
            if "collect" in caller.co_names or self._grown():
                self.thaw()

    def _grown(self) -> bool:
        return bool(self._limit) and _resident() > self._limit


def _resident() -> int:
    return int(_STATM.read_text(encoding="ascii").split()[1]) * _PAGE
