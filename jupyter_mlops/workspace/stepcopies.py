"""Steps gone on with at the cell where they failed: from which run, and from where.

What is needed of earlier runs is read before steps are forked: a process of one must
not use the index of the process that it came from.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jupyter_mlops.kinds import Kind, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.checkpoints.plan import ResumePlan
    from jupyter_mlops.pipeline.steps.copies import StepCopies
    from jupyter_mlops.pipeline.steps.goingon import StepOrigin
    from jupyter_mlops.pipeline.steps.look import Look
    from jupyter_mlops.pipeline.steps.plan import Planner
    from jupyter_mlops.pipeline.versions.ledger import KeptOutput
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.workspace import Workspace

_LEFT = (Status.FAILED, Status.CANCELLED, Status.LOST)


def origins_of(pipeline_run: RecordedRun) -> dict[str, StepOrigin]:
    """Return the steps of a pipeline's run that did not come to their end, by name."""
    from jupyter_mlops.pipeline.steps.copies import PARTIAL
    from jupyter_mlops.pipeline.steps.goingon import StepOrigin

    found: dict[str, StepOrigin] = {}
    for run in pipeline_run.children:
        if run.record.kind is not Kind.STEP or run.status not in _LEFT:
            found.pop(run.record.name, None)
            continue
        partial = run.observations.get(PARTIAL)
        found[run.record.name] = StepOrigin(
            run=run.id,
            cells=run.cells,
            partial=partial if isinstance(partial, dict) else {},
        )
    return found


@dataclass(frozen=True)
class StepCopying:
    """Makes what steps' attempts do about copies; a `steps.attempt.MakeCopies`.

    Parameters
    ----------
    origins : mapping
        The runs to go on from, by step.
    from_cells : mapping
        By step, the cell from which all are run: its id or position.
    """

    workspace: Workspace
    origins: Mapping[str, StepOrigin] = field(default_factory=dict)
    from_cells: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, look: Look, planner: Planner, *, is_first: bool) -> StepCopies:
        """Make it; only a first attempt goes on from a copy."""
        from jupyter_mlops.pipeline.steps.copies import StepCopies
        from jupyter_mlops.pipeline.steps.goingon import plan_step
        from jupyter_mlops.workspace.resuming import checkpointing

        origin = self.origins.get(look.step.name) if is_first else None
        plan: ResumePlan | None = None
        partial: dict[str, KeptOutput] = {}
        if origin is not None:
            plan, partial = plan_step(
                origin,
                look,
                planner,
                from_cell=self.from_cells.get(look.step.name),
                journals=self.workspace.layout.journal_folder(origin.run),
            )
        # A step is resumed by its pipeline's run, which says how it was asked for.
        made = replace(checkpointing(self.workspace, plan), invocation=None)
        return StepCopies(made, look, planner, partial)

    def forget(self, run: RunId) -> None:
        """Let go of the copies of an attempt that another one follows."""
        from jupyter_mlops.pipeline.checkpoints.keeping import release_copies

        with suppress(OSError):
            release_copies(run)
