"""Recipes: the fewest cells, as they ran, that make a cell's results again.

What a cell needs of others is said by the dataflow of the session; here it is only
followed backwards.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlops.capture.dataflow.cells import Dependence, ExecutedCell

_REASONS_KEPT = 6


class Session(Protocol):
    """The executed cells of a kernel session and what each needs."""

    @property
    def cells(self) -> Sequence[ExecutedCell]:
        """The cells as they ran."""

    def needs_of(self, place: int) -> Mapping[int, Sequence[Dependence]]:
        """Say which cells the one at `place` depends on, and for what."""

    def makers_of(self, name: str, place: int) -> Mapping[int, Sequence[Dependence]]:
        """Say which cells made what `name` held after the cell at `place`."""

    def why_unanalysable(self, place: int) -> Sequence[str]:
        """Say why the cell at `place` cannot be analysed; empty if it can."""

    def warnings_of(self, place: int) -> Sequence[str]:
        """Say what in the cell at `place` may not come out the same again."""

    def recipe(self, target_index: int) -> Recipe:
        """Give the fewest cells that make a cell's results again."""


@dataclass(frozen=True, slots=True)
class KeptCell:
    """A cell of a recipe.

    Attributes
    ----------
    reasons : tuple of str
        Why it is kept, for a person: ``defines df, which cell 12 reads``.
    names : tuple of str
        The names and states that later cells take from it.
    """

    cell: ExecutedCell
    reasons: tuple[str, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unanalysable:
    """A cell that every recipe after it keeps, since nobody can tell what it does."""

    cell: ExecutedCell
    why: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """The cells that make a target's results again, in the order they ran.

    Attributes
    ----------
    target : ExecutedCell
        The last of `cells`.
    cells : tuple of KeptCell
    unanalysable : tuple of Unanalysable
        Those of `cells` that were kept because they cannot be analysed.
    warnings : tuple of str
        What may come out otherwise although nothing is missing.
    """

    target: ExecutedCell
    cells: tuple[KeptCell, ...]
    unanalysable: tuple[Unanalysable, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def indices(self) -> tuple[int, ...]:
        """The `ExecutedCell.index` of each cell."""
        return tuple(kept.cell.index for kept in self.cells)


@dataclass(frozen=True, slots=True)
class StaleName:
    """State that a result rests on but the document no longer makes.

    Attributes
    ----------
    names : tuple of str
        What was taken from the cell.
    cell : ExecutedCell
        The execution that it came from.
    why : str
        ``edited``, ``deleted`` or ``run again with other text``.
    """

    names: tuple[str, ...]
    cell: ExecutedCell
    why: str


def cut_recipe(session: Session, target: int, wanted: set[str]) -> Recipe:
    """Cut the recipe of the cell at place `target` out of a session.

    Parameters
    ----------
    wanted : set of str
        Names whose objects are saved, besides what the cell itself uses.
    """
    kept: dict[int, _Reasons] = {target: _Reasons(["is the cell asked for"])}
    pending = deque([target])
    blind = [place for place in range(target) if session.why_unanalysable(place)]
    for place in blind:
        why = "; ".join(session.why_unanalysable(place))
        _keep(kept, pending, place, f"cannot be analysed: it {_as_clause(why)}", "")
    for name in sorted(wanted):
        for place, found in session.makers_of(name, target).items():
            for one in found:
                _keep(kept, pending, place, f"{one.verb} {name}, which is saved", name)
    while pending:
        place = pending.popleft()
        reader = session.cells[place].number
        for needed, found in session.needs_of(place).items():
            for one in found:
                use = "reads" if one.label.isidentifier() else "depends on"
                reason = f"{one.verb} {one.label}, which cell {reader} {use}"
                _keep(kept, pending, needed, reason, one.label)
    return _recipe(session, target, kept)


def _as_clause(why: str) -> str:
    return why if not why.startswith("its text") else f"holds text that {why[9:]}"


class _Reasons:
    """Why a cell is kept, and for which names; the first few."""

    __slots__ = ("names", "sentences")

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        self.names: dict[str, None] = {}


def _keep(
    kept: dict[int, _Reasons],
    pending: deque[int],
    place: int,
    reason: str,
    name: str,
) -> None:
    reasons = kept.get(place)
    if reasons is None:
        reasons = kept[place] = _Reasons([])
        pending.append(place)
    if name:
        reasons.names[name] = None
    if len(reasons.sentences) < _REASONS_KEPT and reason not in reasons.sentences:
        reasons.sentences.append(reason)


def _recipe(session: Session, target: int, kept: dict[int, _Reasons]) -> Recipe:
    cells, unanalysable, warnings = [], [], []
    for place in sorted(kept):
        cell, reasons = session.cells[place], kept[place]
        cells.append(KeptCell(cell, tuple(reasons.sentences), tuple(reasons.names)))
        unanalysable += [
            Unanalysable(cell, why) for why in session.why_unanalysable(place)
        ]
        warnings += [
            f"Cell {cell.number} {warning}." for warning in session.warnings_of(place)
        ]
        if cell.failed is True and place != target:
            warnings.append(
                f"Cell {cell.number} failed when it ran; it is kept because what it "
                f"did before may be needed."
            )
    return Recipe(
        session.cells[target], tuple(cells), tuple(unanalysable), tuple(warnings)
    )


def stale_state(
    session: Session, target_index: int, document: Mapping[str, str]
) -> list[StaleName]:
    """Find the state behind a result that the document no longer makes.

    Parameters
    ----------
    target_index : int
        The `ExecutedCell.index` of the cell.
    document : mapping of str to str
        The present source of each code cell of the notebook, by cell id.

    Returns
    -------
    list of StaleName
        In the order of execution. Executions without a cell id are passed over.
    """
    found = []
    recipe = session.recipe(target_index)
    for kept in recipe.cells:
        cell = kept.cell
        if cell.index == target_index or cell.cell_id is None:
            continue
        why = _staleness(session, cell, target_index, document)
        if why:
            found.append(StaleName(kept.names, cell, why))
    return found


def _staleness(
    session: Session, cell: ExecutedCell, until: int, document: Mapping[str, str]
) -> str:
    assert cell.cell_id is not None
    for later in session.cells:
        is_between = cell.index < later.index < until
        is_again = is_between and later.cell_id == cell.cell_id
        if is_again and not _is_same_text(later.source, cell.source):
            return "run again with other text"
    present = document.get(cell.cell_id)
    if present is None:
        return "deleted"
    return "" if _is_same_text(present, cell.source) else "edited"


def _is_same_text(one: str, other: str) -> bool:
    return one.strip() == other.strip() or (
        [line.rstrip() for line in one.strip().splitlines()]
        == [line.rstrip() for line in other.strip().splitlines()]
    )
