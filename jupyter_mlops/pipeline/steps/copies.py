"""What a step's attempt does about copies of its notebook's process.

It says what each one stands on, keeps outputs that were half written when the step
fails, and puts them where they were before a copy goes on.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.steps.footing import Footing, environ_digests, marks_of
from jupyter_mlops.pipeline.steps.outputs import bring_back, keep_outputs, remove
from jupyter_mlops.pipeline.steps.seen import Earlier
from jupyter_mlops.pipeline.versions.ledger import KeptOutput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.checkpoints.checkpointing import Checkpointing
    from jupyter_mlops.pipeline.execution import NotebookExecutor
    from jupyter_mlops.pipeline.recording import NotebookRecording
    from jupyter_mlops.pipeline.steps.look import Look
    from jupyter_mlops.pipeline.steps.plan import Planner

PARTIAL = "partial"
"""Says of a step that failed which outputs it had written by then."""


@dataclass(frozen=True, kw_only=True)
class PartialOutput:
    """An output as it was when its step failed.

    Attributes
    ----------
    marks : list of str
        What it looked like on disk; see `footing.marks_of`. One that was brought back
        for a copy has two: as it was for that, and as it came back.
    """

    marks: list[str]
    kept: KeptOutput

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> PartialOutput:
        """Make it of what `asdict` made."""
        return cls(marks=told["marks"], kept=KeptOutput(**told["kept"]))


def keep_partial(
    look: Look, planner: Planner, brought: Mapping[str, list[str]]
) -> dict[str, PartialOutput]:
    """Keep the outputs that are there, for a copy that has written them.

    Parameters
    ----------
    brought : mapping
        Marks of those that were brought back, by name: as they came, and before.
    """
    folder = planner.pipeline.folder
    marks = marks_of(look.outputs, folder)
    there = {
        name: look.outputs[name]
        for name, mark in marks.items()
        if mark and _can_come_back(os.fspath(folder / look.outputs[name]))
    }
    kept = keep_outputs(there, folder, planner.blobs, look.step.name, [])
    after = marks_of(there, folder)
    return {
        name: PartialOutput(marks=_all_marks(mark, brought.get(name)), kept=kept[name])
        for name in there
        if (mark := marks[name]) is not None and after[name] == mark
    }


def _can_come_back(path: str) -> bool:
    """Tell whether blobs hold all of an output: neither links nor empty folders."""
    if os.path.islink(path):  # noqa: PTH114 - texts are at hand, and many
        return False
    return not any(
        not (folders or files)
        or any(os.path.islink(os.path.join(here, name)) for name in (*folders, *files))  # noqa: PTH114, PTH118 - as above
        for here, folders, files in os.walk(path)
    )


def _all_marks(mark: str, brought: list[str] | None) -> list[str]:
    return brought if brought and brought[0] == mark else [mark]


@dataclass
class StepCopies:
    """One attempt's.

    Parameters
    ----------
    checkpointing : Checkpointing
        Makes the copies, and goes on from one when it has a plan.
    partial : mapping
        What that plan's copy had written, by name.
    """

    checkpointing: Checkpointing
    look: Look
    planner: Planner
    partial: Mapping[str, KeptOutput] = field(default_factory=dict)
    began: int = 0
    earlier: Earlier | None = None
    _environ: dict[str, str] = field(default_factory=dict)
    _brought: dict[str, list[str]] = field(default_factory=dict)

    def prepare(
        self,
        executor: NotebookExecutor,
        notebook: NotebookNode,
        recording: NotebookRecording,
    ) -> NotebookExecutor:
        """Have an executor make copies, and go on from one if there is a plan."""
        self._environ = environ_digests()
        self.checkpointing.footing = self._footing
        self.checkpointing.fallen_back = self._fall_back
        return self.checkpointing.prepare(executor, notebook, recording)

    def begin(self, began: int) -> None:
        """Put what the copy had written where it was; outputs are put aside by now."""
        self.began = began
        if not self.checkpointing.restored:
            return
        footing = self._footing_of_plan()
        self.earlier = Earlier(footing.began, footing.named)
        self._environ = footing.environ
        planner, folder = self.planner, self.planner.pipeline.folder
        bring_back(self.partial, folder, planner.blobs, planner.files)
        for name, mark in marks_of(self.look.outputs, folder).items():
            before = footing.outputs.get(name)
            if mark is not None and before is not None:
                self._brought[name] = [mark, before]

    def _footing_of_plan(self) -> Footing:
        plan = self.checkpointing.plan
        assert plan is not None
        assert plan.checkpoint is not None
        assert plan.checkpoint.footing is not None
        return Footing.from_json(plan.checkpoint.footing)

    def _footing(self) -> dict[str, Any]:
        folder = self.planner.pipeline.folder
        began = self.began if self.earlier is None else self.earlier.began
        found = Footing.under(self.look, folder, began=began, environ=self._environ)
        return found.to_json()

    def _fall_back(self) -> None:
        """Begin as if there had been no copy."""
        self.earlier, self._environ = None, environ_digests()
        self._brought.clear()
        for path in self.look.outputs.values():
            remove(self.planner.pipeline.folder / path)

    def keep_partial(self) -> dict[str, Any]:
        """Keep outputs of a step that failed, if a copy may need them; tell which."""
        if not self.checkpointing.has_copies:
            return {}
        with suppress(errors.MlopsError, OSError):
            found = keep_partial(self.look, self.planner, self._brought)
            return {name: asdict(item) for name, item in found.items()}
        return {}

    def notes(self) -> list[str]:
        """Say what was restored, or why nothing was."""
        plan, restored = self.checkpointing.plan, self.checkpointing.restored
        if plan is None:
            return []
        if restored:
            cells = f"{restored} cell" + ("s" if restored > 1 else "")
            return [f"{cells} restored from run {plan.run}"]
        return [f"all cells ran: {self.checkpointing.why}"]
