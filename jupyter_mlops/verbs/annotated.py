"""A run that something was said of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.verbs import shown

if TYPE_CHECKING:
    from rich.console import RenderableType

    from jupyter_mlops.tracking.recorded import RecordedRun


@dataclass(frozen=True)
class AnnotatedRun:
    """A run as it is now, and a sentence about what was done."""

    run: RecordedRun
    said: str
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return what is said of the run."""
        return {
            "run_id": self.run.id,
            "note": self.run.record.note,
            "tags": self.run.tags,
            "archived": self.run.is_archived,
        }

    def render(self) -> RenderableType:
        """Return one line."""
        return shown.text(self.said)
