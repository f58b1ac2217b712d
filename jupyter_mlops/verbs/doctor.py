"""``doctor``: reads everything in the workspace and says what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import typer  # noqa: TC002 - Typer reads the annotations

from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from jupyter_mlops.verbs.checks import Finding
    from jupyter_mlops.workspace import Workspace


@dataclass(frozen=True)
class Diagnosis:
    """What was looked at, and what was found.

    Attributes
    ----------
    counts : dict
        How many of each noun were looked at.
    """

    counts: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """1 when there is a fault."""
        return int(any(item.is_fault for item in self.findings))

    def to_json(self) -> dict[str, Any]:
        """Return counts and findings."""
        return {
            "healthy": self.exit_code == 0,
            "checked": {f"{noun}s": n for noun, n in self.counts.items()},
            "findings": self.findings,
        }

    def render(self) -> RenderableType:
        """Return a line for each finding, with what to do."""
        from rich.console import Group

        from jupyter_mlops.verbs import shown

        lines = []
        for item in self.findings:
            mark, style = ("fault", "red") if item.is_fault else ("notice", "yellow")
            line = shown.text(mark, style)
            line.append(": ")
            line.append_text(shown.text(item.what))
            line.append(" ")
            line.append_text(shown.text(item.advice, "dim"))
            lines.append(line)
        counted = ", ".join(shown.counted(n, noun) for noun, n in self.counts.items())
        faults = sum(item.is_fault for item in self.findings)
        verdict = shown.counted(faults, "fault") if faults else "All is well"
        lines.append(shown.text(f"{verdict}. Looked at {counted}."))
        return Group(*lines)


def diagnose(workspace: Workspace) -> Diagnosis:
    """Read every journal, blob, model's history and the index."""
    from jupyter_mlops.verbs.checks import (
        check_blobs,
        check_index,
        check_journals,
        check_mirrors,
        check_models,
    )

    findings: list[Finding] = []
    runs, referenced, mirrors, found = check_journals(workspace.layout)
    findings += found
    models, bound, found = check_models(workspace)
    findings += found
    findings += check_mirrors(workspace, mirrors)
    blobs, found = check_blobs(workspace.store.blobs, referenced | bound)
    findings += found
    findings += check_index(workspace)
    return Diagnosis({"run": runs, "blob": blobs, "model": models}, findings)


def doctor_command(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Check everything in the workspace, and say what is wrong.

    Journals, blobs, models' histories and the index: every byte is read. Faults make
    the exit code 1; what a crash left behind harmlessly is a notice.

    Example:
      jupyter mlops doctor
    """
    session = session_of(context)
    session.say(diagnose(session.workspace()), as_json=as_json)
