"""Putting a run and its rerun beside each other, and saying what came of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.recording import cell_title
from jupyter_mlops.pipeline.verdict import FailedCell, Verdict, Verification
from jupyter_mlops.pipeline.verification.plans import Means
from jupyter_mlops.records import ErrorRecord, Status
from jupyter_mlops.tracking.comparison import Difference, compare_runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.pipeline.verification.plans import Plan
    from jupyter_mlops.tracking.comparison import RunSide
    from jupyter_mlops.tracking.recorded import RecordedRun

    Further = Callable[[RunSide, list[Difference]], list[Difference]]

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A run, what was run again for it, and how that is to be judged.

    Attributes
    ----------
    rerun : RunSide or None
        What stands beside the recorded run; None when it came to none.
    failure : FailedCell or None
        Where it failed.
    further : callable, optional
        Given the rerun and what differs, returns what is to be said of it.
    """

    recorded: RunSide
    plan: Plan
    rerun: RunSide | None
    failure: FailedCell | None
    seconds: float
    tolerance: float
    ignore: tuple[str, ...]
    notes: tuple[str, ...] = ()
    further: Further | None = None

    def judge(self) -> Verification:
        """Say what came of it."""
        failure = None if self._is_same_failure() else self.failure
        differences: list[Difference] = []
        if failure is None:
            assert self.rerun is not None, "what did not fail came to a run"
            differences = compare_runs(
                self.recorded, self.rerun, tolerance=self.tolerance, ignore=self.ignore
            )
            if self.further is not None:
                differences = self.further(self.rerun, differences)
        verdict = Verdict.DIFFERS if differences else Verdict.REPRODUCED
        verdict = Verdict.FAILED if failure else verdict
        return Verification(
            run_id=self.recorded.run.id,
            verdict=verdict,
            means=str(self.plan.means),
            tolerance=self.tolerance,
            seconds=self.seconds,
            ignored=self.ignore,
            differences=tuple(differences),
            failure=failure,
            hints=tuple(self._hints(verdict)),
        )

    def _is_same_failure(self) -> bool:
        """Tell whether it came as far as before, and what failed then fails again."""
        if self.recorded.run.status is not Status.FAILED or self.rerun is None:
            return False
        is_apart = self.plan.means is Means.NOTEBOOK
        return not is_apart or len(self.recorded.run.cells) == len(self.rerun.run.cells)

    def _hints(self, verdict: Verdict) -> list[str]:
        hints = list(self.notes)
        masked = self.plan.masked
        if masked:
            what = "a masked secret" if masked == 1 else f"{masked} masked secrets"
            noun = str(self.plan.means)
            hints.append(f"The {noun} holds {what}, so it may fail or differ for that.")
        if verdict is Verdict.REPRODUCED:
            return hints
        hints += self.plan.warnings
        if self.rerun is not None:
            hints += _packages_hint(self.recorded.run, self.rerun.run)
        return hints


def failed_cell(plan: Plan, notebook: RecordedRun) -> FailedCell | None:
    """Say which cell of a notebook that ran again failed, if one has."""
    ended = notebook.cells[-1:]
    if not ended or ended[0].status is not Status.FAILED:
        return None
    (cell,) = ended
    sources = {item.get("id"): item for item in plan.document["cells"]}
    metadata = sources.get(cell.cell_id, {}).get("metadata", {})
    error = cell.error or ErrorRecord(name="Error", value="")
    return FailedCell(
        position=cell.position,
        ran_as=metadata.get("jupyter_mlops", {}).get("ran_as"),
        title=cell_title(cell.source),
        error=error.name,
        message=error.value,
        traceback=_ANSI.sub("", error.traceback),
        where=str(plan.means),
    )


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
