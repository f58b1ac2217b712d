"""``pull``: models that were pushed elsewhere come back, with their history."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from jupyter_mlops.interop.pulling import Pulled
    from jupyter_mlops.workspace import Workspace


@dataclass(frozen=True)
class PulledModels:
    """What was brought here."""

    models: Sequence[Pulled]
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> list[dict[str, Any]]:
        """Return one object a model."""
        return [
            {
                "model": one.model,
                "versions": one.versions,
                "without_files": one.without_files,
                "events": one.events,
                "runs": one.runs,
                "blobs": one.blobs,
                "relation": one.relation,
            }
            for one in self.models
        ]

    def render(self) -> RenderableType:
        """Return a line a model, and what is lacking."""
        from rich.console import Group

        lines = []
        for one in self.models:
            lines.append(shown.text(_line(one)))
            if one.without_files:
                numbers = ", ".join(str(number) for number in one.without_files)
                said = (
                    f"Its history names version {numbers}, whose files are not there."
                )
                lines.append(shown.text(said, "yellow"))
            if one.missing:
                said = (
                    f"{shown.counted(len(one.missing), 'blob')} of its runs are gone."
                )
                lines.append(shown.text(said, "yellow"))
        return Group(*lines)


def _line(one: Pulled) -> str:
    versions = shown.counted(len(one.versions), "version")
    if not (one.events or one.runs or one.blobs):
        return f"{one.model} is here already: {versions}."
    counts = ((one.events, "new event"), (one.runs, "new run"), (one.blobs, "new blob"))
    words = [versions, *(shown.counted(count, noun) for count, noun in counts)]
    return f"{one.model}: {', '.join(words)}; every byte was checked."


def pull(workspace: Workspace, source: str, names: Sequence[str] = ()) -> PulledModels:
    """Bring models here from an MLflow server or a URL of fsspec."""
    return PulledModels(workspace.remotes.pull(source, names))


def pull_command(
    context: typer.Context,
    *,
    source: Annotated[
        str,
        typer.Argument(
            help="mlflow+http://HOST:PORT, or a URL such as s3://BUCKET/PREFIX.",
            metavar="SOURCE",
        ),
    ],
    names: Annotated[
        list[str] | None,
        typer.Argument(help="The models. Default: all of them.", metavar="[NAME]…"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Bring models here that were pushed elsewhere, with versions, history and runs.

    Every byte is checked first. A history that differs from the one here is refused.

    Example:
      jupyter mlops pull s3://team/models churn
      jupyter mlops pull mlflow+http://127.0.0.1:5000
    """
    session = session_of(context)
    workspace = session.workspace(make=True)
    session.say(pull(workspace, source, names or ()), as_json=as_json)
