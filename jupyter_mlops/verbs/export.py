"""``export``: a version in the form that other software takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from jupyter_mlops.workspace import Workspace
    from jupyter_mlops.workspace.exports import Exported


@dataclass(frozen=True)
class ExportedModel:
    """Where a version was exported to."""

    exported: Exported
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return version, target, path, files and size."""
        found = self.exported
        return {
            "model": found.version.model,
            "version": found.version.version,
            "digest": found.version.digest,
            "to": found.target,
            "path": found.path,
            "files": found.files,
            "size": found.size,
            "use": found.use,
        }

    def render(self) -> RenderableType:
        """Return what was written, and how it is used."""
        from rich.console import Group

        found = self.exported
        said = (
            f"Exported version {found.version.version} of {found.version.model} as "
            f"{found.target} to {found.path} ({shown.counted(found.files, 'file')}, "
            f"{shown.size(found.size)})."
        )
        return Group(shown.text(said), shown.text(f"Use: {found.use}", "dim"))


def export(
    workspace: Workspace,
    uri: str,
    to: str,
    output: Path,
    *,
    force: bool = False,
    allow_types: Sequence[str] = (),
    allow_code: bool = False,
    allow_pickle: bool = False,
    loader: str | None = None,
) -> ExportedModel:
    """Write a version in another system's form."""
    return ExportedModel(
        workspace.exports.export(
            uri,
            to,
            output,
            force=force,
            allow_types=tuple(allow_types),
            allow_code=allow_code,
            allow_pickle=allow_pickle,
            loader=loader,
        )
    )


def export_command(
    context: typer.Context,
    *,
    uri: Annotated[
        str, typer.Argument(help="models:/NAME/VERSION or @ALIAS.", metavar="URI")
    ],
    to: Annotated[
        str,
        typer.Option(
            help="mlflow, onnx, tensorflow, torchserve, v2 or docker.", metavar="TARGET"
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="The file or folder.", metavar="PATH"),
    ],
    force: Annotated[
        bool, typer.Option("--force", help="Replace what is there.")
    ] = False,
    allow_type: Annotated[
        list[str] | None,
        typer.Option(
            help="A further type that the model may hold; again for more.",
            metavar="TYPE",
        ),
    ] = None,
    allow_code: Annotated[
        bool,
        typer.Option(
            "--allow-code", help="Run the source that is kept with a PyTorch model."
        ),
    ] = False,
    allow_pickle: Annotated[
        bool,
        typer.Option(
            "--allow-pickle",
            help="Take a pickle away: whoever loads it there unpickles it, unasked.",
        ),
    ] = False,
    loader: Annotated[
        str | None,
        typer.Option(
            help="The loader of a model that is bytes: it is called there, unasked.",
            metavar="PACKAGE.MODULE:FUNCTION",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a version in the form that other software loads.

    An MLflow model, an ONNX file, a TensorFlow Serving version, a TorchServe archive,
    an Open Inference Protocol repository (MLServer, KServe), or a folder with a small
    server and a Dockerfile. What is there is not replaced without --force, and that
    the version was taken away is kept in the model's history.

    Example:
      jupyter mlops export models:/churn@champion --to mlflow -o churn-mlflow
      jupyter mlops export models:/churn/3 --to onnx -o churn.onnx
      jupyter mlops export models:/churn/3 --to v2 -o repository
    """
    session = session_of(context)
    found = export(
        session.workspace(),
        uri,
        to,
        output,
        force=force,
        allow_types=allow_type or (),
        allow_code=allow_code,
        allow_pickle=allow_pickle,
        loader=loader,
    )
    session.say(found, as_json=as_json)
