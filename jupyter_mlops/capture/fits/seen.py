"""What is known of the fits of one cell: bounded, however many there are."""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.records import JsonValue

ENTRY_LIMIT = 20
"""Fits listed one by one; further ones are counted by class."""


@dataclass(slots=True, eq=False)
class SeenFit:
    """Fits of one class with the same params.

    Attributes
    ----------
    kind : str
        The class or function, ``module.qualname``.
    library : str
        As it is installed: ``scikit-learn``.
    count, failed : int
        How many fits there were, and how many of them raised.
    best : dict or None
        Of a search: ``params`` and ``score``.
    profile : dict or None
        Of the data of the first of these fits.
    subject : Reference or None
        The model that was fitted last.
    is_rest : bool
        Stands for the fits of one class beyond those that are listed.
    """

    kind: str
    library: str
    params: dict[str, JsonValue] = field(default_factory=dict)
    rows: int | None = None
    columns: int | None = None
    seconds: float = 0.0
    count: int = 1
    failed: int = 0
    error: str | None = None
    best: dict[str, JsonValue] | None = None
    profile: dict[str, Any] | None = None
    is_rest: bool = False
    subject: Reference | None = None

    @property
    def short(self) -> str:
        """The class's own name."""
        return self.kind.rpartition(".")[2]

    def is_of(self, subject: object) -> bool:
        """Tell whether `subject` was fitted here last."""
        return self.subject is not None and self.subject() is subject


class Reference:
    """A weak reference where the type allows one (lists do not), else a plain one."""

    __slots__ = ("_get",)

    def __init__(self, value: object) -> None:
        try:
            self._get: Callable[[], object | None] = weakref.ref(value)
        except TypeError:
            self._get = lambda: value

    def __call__(self) -> object | None:
        """Return what is referred to while it lives."""
        return self._get()


class FitList:
    """The fits of one cell in the order they began."""

    def __init__(self) -> None:
        self._fits: list[SeenFit] = []
        self._rest: dict[str, SeenFit] = {}

    def __iter__(self) -> Any:
        return iter([*self._fits, *self._rest.values()])

    def __len__(self) -> int:
        return len(self._fits) + len(self._rest)

    @property
    def is_full(self) -> bool:
        """No further fit is listed by itself."""
        return len(self._fits) >= ENTRY_LIMIT

    def last_of(self, subject: object) -> SeenFit | None:
        """Return the last entry if it is of `subject`."""
        last = self._fits[-1] if self._fits else None
        return last if last is not None and last.is_of(subject) else None

    def add(self, fit: SeenFit) -> SeenFit:
        """Add a fit to those like it, else for itself; return where it went."""
        for known in self._fits:
            if known.kind == fit.kind and known.params == fit.params:
                return _joined(known, fit)
        if not self.is_full:
            self._fits.append(fit)
            return fit
        # Classes may be made in a loop, too.
        kind = fit.kind if len(self._rest) < ENTRY_LIMIT else "…"
        if kind not in self._rest:
            self._rest[kind] = SeenFit(kind, fit.library, count=0, is_rest=True)
        return _joined(self._rest[kind], fit)


def _joined(known: SeenFit, fit: SeenFit) -> SeenFit:
    known.count += fit.count
    # One is enough to find the name: of the same name, the last holds it.
    known.subject = fit.subject
    known.profile = known.profile or fit.profile
    if known.rows is None and not known.is_rest:
        known.rows, known.columns = fit.rows, fit.columns
    return known
