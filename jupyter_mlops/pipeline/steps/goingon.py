"""Where a failed step goes on: at a copy that still stands, or at its first cell."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.checkpoints.checkpoint import BEFORE
from jupyter_mlops.pipeline.checkpoints.keeping import held_copies
from jupyter_mlops.pipeline.checkpoints.plan import good_cells, plan_from, position_of
from jupyter_mlops.pipeline.source_notebook import SourceNotebook
from jupyter_mlops.pipeline.steps.copies import PartialOutput, keep_partial
from jupyter_mlops.pipeline.steps.footing import Footing
from jupyter_mlops.pipeline.steps.outputs import is_restorable
from jupyter_mlops.pipeline.sweeps.filled import as_it_runs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.checkpoints.checkpoint import Checkpoint
    from jupyter_mlops.pipeline.checkpoints.plan import ResumePlan
    from jupyter_mlops.pipeline.steps.look import Look
    from jupyter_mlops.pipeline.steps.plan import Planner
    from jupyter_mlops.pipeline.versions.ledger import KeptOutput
    from jupyter_mlops.records import CellRecord


@dataclass(frozen=True, kw_only=True)
class StepOrigin:
    """A step's run that another one may go on from.

    Attributes
    ----------
    partial : dict
        Outputs that it had written when it failed, as its run has them.
    """

    run: RunId
    cells: Sequence[CellRecord]
    partial: dict[str, Any]


def plan_step(
    origin: StepOrigin,
    look: Look,
    planner: Planner,
    *,
    journals: Path,
    from_cell: str | None = None,
) -> tuple[ResumePlan, dict[str, KeptOutput]]:
    """Say where a step goes on after a run of it, and what it had written by then.

    Parameters
    ----------
    look : Look
        The step as it is now.
    journals : Path
        The folder of the run's journals.
    from_cell : str, optional
        Run this cell and all after it: its id, or its position.
    """
    source = SourceNotebook.read(look.notebook.path)
    notebook = as_it_runs(source, look.given, look.facts.kernel)
    limit = good_cells(origin.cells)
    if from_cell is not None:
        limit = min(limit, position_of(notebook, from_cell))
    held: list[Checkpoint] = []
    with suppress(OSError):
        held = [item for item in held_copies(origin.run) if item.kind == BEFORE]
    fitting = _Fitting(look, planner, origin.partial)
    usable = [item for item in held if fitting.stands(item)]
    plan = plan_from(
        notebook,
        run=origin.run,
        cells=origin.cells,
        held=usable,
        limit=limit,
        blobs=planner.blobs,
        journals=journals,
        why=fitting.why if held and not usable else "",
    )
    return plan, fitting.partial_of(plan.checkpoint)


class _Fitting:
    """Tells which copies of a step still stand, and what they had written."""

    def __init__(
        self, look: Look, planner: Planner, partial: Mapping[str, Any]
    ) -> None:
        self._look = look
        self._planner = planner
        self._folder: Path = planner.pipeline.folder
        self._partial = partial
        self.why = ""

    def stands(self, checkpoint: Checkpoint) -> bool:
        """Tell whether what a copy stands on is as it was; `why` says why not."""
        if checkpoint.footing is None:
            self.why = "its copy was made in another way"
            return False
        footing = Footing.from_json(checkpoint.footing)
        why = next(footing.differences(self._look, self._folder), "")
        if not why and (found := self._kept(footing.outputs)) is None:
            why = "an output was written to after the copy was made, or cannot be kept"
        elif not why and not is_restorable(found or {}, self._planner.blobs):
            why = "what it had written is not kept any more"
        self.why = self.why or why
        return not why

    def partial_of(self, checkpoint: Checkpoint | None) -> dict[str, KeptOutput]:
        """Return the outputs that a copy had written."""
        if checkpoint is None or checkpoint.footing is None:
            return {}
        return self._kept(Footing.from_json(checkpoint.footing).outputs) or {}

    def _kept(self, marks: Mapping[str, str | None]) -> dict[str, KeptOutput] | None:
        """Return what was kept of outputs with these marks, None if one is not."""
        wanted = {name: mark for name, mark in marks.items() if mark is not None}
        if not wanted:
            return {}
        known = self._known
        found = {
            name: known[name].kept
            for name, mark in wanted.items()
            if name in known and mark in known[name].marks
        }
        return found if found.keys() == wanted.keys() else None

    @cached_property
    def _known(self) -> dict[str, PartialOutput]:
        """What was kept of the step's outputs, all of them."""
        if self._partial:
            return {
                name: PartialOutput.from_json(told)
                for name, told in self._partial.items()
            }
        # Its runner was killed: what it had written may lie there still.
        return keep_partial(self._look, self._planner, {})
