"""``compare``: runs side by side, what differs first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.tracking.badges import badges_of
from jupyter_mlops.tracking.sidebyside import MISSING, NOUNS, SideBySide
from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from jupyter_mlops.workspace import Workspace


@dataclass(frozen=True)
class ComparedRuns:
    """Two runs or more, side by side."""

    found: SideBySide
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return the runs; by noun what differs, by run, and what is equal."""
        return {
            "runs": [
                {
                    "run_id": run.run_id,
                    "name": run.name,
                    "experiment": run.experiment,
                    "kind": run.kind,
                    "status": run.status,
                    "started": run.started,
                    "seconds": run.seconds,
                    "badges": badges_of(run.tags),
                }
                for run in self.found.runs
            ],
            **{
                noun: {
                    "differing": {
                        name: self._by_run(values)
                        for name, values in self.found.differing[noun].items()
                    },
                    "equal": self.found.equal[noun],
                }
                for noun in NOUNS
                if noun != "badges"
            },
            "best": {
                name: [self.found.runs[at].run_id for at in places]
                for name, places in self.found.best.items()
            },
        }

    def _by_run(self, values: Sequence[Any]) -> dict[str, Any]:
        return {
            run.run_id: value
            for run, value in zip(self.found.runs, values, strict=True)
            if value is not MISSING
        }

    def render(self) -> RenderableType:
        """Return a table, a column a run."""
        from jupyter_mlops.verbs.comparetable import SideTable

        return SideTable(self.found)


def set_side_by_side(workspace: Workspace, runs: Sequence[str]) -> ComparedRuns:
    """Set runs side by side: ids, prefixes of them, or ``last``.

    Raises
    ------
    InvalidInputError
        When these are fewer than two runs.
    """
    records = [workspace.get_run(text).record for text in runs]
    found = list({record.run_id: record for record in records}.values())
    if len(found) < 2:  # noqa: PLR2004 - one and another
        raise InvalidInputError(
            f"To compare takes two runs or more; these words name one, "
            f"{found[0].run_id}. See it with 'show'."
        )
    lower = workspace.settings.lower_is_better
    return ComparedRuns(SideBySide(found, lower))


def compare_command(
    context: typer.Context,
    *,
    runs: Annotated[
        list[str],
        typer.Argument(
            help="Two runs or more: ids, the beginnings of them, or 'last'.",
            metavar="RUN...",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Set runs side by side: params that differ, metrics, tags; what is equal below.

    Example:
      jupyter mlops compare 01jd3k8v2m 01jd3kb7qz last
      jupyter mlops compare 01jd3k8v2m last --json
    """
    session = session_of(context)
    session.say(set_side_by_side(session.workspace(), runs), as_json=as_json)
