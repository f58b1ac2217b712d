"""Names before and after a cell: which stand for something else now, which do not.

No large object is held for it, so that memory is given back, and objects end, as they
would without us. An identity alone proves no sameness: it may be used again.
"""

from __future__ import annotations

import re
from itertools import compress
from operator import ne
from types import FunctionType, ModuleType
from typing import Any, NamedTuple
from weakref import ref

MOST_NAMES = 5_000
_LONGEST_TEXT = 1_000
_LARGEST_HELD = 30
_OF_SHELL = re.compile(r"__\w+__|_{1,3}|_i{1,3}|_i?\d+|_ih|_oh|_dh|In|Out|exit|quit")
_ATOMS = frozenset({int, float, bool, complex, type(None), type(Ellipsis)})
_TEXTS = frozenset({str, bytes})
_SMALL = frozenset({list, tuple, dict, set, frozenset})
_CODE = frozenset({FunctionType, ModuleType, type})
_HEAP_TYPE = 1 << 9
"""CPython's flag of types that are not static; all of those written in Python."""
_MINDING = frozenset({"ndarray", "TensorBase", "_TensorBase"})
"""Base classes that act otherwise when a weak reference to them exists."""


class NamesSeen(NamedTuple):
    """How names changed.

    Attributes
    ----------
    unsure : frozenset of str
        Names of which nobody can tell: the identity is the same, the object may not be.
    """

    bound: frozenset[str] | None = None
    deleted: frozenset[str] | None = None
    unsure: frozenset[str] = frozenset()


class NamesWatch:
    """Tells which of a user's names changed since it looked last.

    Parameters
    ----------
    namespace : dict
        The names; the shell's own are passed over.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._ids: dict[str, int] | None = {}
        # What is held cannot make way for another object; a dead reference tells.
        self._held: dict[str, Any] = {}
        self._refs: dict[str, ref[Any]] = {}
        self._loose: set[str] = set()
        self._unsure: frozenset[str] = frozenset()
        self.look()

    def look(self) -> NamesSeen:
        """Say how the names changed since the last look."""
        namespace = self._namespace.copy()
        before, now = self._ids, _identities(namespace)
        self._ids = now
        if now is None or before is None:
            self._forget(namespace if now is not None else {})
            return NamesSeen()
        unsure = [name for name, one in self._refs.items() if one() is None]
        bound, deleted = _difference(before, now)
        open_names = self._loose.union(unsure) - bound - deleted
        for name in (*deleted, *bound, *unsure):
            self._drop(name)
        kinds: dict[type, bool] = {}
        for name in bound.union(unsure) - deleted:
            self._keep(name, namespace[name], kinds)
        if open_names != self._unsure:
            # One set for all cells that have the same one: sessions are long.
            self._unsure = frozenset(open_names)
        return NamesSeen(frozenset(bound), frozenset(deleted), self._unsure)

    def _forget(self, namespace: dict[str, Any]) -> None:
        self._held.clear()
        self._refs.clear()
        self._loose.clear()
        kinds: dict[type, bool] = {}
        for name in _of_user(set(self._ids or ())):
            self._keep(name, namespace[name], kinds)

    def _drop(self, name: str) -> None:
        self._held.pop(name, None)
        self._refs.pop(name, None)
        self._loose.discard(name)

    def _keep(self, name: str, value: Any, kinds: dict[type, bool]) -> None:
        """Hold a small value, or a weak reference where one does no harm."""
        kind = type(value)
        if kind in _ATOMS or _is_small(value, kind):
            self._held[name] = value
        elif _is_referable(kind, kinds):
            try:
                self._refs[name] = ref(value)
            except TypeError:
                self._loose.add(name)
        else:
            self._loose.add(name)


def _identities(namespace: dict[str, Any]) -> dict[str, int] | None:
    if len(namespace) > MOST_NAMES:
        return None
    # The shell's names among them: to pass over them here would cost more.
    return dict(zip(namespace, map(id, namespace.values()), strict=True))


def _difference(
    before: dict[str, int], now: dict[str, int]
) -> tuple[set[str], set[str]]:
    """Name what is bound and what is deleted; without a loop where nothing is."""
    changed = list(compress(now, map(ne, now.values(), map(before.get, now))))
    fresh = sum(name not in before for name in changed)
    is_any_gone = len(before) + fresh != len(now)
    gone = before.keys() - now.keys() if is_any_gone else set()
    return _of_user(set(changed)), _of_user(gone)


def _of_user(names: set[str]) -> set[str]:
    return {name for name in names if not _OF_SHELL.fullmatch(name)}


def _is_small(value: Any, kind: type) -> bool:
    if kind in _TEXTS:
        return len(value) <= _LONGEST_TEXT
    if kind not in _SMALL or len(value) > _LARGEST_HELD:
        return False
    items = value.values() if type(value) is dict else value
    return all(type(item) in _ATOMS for item in items)


def _is_referable(kind: type, known: dict[type, bool]) -> bool:
    found = known.get(kind)
    if found is None:
        found = known[kind] = kind in _CODE or all(
            base.__flags__ & _HEAP_TYPE and base.__name__ not in _MINDING
            for base in kind.__mro__[:-1]
        )
    return found
