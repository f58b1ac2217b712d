"""One run as a page: what it was given, what came of it, and what it keeps."""

from __future__ import annotations

import base64
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.figures.series import Curve
from jupyter_mlops.figures.sketch import draw_sparkline, image
from jupyter_mlops.tracking.badges import badges_of, own_tags
from jupyter_mlops.tracking.displayed import frame_lines
from jupyter_mlops.tracking.modelwords import model_line, models_of
from jupyter_mlops.tracking.stamps import read_stamp
from jupyter_mlops.widgets.page import badges, fold, line, page, said, status_word
from jupyter_mlops.widgets.palette import BAD, QUIET, STATUS
from jupyter_mlops.widgets.table import Cell, numbers, pairs, table
from jupyter_mlops.wording import (
    counted,
    day_and_time,
    one_line,
    short_ids,
    size,
    took,
    value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_mlops.store.index import MetricSeries
    from jupyter_mlops.tracking.recorded import RecordedRun

VERIFICATION = "verification.json"
_ROWS = 200
_OPEN_ROWS = 12
_SOURCE = 90
_ERROR_LINES = 15
_SPARKLINES = 24
_SPARK_POINTS = 100_000
_PICTURES = 4
_PICTURE_BYTES = 400_000
_SPARK_WIDTH, _SPARK_HEIGHT = 110, 22


def run_page(
    run: RecordedRun, project: Path, history: Callable[[str], MetricSeries]
) -> str:
    """Lay out a run; long parts are folded, short ones open.

    Parameters
    ----------
    history : callable
        Returns the series of one of its metrics.
    """
    return page([*_head(run, project), *_parts(run, history)], "run")


def _head(run: RecordedRun, project: Path) -> Iterator[str]:
    record = run.record
    colour = STATUS.get(record.status, QUIET)
    yield line(
        f'<b style="border-left:3px solid {colour};padding-left:8px">'
        f"{escape(one_line(record.name, 120))}</b>",
        status_word(record.status),
        said(f"{record.experiment} · {record.kind} · {took(record.seconds)} ·"),
        said(day_and_time(record.started)),
        f'<code style="user-select:all">{escape(record.run_id)}</code>',
    )
    if found := badges_of(record.tags):
        yield line(badges(found))
    yield from _trust(run, project)
    if record.note:
        yield line(said("note"), escape(record.note))
    if record.notebook:
        path = Path(record.notebook)
        inside = path.relative_to(project) if path.is_relative_to(project) else path
        yield line(said(f"notebook {inside}"))
    if record.error is not None:
        text = f"{record.error.name}: {record.error.value}"
        lines = "\n".join(text.splitlines()[:_ERROR_LINES])
        yield f'<pre style="color:{BAD};white-space:pre-wrap">{escape(lines)}</pre>'


def _trust(run: RecordedRun, project: Path) -> Iterator[str]:
    """Say how it came about, and what came of doing it again."""
    stamp = read_stamp(run, project)
    if stamp.reasons:
        reasons = "".join(f"<li>{escape(reason)}</li>" for reason in stamp.reasons)
        yield fold(stamp.line, f"<ul>{reasons}</ul>", is_open=False)
    elif stamp.line:
        yield line(said(stamp.line))
    kept = run.artifacts.get(VERIFICATION)
    if kept is not None and kept.meta.get("summary"):
        yield line(said("verified:"), escape(str(kept.meta["summary"])))


def _parts(run: RecordedRun, history: Callable[[str], MetricSeries]) -> Iterator[str]:
    record = run.record
    if record.metrics:
        yield _part("Metrics", _metrics(run, history), len(record.metrics))
    if record.params:
        words = [
            (name, escape(value(record.params[name], 120)))
            for name in sorted(record.params)
        ]
        yield _part("Params", pairs(words[:_ROWS], "Params"), len(words))
    if tags := own_tags(record.tags):
        words = [
            (name, escape(value(word, 120))) for name, word in sorted(tags.items())
        ]
        yield _part("Tags", pairs(words[:_ROWS], "Tags"), len(words))
    if models := models_of(run):
        body = "".join(line(escape(model_line(model))) for model in models[:_ROWS])
        yield _part("Models fitted", body, len(models))
    if frames := frame_lines(run.observations):
        rows = [[Cell(escape(one_line(word, 200))) for word in row] for row in frames]
        body = table(["table", "shape", "columns"], rows[:_ROWS], label="Tables")
        yield _part("Tables shown", body, len(frames))
    if run.children:
        yield _part("Runs within", _children(run), len(run.children))
    if run.cells:
        yield _part("Cells", _cells(run), len(run.cells))
    if run.artifacts:
        body = _artifacts(run) + _pictures(run)
        yield _part("Artifacts", body, len(run.artifacts))
    if run.files:
        yield _part("Files", _files(run), len(run.files))


def _part(title: str, body: str, count: int) -> str:
    if count > _ROWS:
        body += line(said(f"… {count - _ROWS} more: %mlops show … --json tells all"))
    return fold(title, body, is_open=count <= _OPEN_ROWS, count=str(count))


def _metrics(run: RecordedRun, history: Callable[[str], MetricSeries]) -> str:
    rows = []
    for at, (name, item) in enumerate(sorted(run.record.metrics.items())):
        if at >= _ROWS:
            break
        spark = ""
        if 1 < item.count <= _SPARK_POINTS and at < _SPARKLINES:
            spark = _sparkline(run, name, history(name))
        last, low, high, count = numbers(item.last, item.min, item.max, item.count)
        rows.append([Cell(escape(name)), last, low, high, count, Cell(spark, "")])
    heads = ["metric", "last", "min", "max", "values", ""]
    return table(heads, rows, right=(1, 2, 3, 4), label="Metrics")


def _sparkline(run: RecordedRun, name: str, series: MetricSeries) -> str:
    curve = Curve(
        label=name, run_id=run.id, metric=name, xs=series.steps, ys=series.values
    )
    svg = draw_sparkline(curve, width=_SPARK_WIDTH, height=_SPARK_HEIGHT)
    return image(svg, _SPARK_WIDTH, _SPARK_HEIGHT, f"Curve of {name}")


def _children(run: RecordedRun) -> str:
    short = short_ids(child.id for child in run.children)
    rows = [
        [
            Cell(f'<code title="{escape(child.id)}">{escape(short[child.id])}</code>'),
            Cell(escape(value(child.name))),
            Cell(status_word(child.status)),
            Cell(escape(took(child.record.seconds)), repr(child.record.seconds or 0)),
            Cell(
                escape(", ".join(f"{k} {value(v)}" for k, v in child.metrics.items()))
            ),
        ]
        for child in run.children[:_ROWS]
    ]
    heads = ["run", "name", "status", "took", "metrics"]
    return table(heads, rows, right=(3,), label="Runs within")


def _cells(run: RecordedRun) -> str:
    rows = [
        [
            Cell(str(cell.position)),
            Cell(f"[{cell.execution_count}]" if cell.execution_count else ""),
            Cell(status_word(cell.status)),
            Cell(escape(took(cell.seconds)), repr(cell.seconds)),
            Cell(escape(took(cell.cpu_seconds)), repr(cell.cpu_seconds or 0)),
            Cell(
                size(cell.peak_bytes) if cell.peak_bytes else "",
                repr(cell.peak_bytes or 0),
            ),
            Cell(f"<code>{escape(_title(cell.source))}</code>"),
        ]
        for cell in run.cells[:_ROWS]
    ]
    heads = ["cell", "in", "status", "took", "cpu", "peak", "source"]
    return table(heads, rows, right=(0, 3, 4, 5), label="Cells")


def _title(source: str) -> str:
    lines = [text.strip() for text in source.splitlines() if text.strip()]
    code = (text for text in lines if not text.startswith(("#", "%%")))
    return one_line(next(code, "".join(lines[:1])), _SOURCE)


def _artifacts(run: RecordedRun) -> str:
    rows = [
        [
            Cell(escape(name)),
            Cell(escape(item.format)),
            Cell(size(item.size), str(item.size)),
        ]
        for name, item in sorted(run.artifacts.items())[:_ROWS]
    ]
    return table(["artifact", "format", "size"], rows, right=(2,), label="Artifacts")


def _pictures(run: RecordedRun) -> str:
    found: list[str] = []
    for name, item in sorted(run.artifacts.items()):
        is_small = item.size <= 2 * _PICTURE_BYTES
        if item.format != "figure" or not is_small or len(found) >= _PICTURES:
            continue
        data = base64.b64encode(run.artifact(name).png).decode()
        found.append(
            f'<img src="data:image/png;base64,{data}" alt="{escape(name)}" '
            f'title="{escape(name)}" style="max-width:360px;max-height:260px;'
            f'display:inline-block;margin:4px">'
        )
    return line(*found) if found else ""


def _files(run: RecordedRun) -> str:
    rows = [
        [
            Cell(escape(item.path)),
            Cell(escape(item.role)),
            Cell("", "")
            if item.size is None
            else Cell(size(item.size), str(item.size)),
            Cell(f"<code>{escape((item.digest or '')[:12])}</code>"),
            Cell(escape(one_line(item.version or "", 40))),
        ]
        for item in run.files[:_ROWS]
    ]
    if not any(item.version for item in run.files):
        rows = [row[:4] for row in rows]
    heads = ["file", "role", "size", "digest", "version"][: len(rows[0])]
    return table(heads, rows, right=(2,), label=counted(len(rows), "file"))
