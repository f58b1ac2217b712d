"""Sweeps run, and the points of earlier ones found again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.signals import held_back
from jupyter_mlops.pipeline.sweeps.heldpoints import HeldPoints
from jupyter_mlops.pipeline.sweeps.plan import SweepPlan
from jupyter_mlops.pipeline.sweeps.points import new_seed
from jupyter_mlops.pipeline.sweeps.recorded import earlier_points, seed_of, sweep_of
from jupyter_mlops.pipeline.sweeps.runner import SweepRunner
from jupyter_mlops.pipeline.sweeps.strategy import Strategy, points_of
from jupyter_mlops.pipeline.sweeps.whole import SweepRoom
from jupyter_mlops.workspace.stepplaces import far_points
from jupyter_mlops.workspace.sweeprecords import SweepRecord, is_minimized
from jupyter_mlops.workspace.sweepresuming import held_cells, invocation

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from jupyter_mlops.pipeline.clusters.points import FarPoints
    from jupyter_mlops.pipeline.sweeps.heldcells import HeldCells
    from jupyter_mlops.pipeline.sweeps.points import Points
    from jupyter_mlops.pipeline.sweeps.results import PointResult, SweepResult
    from jupyter_mlops.pipeline.sweeps.schedule import SweepProgress
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.workspace import Workspace

GOALS = ("max", "min")
_EARLIER = 50
"""Sweeps of a notebook that are looked through for points that ran already."""


class Sweeps:
    """What a workspace does with sweeps: see `Workspace.sweeps`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def run(
        self,
        notebook: str | os.PathLike[str],
        parameters: Mapping[str, Any] | None = None,
        *,
        grid: Mapping[str, Any] | None = None,
        over: Mapping[str, Any] | None = None,
        random: int | None = None,
        search: int | None = None,
        metric: str | None = None,
        goal: str | None = None,
        seed: int | None = None,
        jobs: int | None = None,
        missing: bool = False,
        engine: str | None = None,
        output: str | os.PathLike[str] | None = None,
        on: str | None = None,
        via: str | None = None,
        progress: SweepProgress | None = None,
        origin: RecordedRun | None = None,
        **options: Any,
    ) -> SweepResult:
        """Run a notebook over many values, each point a run within the sweep's.

        Parameters
        ----------
        notebook : path
            The notebook.
        parameters : mapping, optional
            Values that all points share.
        grid, over : mapping, optional
            What is swept over, by parameter; see `pipeline.sweeps.space`.
        random, search : int, optional
            How many points to draw, or to search for the best `metric`.
        metric, goal : str, optional
            What tells the best, and whether ``max`` or ``min`` of it.
        seed : int, optional
            Of what is drawn; without it one is drawn, and recorded.
        jobs : int, optional
            How many points at once; without it one, on a cluster as many as it has
            threads.
        missing : bool
            Points that an earlier sweep has finished, with the same code and values,
            are taken from there.
        output : path, optional
            A folder for the points' executed notebooks.
        on, via : str, optional
            A dask cluster that runs the points, and an fsspec URL for their files; as
            `Pipelines.run` takes them.
        origin : RecordedRun, optional
            The sweep that this one goes on with: as `missing`, and the points begin
            behind the shared cells of an earlier one, if a copy is held.
        **options
            ``name``, ``experiment``, ``kernel``, ``timeout``, ``memory``.

        Raises
        ------
        NotebookNotFoundError, UnknownParameterError, InvalidParameterError,
        InvalidInputError, ClusterError
            Before anything starts. A failed point raises nothing: see the result.
        KeyboardInterrupt
            When interrupted; all runs are ended.
        """
        strategy = Strategy.of(grid, over, random, search)
        if goal is not None and goal not in GOALS:
            raise errors.InvalidInputError(
                f"A goal is 'max' or 'min', not '{goal}'.", goal=goal
            )
        if strategy.kind == "search" and not metric:
            raise errors.InvalidInputError(
                "A search needs to know what it searches for: name the metric, as in "
                "'--metric auc --max'."
            )
        plan = SweepPlan.read(
            notebook,
            strategy.space,
            parameters or {},
            is_grid=strategy.kind == "grid",
            engine=engine or self._workspace.settings.engine,
            output=None if output is None else Path(output).expanduser().absolute(),
            jobs=jobs or 1,
            **options,
        )
        earlier = self._earlier(plan) if missing or origin else []
        if seed is None:
            wanted = (plan.digest, strategy.kind, plan.space.to_json())
            seed = seed_of(earlier, wanted) if earlier else None
            seed = new_seed() if seed is None else seed
        known = earlier_points(earlier, plan.digest)
        lower = is_minimized(self._workspace, metric, goal)
        points = points_of(
            strategy,
            plan,
            seed,
            metric=metric or "",
            lower=lower,
            known=known,
            curve_of=self._workspace.store.index.history,
        )
        told = {
            "digest": plan.digest,
            "notebook": str(plan.source.path),
            "kind": strategy.kind,
            "count": points.count,
            "space": plan.space.to_json(),
            "metric": metric,
            "goal": goal or (("min" if lower else "max") if metric else None),
            "seed": None if strategy.kind == "grid" else seed,
        }
        asked = invocation(plan, engine=engine, on=on, via=via, jobs=jobs, **options)
        store = self._workspace.store
        via = self._workspace.settings.via if via is None else via
        with held_back(), far_points(on, plan, store, via) as far:
            if far is not None:
                told["on"] = far.desk.cluster.address
                plan = replace(plan, jobs=jobs or far.desk.cluster.slots)
            told["jobs"] = plan.jobs
            held = held_cells(self._workspace.settings, earlier if origin else [])
            return self._run(
                plan,
                points,
                SweepRecord(self._workspace, plan, told, asked, origin),
                known=known,
                progress=progress,
                far=far,
                held=held,
                left=HeldPoints(earlier if origin else ()),
            )

    def run_step(
        self,
        pipeline: str | os.PathLike[str],
        step: str,
        parameters: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> SweepResult:
        """Run a step's notebook over many values, with what its pipeline gives it.

        Nothing of the pipeline is recorded. Its outputs, if it has any, are then those
        of the last point: they are brought back when the pipeline runs next. On a
        cluster they stay there.

        Parameters
        ----------
        pipeline : path
            The pipeline's file or folder.
        step : str
            What it needs must be up to date.
        parameters, **options
            As `run` takes them.

        Raises
        ------
        PipelineError
            When there is no such step, or its points would write the same files at
            the same time.
        """
        look = self._workspace.pipelines.look(pipeline, step)
        is_here = options.get("on") is None
        if look.outputs and is_here and (options.get("jobs") or 1) > 1:
            raise errors.PipelineError(
                f"The points of '{step}' would all write {min(look.outputs.values())} "
                f"at the same time: leave '--jobs' out."
            )
        swept = {**(options.get("grid") or {}), **(options.get("over") or {})}
        given = {k: v for k, v in look.given.items() if k not in swept}
        options["name"] = options.get("name") or step
        options["kernel"] = options.get("kernel") or look.step.kernel
        return self.run(look.notebook.path, {**given, **(parameters or {})}, **options)

    def _run(
        self,
        plan: SweepPlan,
        points: Points,
        record: SweepRecord,
        *,
        known: Mapping[str, PointResult],
        progress: SweepProgress | None,
        far: FarPoints | None,
        held: HeldCells,
        left: HeldPoints,
    ) -> SweepResult:
        room = SweepRoom(
            plan=plan,
            points=points,
            store=self._workspace.store,
            begin_point=record.begin_point,
            begin_shared=record.begin_shared,
            judged_by=record.metric,
            is_pruning=record.is_search,
            terms=held.terms,
        )
        runner = SweepRunner(
            room=room,
            read_run=self._workspace.get_run,
            known=known,
            progress=progress,
            place=far.place(room, record.id) if far else None,
            held=held,
            left=left,
            make_ready=self._open_index,
        )
        with record.kept(runner):
            runner.run()
        return record.result

    def _open_index(self) -> None:
        # Whoever needs it next meets what is wrong with it, and says so.
        with suppress(errors.MlopsError):
            self._workspace.store.index.catch_up()

    def read(self, run: str) -> SweepResult | None:
        """Return what a recorded run tells of its sweep, None when it is none."""
        return sweep_of(self._workspace.get_run(run))

    def _earlier(self, plan: SweepPlan) -> list[RecordedRun]:
        """Return the sweeps of a notebook, the latest first."""
        from jupyter_mlops.store.index import RunQuery

        path = str(plan.source.path).replace("'", "''")
        words = f"kind = 'parent' and notebook = '{path}'"
        query = RunQuery(filter=words, limit=_EARLIER)
        table = self._workspace.run_table(query)
        return [self._workspace.get_run(item) for item in table.columns["run_id"]]
