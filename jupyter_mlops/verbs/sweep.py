"""``sweep``: a notebook over many values of its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.verbs.notebookoptions import (  # noqa: TC001 - Typer reads them
    CellTimeout,
    ClusterAddress,
    ClusterFiles,
    ExperimentName,
    KernelName,
    RunName,
)
from jupyter_mlops.verbs.session import AsJson, make_console, session_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from jupyter_mlops.pipeline.sweeps.results import SweepResult
    from jupyter_mlops.workspace import Workspace

_PIPELINES = ("pipeline.yaml", "pipeline.yml")


@dataclass(frozen=True)
class SweepAnswer:
    """A sweep that ran."""

    result: SweepResult

    @property
    def exit_code(self) -> int:
        """1 when a point failed."""
        return 1 if self.result.status == "failed" else 0

    def to_json(self) -> dict[str, Any]:
        """Return its run and its points, the best first."""
        resumed = self.result.resumed
        return {
            **self.result.to_json(),
            **({"resumed": resumed.to_json()} if resumed else {}),
        }

    def render(self) -> RenderableType:
        """Return the table, and the best in words."""
        from rich.console import Group

        from jupyter_mlops.verbs import shown
        from jupyter_mlops.verbs.sweeptable import points_table, sharing_line, why_lines

        found = self.result
        lines = [
            line
            for line in (
                *why_lines(found.points),
                f"Resumed {found.resumed.line}." if found.resumed else "",
                sharing_line(found.shared, found.why_not),
                best_line(found),
                left_line(found),
                f"See it with: jupyter mlops show {found.run_id}",
            )
            if line
        ]
        table = points_table(found.ranked, found.metric)
        return Group(table, *(shown.text(line) for line in lines))


def left_line(found: SweepResult) -> str:
    """Say how to go on with a sweep that left points."""
    if found.status != "failed":
        return ""
    return f"Once it is mended: jupyter mlops resume {found.run_id}"


def best_line(found: SweepResult) -> str:
    """Say which point is the best, or why none is known to be."""
    from jupyter_mlops.verbs import shown

    best = found.best
    if best is None:
        if not found.metric and any(item.metrics for item in found.points):
            return "Which point is the best? Name a metric: '--metric NAME'."
        return ""
    values = ", ".join(f"{k}={shown.value(v)}" for k, v in best.values.items())
    value = shown.number(best.metrics[found.metric])
    return f"Best: {found.metric} {value} with {values} (point {best.number})."


def sweep_notebook(workspace: Workspace, notebook: Path, **options: Any) -> SweepAnswer:
    """Run a sweep; `options` are those of `Sweeps.run`.

    What is no notebook is a step of the pipeline here, or of ``PIPELINE:STEP``.
    """
    if (found := step_of(notebook)) is not None:
        return SweepAnswer(workspace.sweeps.run_step(*found, **options))
    return SweepAnswer(workspace.sweeps.run(notebook, **options))


def step_of(word: Path) -> tuple[str, str] | None:
    """Take ``STEP`` of the pipeline here, or ``PIPELINE:STEP``; None for notebooks."""
    if word.suffix == ".ipynb" or word.exists():
        return None
    pipeline, colon, step = str(word).rpartition(":")
    if colon:
        return (pipeline, step)
    is_here = any((word.cwd() / name).is_file() for name in _PIPELINES)
    return (".", step) if is_here and word.name == str(word) else None


def read_dimensions(words: list[str] | None, option: str) -> dict[str, str]:
    """Read ``NAME=VALUES``, one for each use of an option."""
    found: dict[str, str] = {}
    for word in words or ():
        name, is_pair, values = word.partition("=")
        name = name.strip()
        if not is_pair or not name or not values.strip():
            raise typer.BadParameter(
                f"'{option} {word}' is no name with values: write '{option} "
                f"{name or 'NAME'}=0.1,1,10'."
            )
        if name in found:
            raise typer.BadParameter(
                f"'{option} {name}=' is there twice: put all its values into one."
            )
        found[name] = values
    return found


def _goal(*, is_max: bool, is_min: bool) -> str | None:
    if is_max and is_min:
        raise typer.BadParameter("Give either --max or --min, not both.")
    return "max" if is_max else "min" if is_min else None


def _memory(text: str | None) -> int:
    from jupyter_mlops.pipeline.spec.quantities import bytes_of

    if text is None:
        return 0
    try:
        return int(bytes_of(text))
    except ValueError as error:
        raise typer.BadParameter(f"'--memory {text}': it must be {error}.") from None


def sweep_command(
    context: typer.Context,
    *,
    notebook: Annotated[
        Path,
        typer.Argument(
            help="The notebook, or a pipeline's STEP or PIPELINE:STEP.",
            metavar="NOTEBOOK",
        ),
    ],
    grid: Annotated[
        list[str] | None,
        typer.Option(help="Each of these values.", metavar="NAME=VALUES"),
    ] = None,
    over: Annotated[
        list[str] | None,
        typer.Option(
            help="Drawn from these: 0.1,1,10 or 0.1..10, log:0.01..10, int:1..50.",
            metavar="NAME=VALUES",
        ),
    ] = None,
    random: Annotated[
        int | None, typer.Option(help="Draw N points.", metavar="N", min=1)
    ] = None,
    search: Annotated[
        int | None,
        typer.Option(
            help="N points, each chosen by what came of those before.",
            metavar="N",
            min=1,
        ),
    ] = None,
    metric: Annotated[
        str | None, typer.Option(help="What tells the best point.", metavar="NAME")
    ] = None,
    is_max: Annotated[
        bool, typer.Option("--max", help="More of it is better.")
    ] = False,
    is_min: Annotated[
        bool, typer.Option("--min", help="Less of it is better.")
    ] = False,
    seed: Annotated[
        int | None,
        typer.Option(help="Draw the same points again.", metavar="N", min=0),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter", "-p", help="One value for all points.", metavar="NAME VALUE"
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            help="Points at once. Default: 1; on a cluster as many as it has threads.",
            min=1,
            metavar="N",
        ),
    ] = None,
    memory: Annotated[
        str | None,
        typer.Option(help="What one point may take, as in 2GB.", metavar="SIZE"),
    ] = None,
    missing: Annotated[
        bool,
        typer.Option(
            "--missing", help="Only points that no earlier sweep of it has finished."
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Save the executed notebooks there.", metavar="DIR"
        ),
    ] = None,
    experiment: ExperimentName = None,
    name: RunName = None,
    kernel: KernelName = None,
    timeout: CellTimeout = None,
    engine: Annotated[
        str | None,
        typer.Option(help="worker or nbclient. Default: the setting.", metavar="NAME"),
    ] = None,
    on: ClusterAddress = None,
    via: ClusterFiles = None,
    as_json: AsJson = False,
) -> None:
    """Run a notebook over many values of its parameters, each point as a run.

    Cells that do not depend on what is swept over run once; each point goes on from
    there. Interrupted once, points that run end and no more begin; twice, they are
    stopped. 'jupyter mlops resume' then runs what is left, as it does where points
    failed; so does this command with --missing, from the first cell.

    On a cluster each point runs whole, wherever a worker is free. Of a search, points
    are watched there once a second, and stopped early as here.

    Example:
      jupyter mlops sweep train.ipynb --grid C=0.1,1,10 --grid model=rf,svm -j 2
      jupyter mlops sweep train.ipynb --random 20 --over C=log:0.01..10 --metric auc
      jupyter mlops sweep train.ipynb --search 50 --over n=int:1..50 --metric auc --max
      jupyter mlops sweep train.ipynb --grid C=0.1,1,10 --on dask://head:8786
    """
    from jupyter_mlops.verbs.run import raw_values
    from jupyter_mlops.verbs.sweeptable import sweep_progress

    session = session_of(context)
    options: dict[str, Any] = {
        "parameters": raw_values(parameter),
        "grid": read_dimensions(grid, "--grid"),
        "over": read_dimensions(over, "--over"),
        "random": random,
        "search": search,
        "metric": metric,
        "goal": _goal(is_max=is_max, is_min=is_min),
        "seed": seed,
        "jobs": jobs,
        "memory": _memory(memory),
        "missing": missing,
        "output": output,
        "experiment": experiment,
        "name": name,
        "kernel": kernel,
        "timeout": timeout,
        "engine": engine,
        "on": on,
        "via": via,
    }
    workspace = session.workspace(make=True)
    try:
        with sweep_progress(make_console(stderr=True), metric or "") as progress:
            found = sweep_notebook(workspace, notebook, progress=progress, **options)
    except KeyboardInterrupt:
        said = (
            "Interrupted: what has ended is kept. 'jupyter mlops resume' with the "
            "sweep's run, or this command with --missing, runs the rest."
        )
        typer.echo(said, err=True)
        raise
    session.say(found, as_json=as_json)
