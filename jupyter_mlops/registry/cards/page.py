"""A card as one HTML page that needs nothing else: no script, no outside resource."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.cards.fields import FIELDS
from jupyter_mlops.registry.cards.markdown import event_words
from jupyter_mlops.wording import day_and_time, number, one_line, size, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_mlops.registry.cards.facts import CardFacts

_DOCUMENT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ margin: 2rem auto; max-width: 60rem; padding: 0 1rem;
 font: 16px/1.5 system-ui, sans-serif }}
pre {{ overflow: auto }}
</style>
</head>
<body>
{body}
</body>
</html>
"""
_CELL = "text-align:left;padding:.2em .8em .2em 0;vertical-align:top"
_QUIET = "opacity:.65"
_CARRIED = (
    "border-left:3px solid currentColor;padding:.1em .6em;margin:.3em 0;opacity:.8"
)
_CODE = (
    "white-space:pre-wrap;overflow-wrap:anywhere;padding:.5em .8em;margin:.4em 0;"
    "border:1px solid rgba(128,128,128,.35);border-radius:4px"
)


def write_page(facts: CardFacts, pictures: Mapping[str, str] | None = None) -> str:
    """Write the card as a document by itself; for `pictures` see `write_body`."""
    title = f"{facts.version.model}, version {facts.version.version}"
    body = write_body(facts, pictures)
    return _DOCUMENT.format(title=escape(title), body=body)


def write_body(facts: CardFacts, pictures: Mapping[str, str] | None = None) -> str:
    """Write the card as an element to be put into a page.

    Parameters
    ----------
    pictures : mapping, optional
        A metric's curve as an HTML element, by its name.
    """
    parts = [*_head(facts), *_fields(facts), *_recorded(facts, pictures or {})]
    return f'<div class="jp-Mlops-modelcard">{"".join(parts)}</div>'


def _head(facts: CardFacts) -> Iterator[str]:
    version = facts.version
    yield f"<h1>{_said(version.model)}, version {version.version}</h1>"
    aliases = "".join(
        f' <b style="border:1px solid currentColor;border-radius:9px;padding:0 8px">'
        f"{_said(alias)}</b>"
        for alias in version.aliases
    )
    made = f"{_said(facts.class_name)} ({_said(version.flavor)})"
    when = f"registered {day_and_time(version.registered)} by {_said(version.by)}"
    yield f"<p>{made}, {when}{aliases}</p>"
    if version.note:
        yield f"<blockquote>{_said(version.note)}</blockquote>"


def _fields(facts: CardFacts) -> Iterator[str]:
    for name, hint in FIELDS.items():
        text = facts.fields.get(name)
        shown = f'<div style="{_QUIET}"><i>{_said(hint)}</i></div>'
        if text:
            shown = f'<div style="white-space:pre-wrap">{escape(text)}</div>'
        elif carried := facts.carried.get(name):
            shown = (
                f'<div style="{_CARRIED}" role="note"><b>Carried over from version '
                f"{carried.version}</b>, not confirmed for this one.</div>"
                f'<div style="white-space:pre-wrap">{escape(carried.text)}</div>'
            )
        yield f"<h2>{name.capitalize()}</h2>{shown}"


def _recorded(facts: CardFacts, pictures: Mapping[str, str]) -> Iterator[str]:
    yield _section("How to load", _code("\n".join(facts.load_lines())))
    yield _section("Metrics", _metrics(facts, pictures))
    rows = [
        (_said(name), _said(value(found, 200)))
        for name, found in sorted(facts.version.params.items())
    ]
    yield _section("Params", _table(("param", "value"), rows, "Params"))
    yield _section("Data", _data(facts))
    yield _section("Gates", _gates(facts.gates(), "Gates"))
    yield _section("Fairness", _gates(facts.fairness(), "Fairness"))
    yield _section("History", _history(facts))
    yield _section("How it was made", _recipe(facts))
    yield _section("Environment", _environment(facts))


def _said(text: Any) -> str:
    return escape(one_line(str(text)))


def _section(title: str, body: str) -> str:
    return f"<h2>{title}</h2>{body}" if body else ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], label: str) -> str:
    lines = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in row) + "</tr>"
        for row in rows
    )
    if not lines:
        return ""
    head = "".join(f'<th scope="col" style="{_CELL}">{name}</th>' for name in heads)
    return (
        f'<div style="overflow:auto"><table aria-label="{label}">'
        f"<thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _code(text: str) -> str:
    return f'<pre style="{_CODE}">{escape(text.rstrip())}</pre>'


def _metrics(facts: CardFacts, pictures: Mapping[str, str]) -> str:
    rows = []
    for name, last in sorted(facts.version.metrics.items()):
        found = facts.summary(name)
        spread = (number(found.min), number(found.max)) if found else ("", "")
        count = str(found.count) if found else ""
        rows.append((_said(name), number(last), *spread, count, pictures.get(name, "")))
    heads = ("metric", "value", "least", "most", "values", "curve")
    return _table(heads, rows, "Metrics")


def _data(facts: CardFacts) -> str:
    inputs = [
        (
            _said(name),
            f'<code title="{escape(digest)}">{escape(digest[:16])}</code>',
            "" if bytes_ is None else size(bytes_),
        )
        for name, digest, bytes_ in facts.data()
    ]
    parts = [_table(("input", "sha256", "size"), inputs, "Inputs")]
    if rows := facts.profile.get("rows"):
        parts.append(f"<p>Training data: {_said(rows)} rows.</p>")
    columns = [tuple(_said(word) for word in row) for row in facts.columns()]
    parts.append(_table(("column", "type", "values"), columns, "Columns"))
    return "".join(parts)


def _gates(answers: Sequence[Mapping[str, Any]], label: str) -> str:
    rows = [
        (
            f"<code>{_said(answer['gate'])}</code>",
            "passed" if answer.get("passed") else "<b>failed</b>",
            _said(answer.get("detail") or ""),
        )
        for answer in answers
    ]
    return _table(("gate", "answer", "detail"), rows, label)


def _history(facts: CardFacts) -> str:
    rows = [
        (
            day_and_time(event.time),
            _said(event.kind.replace("_", " ")),
            _said(event.by),
            _said(event_words(event.fields)),
        )
        for event in facts.events
    ]
    return _table(("when", "what", "who", "about"), rows, "History")


def _recipe(facts: CardFacts) -> str:
    version = facts.version
    parts = []
    if version.run_id:
        parts.append(
            f"<p>Run <code>{_said(version.run_id)}</code>. Make it again and compare: "
            f"<code>{_said(facts.verifying)}</code></p>"
        )
    for cell in facts.recipe:
        if cell.told:
            parts.append(f'<div style="{_QUIET}">{_said(cell.told)}</div>')
        parts.append(_code(cell.source))
    return "".join(parts)


def _environment(facts: CardFacts) -> str:
    python = facts.environment.get("python") or {}
    parts = []
    if python.get("version"):
        parts.append(f"<p>Python {_said(python['version'])}.</p>")
    git = facts.version.git
    if git.get("commit"):
        told = f"{git['commit']} of {git.get('branch')}"
        parts.append(f"<p>Commit <code>{_said(told)}</code>.</p>")
    if facts.lock:
        parts.append(
            f"<details><summary>Packages</summary>{_code(facts.lock)}</details>"
        )
    return "".join(parts)
