"""``plot``: metrics of runs as curves, or against the params that differ."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.figures.curves import CurveLook
from jupyter_mlops.verbs.plotanswers import CurvePlot, SpreadPlot, form_of, save_plot
from jupyter_mlops.verbs.plotdata import (
    Choice,
    chosen_runs,
    collect_curves,
    collect_spread,
    labels_of,
)
from jupyter_mlops.verbs.session import (
    AsJson,
    Interactive,
    check_interactive,
    session_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.workspace import Workspace

MOST_RUNS = 200


class Across(StrEnum):
    """What lies along the x axis."""

    STEP = "step"
    TIME = "time"


def plot_curves(
    workspace: Workspace, metrics: Sequence[str], choice: Choice, look: CurveLook
) -> CurvePlot:
    """Collect metrics of runs as curves.

    Raises
    ------
    MetricNotFoundError
        When no run has one of them.
    """
    from jupyter_mlops.tracking.bests import is_lower_better

    metrics = metric_names(metrics)
    runs, count = chosen_runs(workspace, choice, metrics)
    words = workspace.settings.lower_is_better
    lower = frozenset(name for name in metrics if is_lower_better(name, words))
    curves = collect_curves(workspace, runs, metrics, look.x)
    return CurvePlot(
        curves, replace(look, lower_is_better=lower), _more(len(runs), count)
    )


def plot_spread(
    workspace: Workspace, metrics: Sequence[str], choice: Choice, params: Sequence[str]
) -> SpreadPlot:
    """Collect a metric of runs against params: their names, or ``*`` for all.

    Raises
    ------
    InvalidInputError
        When more than one metric is named, or no param differs.
    """
    metrics = metric_names(metrics)
    if len(metrics) > 1:
        raise InvalidInputError(
            f"--against takes one metric, not {len(metrics)}: {', '.join(metrics)}."
        )
    runs, count = chosen_runs(workspace, choice, metrics)
    spread, equal = collect_spread(workspace, runs, metrics[0], params)
    spread = replace(spread, notes=(*spread.notes, *_more(len(runs), count)))
    labels = labels_of(runs)
    ids = [str(run.run_id) for run in runs]
    return SpreadPlot(spread, equal, ids, [labels[run_id] for run_id in ids])


def metric_names(metrics: Sequence[str]) -> list[str]:
    """Take the noun off metrics' names, and each name once."""
    return list(dict.fromkeys(name.removeprefix("metrics.") for name in metrics))


def _more(drawn: int, count: int) -> list[str]:
    if drawn == count:
        return []
    return [f"The latest {drawn} of {count:,} runs: see --limit."]


def plot_command(
    context: typer.Context,
    *,
    metrics: Annotated[
        list[str], typer.Argument(help="The metrics to draw.", metavar="METRIC...")
    ],
    runs: Annotated[
        list[str] | None,
        typer.Option(
            "--runs",
            help="Of these runs: ids, their beginnings, 'last'.",
            metavar="RUN...",
        ),
    ] = None,
    experiment: Annotated[
        str | None,
        typer.Option(
            "--experiment", "-e", help="Of runs of this experiment.", metavar="NAME"
        ),
    ] = None,
    filter: Annotated[  # noqa: A002 - the field's word for it
        str,
        typer.Option(
            "--filter",
            "-f",
            help="Of these runs, in MLflow's language.",
            metavar="FILTER",
        ),
    ] = "",
    limit: Annotated[
        int,
        typer.Option("--limit", "-n", min=1, help="At most so many runs.", metavar="N"),
    ] = MOST_RUNS,
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against",
            help="Against these params, as parallel coordinates; none named: all that "
            "differ.",
            metavar="PARAM...",
        ),
    ] = None,
    x: Annotated[Across, typer.Option("--x", help="What lies along x.")] = Across.STEP,
    smoothing: Annotated[
        float,
        typer.Option(
            min=0,
            max=0.9999,
            help="Smooth exponentially, 0 to below 1.",
            metavar="WEIGHT",
        ),
    ] = 0.0,
    logx: Annotated[bool, typer.Option("--logx", help="Logarithmic x axis.")] = False,
    logy: Annotated[bool, typer.Option("--logy", help="Logarithmic y axis.")] = False,
    interactive: Interactive = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Draw to this .png, .svg, .html or .pdf.",
            metavar="PATH",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draw metrics of runs as curves, or one against the params that differ.

    Example:
      jupyter mlops plot loss val_loss -e churn --smoothing 0.6 -o loss.png
      jupyter mlops plot auc --against C kernel -o auc.svg
      jupyter mlops plot loss --runs 01jd3k8v2m last
    """
    if output is not None:
        form_of(output)
    session = session_of(context)
    check_interactive(session, asked=interactive)
    workspace = session.workspace()
    choice = Choice(runs=runs or (), experiment=experiment, filter=filter, limit=limit)
    plot: CurvePlot | SpreadPlot
    if against:
        plot = plot_spread(workspace, metrics, choice, against)
    else:
        look = CurveLook(x=x, smoothing=smoothing, logx=logx, logy=logy)
        plot = plot_curves(workspace, metrics, choice, look)
        if interactive:
            plot = replace(
                plot,
                again=lambda changes: plot_curves(
                    workspace, metrics, choice, replace(look, **changes)
                ),
            )
    if output is not None:
        session.say(save_plot(plot, output), as_json=as_json)
    else:
        session.say(plot, as_json=as_json)
