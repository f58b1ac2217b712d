"""Running a tracked cell's recipe in a clean kernel, and judging what came of it.

The workspace of the rerun is handed in, a temporary one; the user's is only read.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from jupyter_mlops import errors
from jupyter_mlops.pipeline.engine import DEFAULT_KERNEL, kernel_variables
from jupyter_mlops.pipeline.nbclient_executor import NbclientExecutor, check_kernel
from jupyter_mlops.pipeline.recording import NotebookRecording, cell_title
from jupyter_mlops.pipeline.runner import run_notebook
from jupyter_mlops.pipeline.verdict import FailedCell, Verdict, Verification
from jupyter_mlops.records import ErrorRecord, Kind, Status
from jupyter_mlops.settings import PREFIX
from jupyter_mlops.tracking.comparison import (
    TOLERANCE,
    Difference,
    RunSide,
    compare_runs,
)
from jupyter_mlops.tracking.recipes import ARTIFACT as RECIPE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from nbformat import NotebookNode

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.execution import CellWatcher, Progress
    from jupyter_mlops.pipeline.runner import BeginRun
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.tracking.run import Run

_MASKED = "<masked:"
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_START_SECONDS = 60
_ELSEWHERE = (PREFIX + "INDEX_URL", PREFIX + "BLOBS_URL")
"""Where the user's runs are kept: not for the rerun."""


def verify_recipe(
    recorded: RunSide,
    *,
    folder: Path,
    scratch: Path,
    begin_run: BeginRun,
    blobs: Blobs,
    read_run: Callable[[RunId], RecordedRun],
    tolerance: float = TOLERANCE,
    ignore: Collection[str] = (),
    kernel: str | None = None,
    timeout: int | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Run a run's recipe in a clean kernel and compare with what was recorded.

    Parameters
    ----------
    recorded : RunSide
        The run to verify.
    folder : Path
        Where the kernel works, so that relative paths lead to the same data.
    scratch : Path
        Where the recipe is written to; nothing in it is needed afterwards.
    begin_run, blobs, read_run
        Of the workspace that takes the rerun.
    tolerance, ignore
        As `compare_runs` takes them.
    kernel : str, optional
        Which kernel; without it the recipe's own.
    timeout : int, optional
        Seconds that a cell may run.

    Raises
    ------
    ArtifactNotFoundError
        When the run has no recipe.
    NotebookError
        When it has not ended by itself, or the recipe cannot be run at all.
    """
    data = _recipe_bytes(recorded)
    document = json.loads(data)
    path = scratch / RECIPE
    path.write_bytes(data)
    kernel = kernel or document["metadata"].get("kernelspec", {}).get("name")
    kernel = kernel or DEFAULT_KERNEL
    check_kernel(kernel)
    source = recorded.run.record.notebook
    begun: list[Run] = []

    def begin(**fields: Any) -> Run:
        begun.append(begin_run(**fields))
        return begun[0]

    # Which cell failed, and how, stands in the rerun's own record.
    with contextlib.suppress(errors.NotebookFailedError):
        run_notebook(
            path,
            begin_run=begin,
            blobs=blobs,
            progress=progress,
            name=recorded.run.name,
            executor=_CleanKernel(kernel, folder, source, timeout),
        )
    again = RunSide(read_run(begun[0].id), blobs)
    return _Judge(recorded, again, document, tolerance, tuple(ignore)).judge()


def check_verifiable(run: RecordedRun) -> None:
    """Make sure that a run can be verified.

    Raises
    ------
    ArtifactNotFoundError, NotebookError
        As `verify_recipe`.
    """
    if RECIPE not in run.artifacts:
        raise errors.ArtifactNotFoundError(
            f"Run {run.id} ({run.name}) has no recipe to verify it with: it is a "
            f"{run.record.kind}. What can be verified are cells with %%track above; "
            f"to do a notebook again, use 'jupyter mlops run'.",
            run_id=run.id,
            name=RECIPE,
        )
    if run.status not in (Status.FINISHED, Status.FAILED):
        raise errors.NotebookError(
            f"Run {run.id} ({run.name}) is {run.status}: there is no whole result to "
            f"compare with. Verify a run that came to its end.",
            run_id=run.id,
            status=str(run.status),
        )


def _recipe_bytes(recorded: RunSide) -> bytes:
    check_verifiable(recorded.run)
    return recorded.blobs.get_bytes(recorded.run.artifacts[RECIPE].digest)


@dataclass(frozen=True)
class _CleanKernel:
    """Runs cells in a kernel that records elsewhere; a `NotebookExecutor`."""

    kernel: str
    folder: Path
    source: str | None
    timeout: int | None

    def execute(self, notebook: NotebookNode, watcher: CellWatcher) -> None:
        """Run the cells; see `NotebookExecutor`."""
        assert isinstance(watcher, NotebookRecording), "the runner hands in its own"
        source = Path(self.source) if self.source else None
        environ = {k: v for k, v in os.environ.items() if k not in _ELSEWHERE}
        options = {
            "log": logging.getLogger("papermill"),
            "startup_timeout": _START_SECONDS,
            "timeout": self.timeout,
        }
        NbclientExecutor(
            kernel_name=self.kernel,
            environ=environ | kernel_variables(watcher.run, source),
            cwd=self.folder,
            options=options,
        ).execute(notebook, watcher)


@dataclass(frozen=True)
class _Judge:
    recorded: RunSide
    rerun: RunSide
    document: dict[str, Any]
    tolerance: float
    ignore: tuple[str, ...]

    def judge(self) -> Verification:
        """Say what came of it."""
        target = self._target()
        failure = self._failure()
        if target is not None and self.recorded.run.status is Status.FAILED:
            # A cell that failed then, and fails now in the same way, is reproduced.
            failure = None
        differences: list[Difference] = []
        if failure is None:
            differences = compare_runs(
                self.recorded,
                target or self._unrecorded(),
                tolerance=self.tolerance,
                ignore=self.ignore,
            )
        verdict = Verdict.DIFFERS if differences else Verdict.REPRODUCED
        verdict = Verdict.FAILED if failure else verdict
        return Verification(
            run_id=self.recorded.run.id,
            verdict=verdict,
            tolerance=self.tolerance,
            seconds=self.rerun.run.record.seconds or 0.0,
            ignored=self.ignore,
            differences=tuple(differences),
            failure=failure,
            hints=tuple(self._hints(verdict, target)),
        )

    def _unrecorded(self) -> NoReturn:
        raise errors.NotebookError(
            f"The recipe of run {self.recorded.run.id} ran, but its last cell was not "
            f"recorded: is jupyter_mlops installed in its kernel, and %%track above "
            f"that cell?",
            run_id=self.recorded.run.id,
        )

    def _target(self) -> RunSide | None:
        """Find the rerun of the cell asked for: the recipe's last one that ran."""
        last = self.document["cells"][-1]["id"]
        ended = [cell for cell in self.rerun.run.cells if cell.cell_id == last]
        runs = [
            side
            for side in self.rerun.children()
            if side.run.record.kind is Kind.CELL
            and ended
            and side.run.record.started >= ended[-1].began
        ]
        return runs[0] if runs else None

    def _failure(self) -> FailedCell | None:
        ended = self.rerun.run.cells[-1:]
        if not ended or ended[0].status is not Status.FAILED:
            return None
        (cell,) = ended
        sources = {item["id"]: item for item in self.document["cells"]}
        told = (
            sources.get(cell.cell_id, {}).get("metadata", {}).get("jupyter_mlops", {})
        )
        error = cell.error or ErrorRecord(name="Error", value="")
        return FailedCell(
            position=cell.position,
            ran_as=told.get("ran_as"),
            title=cell_title(cell.source),
            error=error.name,
            message=error.value,
            traceback=_ANSI.sub("", error.traceback),
        )

    def _hints(self, verdict: Verdict, target: RunSide | None) -> list[str]:
        hints = []
        masked = json.dumps(self.document).count(_MASKED)
        if masked:
            what = "a masked secret" if masked == 1 else f"{masked} masked secrets"
            hints.append(f"The recipe holds {what}, so it may fail or differ for that.")
        if verdict is Verdict.REPRODUCED:
            return hints
        hints += self.document["metadata"].get("jupyter_mlops", {}).get("warnings", [])
        if target is not None:
            hints += _packages_hint(self.recorded.run, target.run)
        return hints


def _packages_hint(recorded: RecordedRun, rerun: RecordedRun) -> list[str]:
    then = recorded.environment.get("packages") or {}
    now = rerun.environment.get("packages") or {}
    changed = [
        f"{name} {then[name]} then, {now[name]} now"
        for name in sorted(then.keys() & now.keys())
        if then[name] != now[name]
    ]
    pythons = [
        (run.environment.get("python") or {}).get("version")
        for run in (recorded, rerun)
    ]
    if None not in pythons and pythons[0] != pythons[1]:
        changed.insert(0, f"Python {pythons[0]} then, {pythons[1]} now")
    return [f"Other versions: {'; '.join(changed)}."] if changed else []
