"""How one run and one cell look in a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.records import Status
from jupyter_mlops.tracking.badges import own_tags
from jupyter_mlops.tracking.displayed import frame_lines
from jupyter_mlops.tracking.modelwords import model_line, models_of
from jupyter_mlops.tracking.resumed import read_resumed
from jupyter_mlops.tracking.stamps import read_stamp
from jupyter_mlops.verbs import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType
    from rich.table import Table

    from jupyter_mlops.records import CellRecord, ErrorRecord
    from jupyter_mlops.tracking.recorded import RecordedRun

_DIGEST = 12
VERIFICATION = "verification.json"
_ROWS = 30
"""Rows of one part; a screen has not many more."""
_VALUE = 60
_ERROR_LINES = 15


def render_run(run: RecordedRun, project: Path) -> RenderableType:
    """Lay out everything of a run, leaving out the parts that it lacks."""
    from rich.console import Group

    parts: list[RenderableType] = [_head(run, project)]
    for part in _parts(run):
        parts += ["", part]
    return Group(*parts)


def _head(run: RecordedRun, project: Path) -> RenderableType:
    record = run.record
    table = shown.make_table("", "")
    table.show_header = False
    started = record.started.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    rows = {
        "run": str(record.run_id),
        "name": record.name,
        "experiment": record.experiment,
        "kind": str(record.kind),
        "started": f"{started} ({shown.ago(record.started)})",
        "took": shown.took(record.seconds),
        "notebook": _relative(record.notebook, project),
        "parent": str(record.parent_id or ""),
        "note": record.note or "",
        "resumed": _resumed(run),
        "engine": _engine(run),
        "cluster": _cluster(run),
        "verified": _verdict(run),
        "stamp": read_stamp(run, project).line,
        "environment": str(record.environment or "")[:_DIGEST],
        "tags": ", ".join(
            f"{key}={word}" for key, word in sorted(own_tags(record.tags).items())
        ),
    }
    # A long value is cut on a narrow terminal, never the word that says what it is.
    table.columns[0].min_width = max(map(len, rows))
    for noun, word in rows.items():
        if word:
            table.add_row(shown.text(noun, "dim"), shown.text(word, width=200))
        if noun == "kind":
            table.add_row(shown.text("status", "dim"), shown.status(record.status))
    return table


def _resumed(run: RecordedRun) -> str:
    found = read_resumed(run.observations)
    return "" if found is None else found.line


def _engine(run: RecordedRun) -> str:
    told = run.observations.get("engine")
    if not isinstance(told, dict):
        return ""
    why = f": {told['why']}" if told.get("why") else ""
    return f"{told.get('name')}{why}"


def _cluster(run: RecordedRun) -> str:
    told = run.observations.get("cluster")
    if not isinstance(told, dict):
        return ""
    differs = told.get("differs")
    shown_differs = f"; {'; '.join(map(str, differs))}" if differs else ""
    host = told.get("host", "an unknown host")
    return f"{host}, worker {told.get('worker')}{shown_differs}"


def _verdict(run: RecordedRun) -> str:
    kept = run.artifacts.get(VERIFICATION)
    return "" if kept is None else str(kept.meta.get("summary", ""))


def _parts(run: RecordedRun) -> Iterator[RenderableType]:
    record = run.record
    if record.params:
        table = shown.make_table("param", "value")
        _fill(
            table,
            (
                (key, shown.value(record.params[key], _VALUE))
                for key in sorted(record.params)
            ),
        )
        yield table
    if record.metrics:
        yield _metrics(run)
    models = models_of(run)
    if models:
        table = shown.make_table("model", "took", right=["took"])
        rows = ((model_line(item), shown.took(item.get("seconds"))) for item in models)
        _fill(table, rows)
        yield table
    if run.cells:
        yield _cells(run)
    if frames := frame_lines(run.observations):
        table = shown.make_table("table", "shape", "columns")
        _fill(table, frames)
        yield table
    if run.children:
        yield _children(run)
    if run.artifacts:
        table = shown.make_table("artifact", "format", "size", right=["size"])
        _fill(
            table,
            (
                (key, item.format, shown.size(item.size))
                for key, item in sorted(run.artifacts.items())
            ),
        )
        yield table
    if run.files:
        table = shown.make_table("file", "role", "size", "digest", right=["size"])
        _fill(
            table,
            (
                (
                    item.path,
                    item.role,
                    "" if item.size is None else shown.size(item.size),
                    (item.digest or "")[:_DIGEST],
                )
                for item in run.files
            ),
        )
        yield table
    if record.error is not None:
        yield _error(record.error)


def _metrics(run: RecordedRun) -> RenderableType:
    names = ("last", "min", "max", "count")
    table = shown.make_table("metric", *names, right=names)
    rows = (
        (
            key,
            *(
                shown.number(found)
                for found in (item.last, item.min, item.max, item.count)
            ),
        )
        for key, item in sorted(run.record.metrics.items())
    )
    _fill(table, rows)
    return table


def _cells(run: RecordedRun) -> RenderableType:
    numbers = ("took", "cpu", "peak")
    table = shown.make_table(
        "cell", "in", "status", *numbers, "source", right=["cell", "in", *numbers]
    )
    for cell in run.cells[:_ROWS]:
        count = f"[{cell.execution_count}]" if cell.execution_count else ""
        table.add_row(
            shown.text(str(cell.position)),
            shown.text(count, "dim"),
            shown.status(cell.status),
            shown.text(shown.took(cell.seconds)),
            shown.text(shown.took(cell.cpu_seconds)),
            shown.text("" if cell.peak_bytes is None else shown.size(cell.peak_bytes)),
            shown.text(_title(cell.source), width=_VALUE),
        )
    _rest(table, len(run.cells))
    return table


def _children(run: RecordedRun) -> RenderableType:
    if (points := _points(run)) is not None:
        return points
    table = shown.make_table(
        "child", "name", "status", "took", "metrics", right=["took"]
    )
    short = shown.short_ids(child.id for child in run.children)
    for child in run.children[:_ROWS]:
        metrics = (
            f"{key} {shown.number(found)}" for key, found in child.metrics.items()
        )
        table.add_row(
            shown.text(short[child.id], "cyan"),
            shown.text(child.name, width=30),
            shown.status(child.status),
            shown.text(shown.took(child.record.seconds)),
            shown.text(", ".join(metrics), width=_VALUE),
        )
    _rest(table, len(run.children))
    return table


def _points(run: RecordedRun) -> RenderableType | None:
    """Lay the points of a sweep out, the best first; None for other runs."""
    from jupyter_mlops.pipeline.sweeps.recorded import sweep_of
    from jupyter_mlops.verbs.sweeptable import points_table

    sweep = sweep_of(run)
    if sweep is None:
        return None
    return points_table(sweep.ranked, sweep.metric, limit=_ROWS)


def _error(error: ErrorRecord) -> RenderableType:
    from rich.text import Text

    said = f"{error.name}: {error.value}"
    lines = [shown.safe_line(line) for line in said.splitlines()[:_ERROR_LINES]]
    return Text("\n".join(lines), style="red")


def _fill(table: Table, rows: Iterable[tuple[str, ...]]) -> None:
    count = 0
    for count, row in enumerate(rows, start=1):
        if count <= _ROWS:
            table.add_row(*(shown.text(cell, width=_VALUE) for cell in row))
    _rest(table, count)


def _rest(table: Table, count: int) -> None:
    if count > _ROWS:
        table.add_row(shown.text(f"… {count - _ROWS} more (--json shows all)", "dim"))


def _relative(notebook: str | None, project: Path) -> str:
    if not notebook:
        return ""
    path = Path(notebook)
    return str(path.relative_to(project)) if path.is_relative_to(project) else notebook


def _title(source: str) -> str:
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    return next(
        (line for line in lines if not line.startswith("#")), "".join(lines[:1])
    )


# --- one cell --------------------------------------------------------------------


def render_cell(cell: CellRecord, outputs: list[dict[str, Any]]) -> RenderableType:
    """Lay out a cell's source and its outputs as text."""
    from rich.console import Group
    from rich.text import Text

    count = f" [{cell.execution_count}]" if cell.execution_count else ""
    head = shown.text(f"cell {cell.position}{count}", "dim")
    head.append(" ")
    head.append_text(shown.status(cell.status))
    head.append(f" {shown.took(cell.seconds)}", style="dim")
    source = Text("\n".join(shown.safe_line(line) for line in cell.source.splitlines()))
    parts: list[RenderableType] = [head, source]
    for output in outputs:
        parts += ["", _output(output)]
    is_told = any(output.get("output_type") == "error" for output in outputs)
    if cell.error is not None and not is_told and cell.status is not Status.FINISHED:
        parts += ["", _error(cell.error)]
    return Group(*parts)


def _output(output: dict[str, Any]) -> RenderableType:
    from rich.text import Text

    kind = output["output_type"]
    if kind == "stream":
        return Text.from_ansi("".join(output["text"]).rstrip("\n"))
    if kind == "error":
        return Text.from_ansi("\n".join(output.get("traceback") or [output["evalue"]]))
    data = output.get("data", {})
    if "text/plain" in data:
        return Text.from_ansi("".join(data["text/plain"]))
    return shown.text(f"({', '.join(sorted(data))})", "dim")
