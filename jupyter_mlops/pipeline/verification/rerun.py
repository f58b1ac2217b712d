"""Running a plan again: in a clean kernel, or as a script; then it is judged."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from jupyter_mlops import errors
from jupyter_mlops.ids import new_run_id
from jupyter_mlops.pipeline.engine import DEFAULT_KERNEL
from jupyter_mlops.pipeline.nbclient_executor import check_kernel
from jupyter_mlops.pipeline.runner import run_notebook
from jupyter_mlops.pipeline.verdict import FailedCell
from jupyter_mlops.pipeline.verification.judgement import Judgement, failed_cell
from jupyter_mlops.pipeline.verification.kernel import CleanKernel
from jupyter_mlops.pipeline.verification.past import link_past
from jupyter_mlops.pipeline.verification.plans import Means, Plan, plan_of
from jupyter_mlops.pipeline.verification.scriptrun import run_script
from jupyter_mlops.records import Kind
from jupyter_mlops.tracking.comparison import TOLERANCE, RunSide
from jupyter_mlops.tracking.modelwords import OBSERVATION as MODELS
from jupyter_mlops.tracking.scripts import OBSERVATION, ScriptCall

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.execution import Progress
    from jupyter_mlops.pipeline.runner import BeginRun
    from jupyter_mlops.pipeline.verdict import Verification
    from jupyter_mlops.pipeline.verification.judgement import Further
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.store.layout import Layout
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.tracking.run import Run


_UNSEEN = (
    "It looks at other runs or models of the workspace, whose blobs are kept at a URL: "
    "the rerun saw an empty workspace."
)


@dataclass(frozen=True, kw_only=True)
class RerunPlace:
    """A workspace that is thrown away: what runs again is recorded into it.

    Attributes
    ----------
    begin_run, blobs, read_run
        Of that workspace.
    """

    layout: Layout
    begin_run: BeginRun
    blobs: Blobs
    read_run: Callable[[str], RecordedRun]

    def side_of(self, run: RunId) -> RunSide:
        """Return a run in it."""
        return RunSide(self.read_run(run), self.blobs)

    def since(self, run: RunId) -> list[RunSide]:
        """Return the runs begun after an id was made, oldest first."""
        names = sorted(folder.name for folder in self.layout.journals.iterdir())
        return [RunSide(self.read_run(one), self.blobs) for one in names if one > run]


def verify_run(
    recorded: RunSide,
    *,
    source: Layout,
    folder: Path,
    places: tuple[RerunPlace, RerunPlace],
    is_linkable: bool = True,
    tolerance: float = TOLERANCE,
    ignore: Collection[str] = (),
    kernel: str | None = None,
    timeout: int | None = None,
    progress: Progress | None = None,
    further: Further | None = None,
) -> Verification:
    """Do a run again in a clean process and compare with what was recorded.

    A tracked cell is done again by its recipe, a batch notebook as it was written and
    with the parameters it was given, a script by its source as it was.

    Parameters
    ----------
    recorded : RunSide
        The run to verify.
    source : Layout
        The workspace of that run.
    folder : Path
        Where a kernel works, so that relative paths lead to the same data.
    places : tuple of RerunPlace
        Takes the notebook that is run for it, and takes what its cells record.
    is_linkable : bool
        The blobs of `source` lie in its folder, so that the rerun can be shown them.
    tolerance, ignore
        As `compare_runs` takes them.
    kernel : str, optional
        Which kernel; without it the notebook's own.
    timeout : int, optional
        Seconds that a cell, or a script, may run.
    further : callable, optional
        Given the rerun and what differs, returns what is to be said of it.

    Raises
    ------
    ArtifactNotFoundError
        When the run keeps nothing that it could be done again with.
    NotebookError
        When it has not ended by itself, or cannot be run again at all.
    """
    plan = plan_of(recorded)
    own, inner = places
    is_within = (
        plan.means is Means.NOTEBOOK or recorded.run.record.parent_id is not None
    )
    written = own if is_within and plan.means is not Means.SCRIPT else inner
    notes = _show_past(plan, recorded, source, written, is_linkable=is_linkable)
    again = _Rerun(recorded, plan, own, written, timeout=timeout)
    if plan.means is Means.SCRIPT:
        done = again.script(source.project)
    else:
        runner = CleanKernel(
            kernel or plan.kernel or DEFAULT_KERNEL,
            folder,
            recorded.run.record.notebook,
            timeout,
            written.layout.project,
            is_within,
            autolog=plan.means is Means.NOTEBOOK or MODELS in recorded.run.observations,
        )
        done = again.notebook(runner, progress)
    return Judgement(
        recorded=recorded,
        plan=plan,
        rerun=done.rerun,
        failure=done.failure,
        seconds=done.seconds,
        tolerance=tolerance,
        ignore=tuple(ignore),
        notes=notes,
        further=further,
    ).judge()


def _show_past(
    plan: Plan,
    recorded: RunSide,
    source: Layout,
    target: RerunPlace,
    *,
    is_linkable: bool,
) -> tuple[str, ...]:
    """Let the rerun see the workspace as the run did, if it looks at all."""
    if not plan.reads_runs:
        return ()
    if not is_linkable:
        return (_UNSEEN,)
    run = recorded.run
    began = int(run.record.started.timestamp() * 1e6)
    link_past(source, target.layout, run.id, began)
    return ()


@dataclass(frozen=True)
class _Done:
    rerun: RunSide | None
    failure: FailedCell | None
    seconds: float


@dataclass(frozen=True)
class _Rerun:
    recorded: RunSide
    plan: Plan
    own: RerunPlace
    written: RerunPlace
    timeout: int | None

    def notebook(self, runner: CleanKernel, progress: Progress | None) -> _Done:
        """Run a recipe or a notebook."""
        check_kernel(runner.kernel)
        path = self.own.layout.project / f"{self.plan.means}.ipynb"
        path.write_text(json.dumps(self.plan.document), "utf-8")
        begun: list[Run] = []

        def begin(**fields: Any) -> Run:
            begun.append(self.own.begin_run(**fields))
            return begun[0]

        mark = new_run_id()
        # Which cell failed, and how, stands in the rerun's own record.
        with contextlib.suppress(errors.NotebookFailedError):
            run_notebook(
                path,
                self.plan.params,
                begin_run=begin,
                blobs=self.own.blobs,
                progress=progress,
                name=self.recorded.run.name,
                executor=runner,
            )
        whole = self.own.side_of(begun[0].id)
        failure = failed_cell(self.plan, whole.run)
        seconds = whole.run.record.seconds or 0.0
        if self.plan.means is Means.NOTEBOOK:
            return _Done(whole, failure, seconds)
        found = whole.children() if runner.is_within else self.written.since(mark)
        target = self._target(whole, found)
        if target is None and failure is None:
            self._refuse_unrecorded()
        return _Done(target, failure, seconds)

    def _target(self, whole: RunSide, found: list[RunSide]) -> RunSide | None:
        """Find the rerun of the cell asked for: the recipe's last one that ran."""
        last = self.plan.document["cells"][-1]["id"]
        ended = [cell for cell in whole.run.cells if cell.cell_id == last]
        runs = [
            side
            for side in found
            if side.run.record.kind is Kind.CELL
            and ended
            and side.run.record.started >= ended[-1].began
        ]
        return runs[0] if runs else None

    def script(self, project: Path) -> _Done:
        """Run a script's source."""
        told = self.recorded.run.observations[OBSERVATION]
        call = ScriptCall.from_json(told)
        mark = new_run_id()
        ended = run_script(
            self.plan.text,
            call,
            project=project,
            scratch=self.written.layout.project,
            timeout=self.timeout,
        )
        runs = [
            side
            for side in self.written.since(mark)
            if side.run.record.parent_id is None
        ]
        rerun = runs[call.place] if call.place < len(runs) else None
        failure = None
        if ended.code and (rerun is None or rerun.run.status != "finished"):
            failure = _failed_script(call, ended.code, ended.said)
        if rerun is None and failure is None:
            self._refuse_unrecorded()
        return _Done(rerun, failure, ended.seconds)

    def _refuse_unrecorded(self) -> NoReturn:
        run = self.recorded.run
        raise errors.NotebookError(
            f"The {self.plan.means} of run {run.id} ran, but what was asked for was "
            f"not recorded: is jupyter_mlops installed there, and %%track above the "
            f"cell?",
            run_id=run.id,
        )


def _failed_script(call: ScriptCall, code: int, said: str) -> FailedCell:
    last = said.rstrip().splitlines()[-1:] or [""]
    name, _, message = last[0].partition(":")
    return FailedCell(
        position=0,
        ran_as=None,
        title=Path(call.path).name,
        error=name if said else f"exit status {code}",
        message=message.strip(),
        traceback=said,
        where=str(Means.SCRIPT),
    )
