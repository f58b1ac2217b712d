"""``runs``: the recorded runs as a table, latest or best first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.errors import InvalidInputError, MetricNotFoundError, nearest
from jupyter_mlops.records import Kind, time_from_micros
from jupyter_mlops.tracking.badges import PREFIX as BADGE
from jupyter_mlops.tracking.badges import listed
from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.session import (
    AsJson,
    Interactive,
    check_interactive,
    session_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.text import Text

    from jupyter_mlops.store.index import RunTable
    from jupyter_mlops.workspace import Workspace

ATTRIBUTES = ("run_id", "name", "experiment", "kind", "status", "started", "seconds")
DEFAULT_LIMIT = 20
_FIXED = ("run_id", "name", "status", "started")
_NOUNS = ("metrics", "params", "tags")
_NUMERIC = ("seconds",)
_GAP = 2


@dataclass(frozen=True)
class RunList:
    """Runs, ready to be shown.

    Attributes
    ----------
    columns : dict
        As in a `RunTable`; lists of equal length.
    fixed, further : sequence of str
        Which columns are always shown, and which as far as there is room.
    has_more : bool
        The limit left some out.
    again : callable or None
        Where controls are asked for: lists them anew, asked otherwise.
    asked : dict
        The question that this answers, by the names of its parts.
    """

    columns: dict[str, list[Any]]
    fixed: Sequence[str]
    further: Sequence[str] = ()
    has_more: bool = False
    again: Callable[[dict[str, Any]], RunList] | None = None
    asked: dict[str, Any] = field(default_factory=dict)
    exit_code: int = field(default=0, init=False)

    def __len__(self) -> int:
        return len(self.columns["run_id"])

    def to_json(self) -> list[dict[str, Any]]:
        """Return one object a run."""
        return [_row_json(self.columns, row) for row in range(len(self))]

    def render(self) -> RunList:
        """Return itself: how many columns fit is known when it is printed."""
        return self

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        if not len(self):
            yield shown.text("No runs.")
            return
        cells = {name: list(self._cells(name)) for name in self.fixed}
        room = options.max_width - sum(_width(n, found) for n, found in cells.items())
        hidden = []
        for name in self.further:
            found = list(self._cells(name))
            room -= _width(name, found)
            if room >= 0:
                cells[name] = found
            else:
                hidden.append(name)
        right = [_header(name) for name in cells if self._is_numeric(name)]
        table = shown.make_table(*map(_header, cells), right=right)
        for row in zip(*cells.values(), strict=True):
            table.add_row(*row)
        yield table
        if hidden:
            said = f"Not shown: {', '.join(hidden)}. Choose with --columns."
            yield shown.text(said, "dim", width=options.max_width)
        if self.has_more:
            yield shown.text("There are more: see --limit.", "dim")

    def _cells(self, name: str) -> Iterator[Text]:
        if name == "run_id":
            short = shown.short_ids(self.columns[name])
            yield from (shown.text(short[item], "cyan") for item in self.columns[name])
            return
        for item in self.columns[name]:
            if name == "status":
                yield shown.status(item)
            elif name == "started":
                yield shown.text(shown.ago(time_from_micros(item)))
            elif name == "seconds":
                yield shown.text(shown.took(item))
            else:
                yield shown.text("" if item is None else shown.value(item, 24))

    def _is_numeric(self, name: str) -> bool:
        found = [item for item in self.columns[name] if item is not None]
        return name in _NUMERIC or (
            name not in ATTRIBUTES and all(type(item) in (int, float) for item in found)
        )


def list_runs(
    workspace: Workspace,
    filter: str = "",  # noqa: A002 - the field's word for it
    *,
    order_by: str | None = None,
    experiment: str | None = None,
    best: str | None = None,
    kind: Kind | None = None,
    limit: int = DEFAULT_LIMIT,
    columns: str | None = None,
    archived: bool = False,
) -> RunList:
    """List runs, latest first, or best first by a metric.

    Parameters
    ----------
    best : str, optional
        A metric; runs without it are left out, and whether less is better is the
        setting ``lower_is_better``.
    columns : str, optional
        Which columns, separated by commas; without it the ones that tell most.
    archived : bool
        Archived runs, too.

    Raises
    ------
    FilterSyntaxError, ExperimentNotFoundError, MetricNotFoundError
        When the question names what is not there.
    """
    from jupyter_mlops.store.index import RunQuery
    from jupyter_mlops.tracking.bests import is_lower_better

    if best is not None:
        if order_by is not None:
            raise InvalidInputError("Give either --best or --order-by, not both.")
        best = best.removeprefix("metrics.")
        is_lower = is_lower_better(best, workspace.settings.lower_is_better)
        order_by = f"metrics.`{best}` {'asc' if is_lower else 'desc'}"
    table = workspace.run_table(
        RunQuery(
            filter=filter,
            order_by=order_by or (),
            experiment=experiment,
            kinds=[str(kind)] if kind else (),
            tagged=listed(filter, with_archived=archived),
            limit=limit + 1,
        )
    )
    found = table.columns
    if best is not None:
        found = _having(table, best)
    has_more = len(found["run_id"]) > limit
    found = {name: cells[:limit] for name, cells in found.items()}
    if columns is not None:
        chosen = [_column(name, found) for name in columns.split(",") if name.strip()]
        return RunList(found, list(dict.fromkeys(["run_id", *chosen])), (), has_more)
    return RunList(found, _FIXED, telling_columns(found, first=best), has_more)


def telling_columns(columns: dict[str, list[Any]], first: str | None) -> list[str]:
    """Choose verdicts, metrics, most common first, and the params that differ."""
    badges = [name for name in columns if name.startswith(f"tags.{BADGE}")]
    counts: Counter[str] = Counter()
    for name, cells in columns.items():
        noun = name.partition(".")[0]
        is_telling = noun == "metrics" or (
            noun == "params" and (len(cells) == 1 or _differ(cells))
        )
        if is_telling and noun != name:
            counts[name] = sum(cell is not None for cell in cells)
    ordered = sorted(
        (name for name in counts if counts[name]),
        key=lambda name: (
            name != f"metrics.{first}",
            not name.startswith("metrics."),
            -counts[name],
            name,
        ),
    )
    metrics = [name for name in ordered if name.startswith("metrics.")]
    # Many metrics must not crowd out every param, which say why they differ.
    params = [name for name in ordered if not name.startswith("metrics.")]
    return badges + metrics[:4] + params + metrics[4:]


def _differ(cells: list[Any]) -> bool:
    return any(type(cell) is not type(cells[0]) or cell != cells[0] for cell in cells)


def _having(table: RunTable, metric: str) -> dict[str, list[Any]]:
    cells = table.columns.get(f"metrics.{metric}", [])
    kept = [row for row, cell in enumerate(cells) if cell is not None]
    if not kept:
        prefix = "metrics."
        known = [
            name.removeprefix(prefix)
            for name in table.columns
            if name.startswith(prefix)
        ]
        raise MetricNotFoundError(
            f"None of these runs has the metric '{metric}'.{nearest(metric, known)}",
            key=metric,
        )
    return {name: [cells[row] for row in kept] for name, cells in table.columns.items()}


def _column(name: str, columns: dict[str, list[Any]]) -> str:
    name = name.strip()
    for candidate in (name, *(f"{noun}.{name}" for noun in _NOUNS)):
        if candidate in columns:
            return candidate
    # A key may have been meant without the noun before it.
    known = [part for column in columns for part in (column, _header(column))]
    raise InvalidInputError(
        f"These runs have no column '{name}'.{nearest(name, known)}", column=name
    )


def _header(name: str) -> str:
    if name == "run_id":
        return "run"
    noun, _, key = name.partition(".")
    return key.removeprefix(BADGE) if key and noun in _NOUNS else name


def _width(name: str, cells: list[Text]) -> int:
    widest = max((cell.cell_len for cell in cells), default=0)
    return max(widest, len(_header(name))) + _GAP


def _row_json(columns: dict[str, list[Any]], row: int) -> dict[str, Any]:
    found: dict[str, Any] = {noun: {} for noun in _NOUNS}
    for name, cells in columns.items():
        noun, _, key = name.partition(".")
        if name == "started":
            found[name] = time_from_micros(cells[row])
        elif not key:
            found[name] = cells[row]
        elif cells[row] is not None:
            found[noun][key] = cells[row]
    return {name: found[name] for name in (*ATTRIBUTES, *_NOUNS)}


def runs_command(
    context: typer.Context,
    *,
    filter: Annotated[  # noqa: A002 - the field's word for it
        str,
        typer.Argument(
            help="Only these, in MLflow's search language.",
            metavar="[FILTER]",
            show_default=False,
        ),
    ] = "",
    order_by: Annotated[
        str | None, typer.Option(help="Such as 'metrics.auc desc'.", metavar="FIELDS")
    ] = None,
    experiment: Annotated[
        str | None,
        typer.Option(
            "--experiment", "-e", help="Only runs of this experiment.", metavar="NAME"
        ),
    ] = None,
    best: Annotated[
        str | None, typer.Option(help="Best first by this metric.", metavar="METRIC")
    ] = None,
    kind: Annotated[Kind | None, typer.Option(help="Only runs of this kind.")] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, help="At most so many.", metavar="N")
    ] = DEFAULT_LIMIT,
    columns: Annotated[
        str | None,
        typer.Option(help="As in 'name,metrics.auc,params.C'.", metavar="COLUMNS"),
    ] = None,
    archived: Annotated[
        bool, typer.Option("--archived", help="Archived ones, too.")
    ] = False,
    interactive: Interactive = False,
    as_json: AsJson = False,
) -> None:
    """List runs, latest first.

    The filter is MLflow's search language, with typed params. Metrics that are
    better when smaller are known by the setting lower_is_better.

    Example:
      jupyter mlops runs --best auc
      jupyter mlops runs "metrics.auc > 0.9 and params.C < 1" -e churn -n 5
    """
    session = session_of(context)
    check_interactive(session, asked=interactive)
    asked = {
        "filter": filter,
        "order_by": order_by,
        "experiment": experiment,
        "best": best,
        "kind": kind,
        "limit": limit,
        "columns": columns,
        "archived": archived,
    }

    def again(changes: dict[str, Any]) -> RunList:
        return list_runs(session.workspace(), **asked | changes)

    found = again({})
    if interactive:
        found = replace(found, again=again, asked=asked)
    session.say(found, as_json=as_json)
