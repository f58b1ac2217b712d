"""The honest stamp: whether what a run rests on is what its notebook says.

Only judged here, from facts that others have gathered.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_mlops.capture.document import Document

_MAGIC = "%%track"
_KEPT = 20
"""Reasons of one kind; what is said of the twenty-first nobody reads."""


class Order(StrEnum):
    """How the cells that a run rests on ran."""

    DOCUMENT = "document"
    """As they stand in the notebook, from top to bottom."""
    OTHER = "other"
    UNKNOWN = "unknown"


class Ran(NamedTuple):
    """One execution of a cell.

    Attributes
    ----------
    number : str
        How a person calls it: ``[7]``.
    ended : float
        In seconds since 1970; 0 when nobody knows.
    """

    number: str
    cell_id: str | None
    source: str
    ended: float = 0.0


class Facts(NamedTuple):
    """What is known when a tracked cell has ended.

    Attributes
    ----------
    kept : sequence of Ran
        The executions that the result rests on, in order; the cell itself is last.
    latest : mapping of str to Ran
        The last execution of each of their cells, by its id.
    document : Document or None
        The notebook as it was last saved.
    warnings : sequence of str
        What the recipe warns of.
    blind : sequence of str
        Numbers of the cells of which nobody can tell what they do.
    """

    kept: Sequence[Ran]
    latest: Mapping[str, Ran]
    document: Document | None
    warnings: Sequence[str] = ()
    blind: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What is to be said of a run; every tuple holds reasons, as sentences.

    Attributes
    ----------
    order : Order
    misplaced : tuple of str
        Why the order is another than the notebook's, or why it is not known.
    stale : tuple of str
        State of cells that were edited, run again or deleted since.
    unseeded : tuple of str
        Randomness that no seed fixes.
    caveats : tuple of str
        What limits all this.
    """

    order: Order
    misplaced: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    unseeded: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What is wrong, in a word each; empty when nothing is."""
        found = {
            "out-of-order": self.order is Order.OTHER,
            "stale": bool(self.stale),
            "unseeded": bool(self.unseeded),
        }
        return tuple(word for word, holds in found.items() if holds)

    @property
    def line(self) -> str:
        """All of it in one line."""
        parts = [_ORDER[self.order]]
        if self.stale:
            count = len(self.stale)
            what = "a cell" if count == 1 else f"{count} cells"
            parts.append(f"rests on {what} since edited or deleted")
        elif self.order is not Order.UNKNOWN:
            parts.append("cells as they stand")
        parts.append("unseeded randomness" if self.unseeded else "nothing unseeded")
        if self.caveats:
            parts.append("with a caveat")
        return ", ".join(parts)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, one sentence each."""
        return (*self.misplaced, *self.stale, *self.unseeded, *self.caveats)

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "line": self.line,
            "words": list(self.words),
            "order": str(self.order),
            "misplaced": list(self.misplaced[:_KEPT]),
            "stale": list(self.stale[:_KEPT]),
            "unseeded": list(self.unseeded[:_KEPT]),
            "caveats": list(self.caveats[:_KEPT]),
        }


_ORDER = {
    Order.DOCUMENT: "ran in document order",
    Order.OTHER: "ran out of document order",
    Order.UNKNOWN: "document order not known",
}


def judge(facts: Facts) -> Stamp:
    """Judge how a run came about."""
    order, misplaced = _order(facts)
    return Stamp(
        order=order,
        misplaced=tuple(misplaced),
        stale=tuple(_stale(facts)),
        unseeded=tuple(text for text in facts.warnings if "seed" in text),
        caveats=tuple(_caveats(facts)),
    )


def _caveats(facts: Facts) -> Iterable[str]:
    for number in facts.blind:
        yield f"Nobody can tell what cell {number} does, so it may hide more."
    for text in facts.warnings:
        if "seed" not in text:
            yield text


# --- order ------------------------------------------------------------------------


def _order(facts: Facts) -> tuple[Order, list[str]]:
    if facts.document is None:
        return Order.UNKNOWN, ["There is no saved notebook to compare with."]
    places = _places_in(facts.document)
    found = [(ran, places.of(ran)) for ran in facts.kept]
    misplaced = _misplaced([(ran, at) for ran, at in found if at is not None])
    if misplaced:
        return Order.OTHER, misplaced
    unsaved = [
        f"The notebook was not saved since cell {ran.number} was written."
        for ran, place in found
        if place is None and ran.ended > facts.document.saved
    ]
    return (Order.UNKNOWN if unsaved else Order.DOCUMENT), unsaved


def _misplaced(found: Sequence[tuple[Ran, int]]) -> list[str]:
    reasons = []
    above, lowest = found[0] if found else (None, -1)
    for ran, place in found[1:]:
        assert above is not None
        if place < lowest:
            what = f"stands above cell {above.number} but ran after it"
            reasons.append(f"Cell {ran.number} {what}.")
        elif place == lowest:
            what = f"is cell {above.number} run again, and both count"
            reasons.append(f"Cell {ran.number} {what}.")
        if place >= lowest:
            above, lowest = ran, place
    return reasons


class _Places:
    """Where cells stand in the notebook: by their ids, else by their text."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.by_id = {
            cell.cell_id: place
            for place, cell in enumerate(document.cells)
            if cell.cell_id is not None
        }
        texts = [_normal(cell.source) for cell in document.cells]
        self.by_text = {text: place for place, text in enumerate(texts)}
        self.counts = Counter(texts)

    def of(self, ran: Ran) -> int | None:
        place = self.by_id.get(ran.cell_id or "")
        if place is not None:
            return place
        # Before the extension was loaded nobody noted ids, and VS Code has its own.
        text = _normal(ran.source)
        return self.by_text[text] if self.counts[text] == 1 else None


_last: _Places | None = None


def _places_in(document: Document) -> _Places:
    global _last  # noqa: PLW0603 - a cache: a notebook runs more often than it is saved
    if _last is None or _last.document is not document:
        _last = _Places(document)
    return _last


# --- stale state ------------------------------------------------------------------


def _stale(facts: Facts) -> Iterable[str]:
    places = None if facts.document is None else _places_in(facts.document)
    for ran in facts.kept[:-1]:
        why = _staleness(ran, facts.latest.get(ran.cell_id or "", ran), places)
        if why:
            yield f"Cell {ran.number} {why}."


def _staleness(ran: Ran, latest: Ran, places: _Places | None) -> str:
    """Say what became of a cell's text since it ran, as far as anybody knows."""
    if not _is_same(latest.source, ran.source):
        return f"was edited and run again as {latest.number}"
    if places is None or places.document.saved <= latest.ended:
        # What ran last is the newest that is known of its text.
        return ""
    place = places.of(ran)
    if place is not None:
        text = places.document.cells[place].source
        return "" if _is_same(text, ran.source) else "was edited since"
    if places.counts[_normal(ran.source)]:
        # Several cells have this text, and its id does not tell which it is.
        return ""
    return "was edited or deleted since"


def _is_same(one: str, other: str) -> bool:
    return one == other or _normal(one) == _normal(other)


def _normal(source: str) -> str:
    """Leave out what makes no other cell: the magic of ours, spaces at ends."""
    lines = [line.rstrip() for line in source.strip().splitlines()]
    return "\n".join(line for line in lines if line.split()[:1] != [_MAGIC]).strip()
