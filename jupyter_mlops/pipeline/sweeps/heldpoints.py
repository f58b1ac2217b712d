"""Copies of the processes of points that earlier sweeps left, to go on from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.checkpoints.checkpoint import BEFORE, Checkpoint
from jupyter_mlops.pipeline.checkpoints.keeping import held_copies
from jupyter_mlops.pipeline.checkpoints.marks import executable_cells
from jupyter_mlops.pipeline.checkpoints.plan import good_cells, plan_from
from jupyter_mlops.pipeline.sweeps.filled import as_it_runs
from jupyter_mlops.pipeline.sweeps.points import values_key
from jupyter_mlops.pipeline.sweeps.recorded import point_of
from jupyter_mlops.pipeline.sweeps.results import OBSERVATION, PointState
from jupyter_mlops.pipeline.sweeps.standing import difference, standing_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.checkpoints.plan import ResumePlan
    from jupyter_mlops.pipeline.sweeps.plan import SweepPlan
    from jupyter_mlops.pipeline.sweeps.whole import SweepRoom
    from jupyter_mlops.tracking.recorded import RecordedRun

_LEFT = (PointState.FAILED, PointState.CANCELLED, PointState.LOST)


class HeldPoints:
    """Where points go on that an earlier sweep left in the midst of their cells.

    Parameters
    ----------
    earlier : sequence of RecordedRun
        Sweeps of the notebook, the latest first.
    """

    def __init__(self, earlier: Sequence[RecordedRun] = ()) -> None:
        self._earlier = earlier
        self._plans: dict[str, ResumePlan] = {}
        self._standing: dict[int, dict[str, Any]] = {}

    def find(self, room: SweepRoom) -> None:
        """Look which points can go on, before any cell runs."""
        swept = set(room.plan.space.by_name)
        for sweep in self._earlier:
            told = sweep.observations.get(OBSERVATION)
            space = told.get("space") if isinstance(told, dict) else None
            if not isinstance(space, dict) or set(space) != swept:
                continue
            for run in sweep.children:
                point = point_of(run, space)
                if point is None or point.state not in _LEFT:
                    continue
                key = values_key(point.values)
                if key not in self._plans:
                    self._look(room, run, point.values, key)

    @property
    def keys(self) -> set[str]:
        """Of the points that can go on; see `Point.key`."""
        return set(self._plans)

    def plan_of(self, key: str) -> ResumePlan | None:
        """Say where a point goes on, None when it begins."""
        return self._plans.get(key)

    def _look(
        self, room: SweepRoom, run: RecordedRun, values: Mapping[str, Any], key: str
    ) -> None:
        held = _held(run)
        if not held:
            return
        plan = room.plan
        given = {**plan.fixed, **values}
        notebook = as_it_runs(plan.fresh_source(), given, plan.kernel)
        found = plan_from(
            notebook,
            run=run.id,
            cells=run.cells,
            held=[copy for copy in held if self._stands(plan, notebook, copy)],
            limit=good_cells(run.cells),
            blobs=room.store.blobs,
            journals=room.store.layout.journal_folder(run.id),
        )
        if found.checkpoint is not None:
            self._plans[key] = found

    def _stands(
        self, plan: SweepPlan, notebook: NotebookNode, copy: Checkpoint
    ) -> bool:
        places = executable_cells(notebook)
        if not 0 < copy.position <= len(places):
            return False
        if copy.position not in self._standing:
            cells = notebook.cells[: places[copy.position - 1] + 1]
            self._standing[copy.position] = standing_of(plan, cells)
        return not difference(copy.footing, self._standing[copy.position])


def _held(run: RecordedRun) -> list[Checkpoint]:
    try:
        return [copy for copy in held_copies(run.id) if copy.kind == BEFORE]
    except OSError:
        return []
