"""What ``plot`` draws: the series of runs, and runs over their params."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - a field of a dataclass
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import (
    InvalidInputError,
    MetricNotFoundError,
    nearest,
)
from jupyter_mlops.figures.parallel import Spread
from jupyter_mlops.figures.series import Curve
from jupyter_mlops.records import micros_from_time
from jupyter_mlops.tracking.badges import listed
from jupyter_mlops.tracking.bests import is_lower_better
from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.lists import EVERY
from jupyter_mlops.wording import named_values

if TYPE_CHECKING:
    from jupyter_mlops.records import RunRecord
    from jupyter_mlops.store.index import MetricSeries
    from jupyter_mlops.workspace import Workspace

_LABEL = 28
_MICROS = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which runs are meant.

    Attributes
    ----------
    runs : sequence of str
        Ids, prefixes or ``last``; empty: those that experiment and filter leave.
    limit : int
        At most so many, the latest.
    """

    runs: Sequence[str] = ()
    experiment: str | None = None
    filter: str = ""
    limit: int


def chosen_runs(
    workspace: Workspace, choice: Choice, metrics: Sequence[str]
) -> tuple[list[RunRecord], int]:
    """Return the chosen runs that have one of the metrics, and how many there are.

    Raises
    ------
    MetricNotFoundError
        When none has; names the nearest metric.
    """
    from jupyter_mlops.store.index import RunQuery

    if choice.runs:
        if choice.experiment or choice.filter:
            raise InvalidInputError(
                "Give either --runs, or --experiment and --filter, not both."
            )
        named = (workspace.get_run(text).record for text in choice.runs)
        found = list({record.run_id: record for record in named}.values())
    else:
        query = RunQuery(
            filter=choice.filter,
            experiment=choice.experiment,
            tagged=listed(choice.filter),
        )
        # Says so when there is no such experiment.
        workspace.run_table(RunQuery(experiment=choice.experiment, limit=1, include=()))
        found = workspace.store.index.find(query)
    for metric in metrics:
        _check_metric(metric, found, choice)
    having = [run for run in found if any(key in run.metrics for key in metrics)]
    return having[: choice.limit], len(having)


def _check_metric(metric: str, runs: Sequence[RunRecord], choice: Choice) -> None:
    if any(metric in run.metrics for run in runs):
        return
    known = {key for run in runs for key in run.metrics}
    if not runs:
        where = "here" if not (choice.filter or choice.experiment) else "that fits"
        raise MetricNotFoundError(
            f"There is no run {where} to plot '{metric}' of.", key=metric
        )
    which = "The run has no" if len(runs) == 1 else "None of these runs has the"
    raise MetricNotFoundError(
        f"{which} metric '{metric}'.{nearest(metric, known)}", key=metric
    )


def labels_of(runs: Sequence[RunRecord]) -> dict[str, str]:
    """Name each run in few letters: by its name where that tells it apart."""
    names = [run.name for run in runs]
    short = shown.short_ids(run.run_id for run in runs)
    found = {}
    for run in runs:
        name = shown.one_line(run.name, _LABEL)
        is_alone = names.count(run.name) == 1
        found[str(run.run_id)] = name if is_alone else f"{name} {short[run.run_id]}"
    return found


def collect_curves(
    workspace: Workspace, runs: Sequence[RunRecord], metrics: Sequence[str], x: str
) -> list[Curve]:
    """Read each metric of each run that has it: metric by metric, latest run first."""
    labels = labels_of(runs)
    return [
        _curve(
            workspace.store.index.history(run.run_id, metric),
            run,
            metric,
            labels[run.run_id],
            x,
        )
        for metric in metrics
        for run in runs
        if metric in run.metrics
    ]


def _curve(
    series: MetricSeries, run: RunRecord, metric: str, label: str, x: str
) -> Curve:
    xs: Sequence[float] = series.steps
    ys: Sequence[float] = series.values
    if x == "time":
        began = micros_from_time(run.started)
        xs = [(moment - began) / _MICROS for moment in series.times]
        # Threads and processes may have logged steps in another order.
        if any(xs[at] > xs[at + 1] for at in range(len(xs) - 1)):
            order = sorted(range(len(xs)), key=xs.__getitem__)
            xs, ys = [xs[at] for at in order], [ys[at] for at in order]
    return Curve(label=label, run_id=run.run_id, metric=metric, xs=xs, ys=ys)


def collect_spread(
    workspace: Workspace,
    runs: Sequence[RunRecord],
    metric: str,
    params: Sequence[str],
) -> tuple[Spread, dict[str, Any]]:
    """Lay runs out over params; those that are equal in all come apart.

    Raises
    ------
    InvalidInputError
        When there is no such param, or none of them differs.
    """
    known = list(dict.fromkeys(key for run in runs for key in sorted(run.params)))
    wanted = _wanted_params(params, known)
    differing, equal = parted_params(runs, wanted)
    if not differing:
        said = f": {named_values(equal)}" if equal else ""
        raise InvalidInputError(
            f"Nothing to draw {metric} against: of {shown.counted(len(runs), 'run')} "
            f"no param differs{said}."
        )
    notes = (f"Equal in all {len(runs)} runs: {named_values(equal)}.",) if equal else ()
    spread = Spread(
        metric=metric,
        values=[run.metrics[metric].last for run in runs],
        params=differing,
        notes=notes,
        is_lower_better=is_lower_better(metric, workspace.settings.lower_is_better),
    )
    return spread, equal


def _wanted_params(params: Sequence[str], known: Sequence[str]) -> list[str]:
    wanted = [name.removeprefix("params.") for name in params]
    if EVERY in wanted:
        return list(known)
    for name in wanted:
        if name not in known:
            raise InvalidInputError(
                f"None of these runs has the param '{name}'.{nearest(name, known)}",
                param=name,
            )
    return list(dict.fromkeys(wanted))


def parted_params(
    runs: Sequence[RunRecord], names: Sequence[str]
) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """Part params into those that differ, by run, and those equal in all runs."""
    differing: dict[str, list[Any]] = {}
    equal: dict[str, Any] = {}
    for name in names:
        values = [run.params.get(name) for run in runs]
        first = values[0]
        is_equal = all(
            name in run.params and type(value) is type(first) and value == first
            for run, value in zip(runs, values, strict=True)
        )
        if is_equal:
            equal[name] = first
        else:
            differing[name] = values
    return differing, equal
