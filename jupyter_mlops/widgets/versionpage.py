"""One version of a model as a page: what it is, how to load it, and what trained it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from jupyter_mlops.figures.series import Curve
from jupyter_mlops.figures.sketch import draw_sparkline, image
from jupyter_mlops.registry.cards.carried import carried_words
from jupyter_mlops.registry.cards.markdown import event_words
from jupyter_mlops.widgets.modelspage import moment
from jupyter_mlops.widgets.page import fold, line, page, pill, said
from jupyter_mlops.widgets.palette import BAD, GOOD, QUIET, RULE, VERDICT, WARM
from jupyter_mlops.widgets.table import Cell, numbers, pairs, table
from jupyter_mlops.wording import day_and_time, one_line, size, value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jupyter_mlops.registry.cards import CardFacts

_ROWS = 200
_OPEN = 12
_SPARK_WIDTH, _SPARK_HEIGHT = 110, 22
_CODE = (
    "white-space:pre-wrap;overflow-wrap:anywhere;padding:.4em .7em;margin:2px 0 8px;"
    f"border:1px solid {RULE}"
)


def version_page(
    facts: CardFacts,
    curves: Mapping[str, tuple[list[int], list[float]]],
    *,
    headline: str = "",
) -> str:
    """Lay a version out.

    Parameters
    ----------
    curves : mapping
        Steps and values of its run's metrics, by name.
    headline : str
        What has just been done with it.
    """
    first = [line(escape(headline))] if headline else []
    return page([*first, *_head(facts), *_parts(facts, curves)], "version")


def gates_part(answers: Sequence[Mapping[str, Any]], title: str = "Gates") -> str:
    """Lay the answers of gates out: ``gate``, ``passed`` and ``detail`` of each."""
    rows = [
        [
            Cell(f"<code>{escape(one_line(str(answer['gate']), 200))}</code>"),
            Cell(said("passed", GOOD) if answer.get("passed") else said("failed", BAD)),
            Cell(escape(one_line(str(answer.get("detail") or ""), 300))),
        ]
        for answer in answers[:_ROWS]
    ]
    body = table(["gate", "answer", "detail"], rows, label=title)
    return fold(title, body, count=str(len(answers)))


def _head(facts: CardFacts) -> Iterator[str]:
    version = facts.version
    words = [f"<b>{escape(version.model)}, version {version.version}</b>"]
    words += [pill(alias, GOOD) for alias in version.aliases]
    if version.archived:
        words.append(pill("archived", QUIET))
    if version.verdict:
        words.append(pill(version.verdict, VERDICT.get(version.verdict, QUIET)))
    told = f"{facts.class_name} ({version.flavor}) · {size(version.size)} ·"
    words.append(said(f"{told} {day_and_time(version.registered)} by {version.by}"))
    yield line(*words)
    if version.note:
        yield line(said("note"), escape(one_line(version.note, 300)))
    if facts.carried:
        told = f"{carried_words(facts.carried)}, not confirmed"
        yield line(said("card"), said(told, WARM))
    if version.run_id:
        run = f'<code style="user-select:all">{escape(version.run_id)}</code>'
        yield line(said("run"), run)


def _parts(
    facts: CardFacts, curves: Mapping[str, tuple[list[int], list[float]]]
) -> Iterator[str]:
    version = facts.version
    yield fold("How to load", _code("\n".join(facts.load_lines())))
    if version.metrics:
        yield _fold("Metrics", _metrics(facts, curves), len(version.metrics))
    if answers := facts.gates():
        yield gates_part(answers)
    if facts.recipe:
        yield fold(
            "The cells that trained it", _recipe(facts), count=str(len(facts.recipe))
        )
    if version.params:
        words = [
            (name, escape(value(found, 120)))
            for name, found in sorted(version.params.items())
        ]
        yield _fold("Params", pairs(words[:_ROWS], "Params"), len(words))
    if found := facts.data():
        rows = [
            [
                Cell(escape(name)),
                Cell(f'<code title="{escape(digest)}">{escape(digest[:12])}</code>'),
                Cell("", "") if bytes_ is None else Cell(size(bytes_), str(bytes_)),
            ]
            for name, digest, bytes_ in found[:_ROWS]
        ]
        body = table(["input", "sha256", "size"], rows, right=(2,), label="Data")
        yield _fold("Data", body, len(found))
    yield fold("History", _history(facts), is_open=False, count=str(len(facts.events)))


def _fold(title: str, body: str, count: int) -> str:
    return fold(title, body, is_open=count <= _OPEN, count=str(count))


def _code(text: str) -> str:
    return f'<pre style="{_CODE}">{escape(text.rstrip())}</pre>'


def _metrics(
    facts: CardFacts, curves: Mapping[str, tuple[list[int], list[float]]]
) -> str:
    rows = []
    for name, last in sorted(facts.version.metrics.items())[:_ROWS]:
        spark = ""
        if name in curves:
            steps, values = curves[name]
            curve = Curve(label=name, run_id="", metric=name, xs=steps, ys=values)
            svg = draw_sparkline(curve, width=_SPARK_WIDTH, height=_SPARK_HEIGHT)
            spark = image(svg, _SPARK_WIDTH, _SPARK_HEIGHT, f"Curve of {name}")
        rows.append([Cell(escape(name)), *numbers(last), Cell(spark, "")])
    return table(["metric", "value", ""], rows, right=(1,), label="Metrics")


def _recipe(facts: CardFacts) -> str:
    parts = []
    for cell in facts.recipe[:_ROWS]:
        mark = "" if cell.ran_as is None else f"[{cell.ran_as}]"
        words = one_line("; ".join(cell.reasons), 300)
        if told := f"{mark} {words}".strip():
            parts.append(line(said(told)))
        parts.append(_code(cell.source))
    return "".join(parts)


def _history(facts: CardFacts) -> str:
    rows = [
        [
            moment(event.time),
            Cell(escape(event.kind.replace("_", " "))),
            Cell(escape(one_line(event.by, 60))),
            Cell(escape(one_line(event_words(event.fields), 200))),
        ]
        for event in facts.events[-_ROWS:]
    ]
    return table(["when", "what", "who", "about"], rows, label="History")
