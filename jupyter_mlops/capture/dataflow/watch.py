"""Watching a session's cells as they run, for the evidence that sharpens recipes.

It runs for every cell, tracked or not: one look at names and states when a cell ends,
and none when it begins but at which names there are.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.dataflow.cells import Evidence
from jupyter_mlops.capture.dataflow.namespace import NamesWatch
from jupyter_mlops.capture.dataflow.states import (
    WATCHED,
    are_figures_open,
    read_states,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_FEW_NAMES = 500
"""How many names are looked at also before a cell: the shell adds some with each."""
_NONE: frozenset[str] = frozenset()


class CellWatch:
    """Says what each cell of one session did, as far as can be seen cheaply.

    Parameters
    ----------
    namespace : dict
        The user's names.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._names = NamesWatch(namespace)
        self._states = read_states()
        self._newest, self._count = _newest_module(), len(sys.modules)
        # Of each cell that runs now, what was seen of it so far: a cell may run others.
        self._parts: list[list[Evidence]] = []

    def begin(self) -> None:
        """Note that a cell is about to run."""
        first = []
        if self._parts:
            self._parts[-1].append(self._look())
        elif len(self._namespace) <= _FEW_NAMES:
            strays = _public(self._names.look().bound or ())
            first = [Evidence(strays=strays)] if strays else []
        # What was imported meanwhile, to record cells, was not imported by one.
        self._newest, self._count = _newest_module(), len(sys.modules)
        self._parts.append(first)

    def end(self) -> Evidence | None:
        """Say what was seen of the cell that began last; None if none has."""
        if not self._parts:
            return None
        own = self._parts.pop()
        own.append(self._look())
        seen = _merged(own)
        if self._parts:
            self._parts[-1].append(seen)
        return seen

    def _look(self) -> Evidence:
        before, self._states = self._states, read_states()
        both = frozenset(before.keys() & self._states.keys())
        touched = [name for name in both if not _is_same(before, self._states, name)]
        names = self._names.look()
        return Evidence(
            bound=names.bound,
            deleted=names.deleted,
            unsure=names.unsure,
            watched=_watched(both),
            touched=frozenset(touched),
            imported=self._imported(),
            leaves_figures=are_figures_open(),
        )

    def _imported(self) -> frozenset[str]:
        """Name the packages of modules that came up since the last look."""
        newest, count = _newest_module(), len(sys.modules)
        if newest == self._newest and count == self._count:
            return _NONE
        found = set()
        for name in reversed(list(sys.modules)):
            if name == self._newest:
                break
            found.add(name.partition(".")[0])
        self._newest, self._count = newest, count
        return frozenset(found)


def _newest_module() -> str:
    return next(reversed(sys.modules), "")


@cache
def _watched(read: frozenset[str]) -> frozenset[str]:
    return WATCHED & read


def _is_same(before: dict[str, Any], now: dict[str, Any], name: str) -> bool:
    try:
        return bool(before[name] == now[name])
    except Exception:  # noqa: BLE001 - values of others; what cannot be compared may differ
        return False


def _public(names: Iterable[str]) -> frozenset[str]:
    # Tools of front ends keep names of their own beside the user's.
    return frozenset(name for name in names if not name.startswith("_"))


def _merged(parts: list[Evidence]) -> Evidence:
    """Put together what was seen of a cell before, while and after it ran others."""
    last = parts[-1]
    if len(parts) == 1:
        return last
    strays = parts[0].strays if parts[0].bound is None else _NONE
    looks = parts[1:] if strays else parts
    bound = _union(part.bound for part in looks)
    is_known = all(part.bound is not None for part in looks)
    return replace(
        last,
        bound=bound if is_known else None,
        deleted=_union(part.deleted for part in looks) if is_known else None,
        unsure=_union(part.unsure for part in looks) - bound,
        strays=strays,
        watched=last.watched.intersection(*(part.watched for part in looks)),
        touched=_union(part.touched for part in looks),
        imported=_union(part.imported for part in looks),
    )


def _union(sets: Iterable[frozenset[str] | None]) -> frozenset[str]:
    return _NONE.union(*(one for one in sets if one is not None))
