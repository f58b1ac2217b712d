"""A card as Markdown, with front matter in the Hugging Face Hub's model-index form.

Source: https://huggingface.co/docs/hub/model-cards
"""

from __future__ import annotations

import math
import re
from html import escape
from typing import TYPE_CHECKING, Any

import yaml  # type: ignore[import-untyped]  # ships no types

from jupyter_mlops.registry.cards.fields import write_field
from jupyter_mlops.wording import day_and_time, number, one_line, size, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_mlops.registry.cards.facts import CardFacts

_SIGNS = re.compile(r"([\\`*_{}\[\]#|~!$^])")
_TICKS = re.compile(r"`+")
_DIGEST = 16
_TITLES = {"use": "Use", "limits": "Limits", "ethics": "Ethics", "contact": "Contact"}
_LIBRARIES = {"torch": "pytorch", "pytorch": "pytorch"}


def write_markdown(facts: CardFacts, sparks: Mapping[str, str] | None = None) -> str:
    """Write the whole card.

    Parameters
    ----------
    sparks : mapping, optional
        A metric's curve as a line of text, by its name.
    """
    return f"{_front_matter(facts)}\n\n{write_text(facts, sparks)}"


def write_text(facts: CardFacts, sparks: Mapping[str, str] | None = None) -> str:
    """Write the card without the front matter, which is for machines."""
    parts = list(_head(facts))
    parts += [
        f"## {_TITLES[name]}\n\n{_field(facts, name)}"
        for name in ("use", "limits", "ethics")
    ]
    parts += [part for part in _recorded(facts, sparks or {}) if part]
    for name in ("contact", "license"):
        parts.append(f"## {name.capitalize()}\n\n{_field(facts, name)}")
    return "\n\n".join(parts) + "\n"


def _field(facts: CardFacts, name: str) -> str:
    return write_field(name, facts.fields.get(name, ""), facts.carried.get(name))


def said(text: Any) -> str:
    """Write anything that was recorded so that Markdown and HTML show it as it is."""
    line = escape(one_line(str(text)), quote=False)
    return _SIGNS.sub(r"\\\1", line)


def _front_matter(facts: CardFacts) -> str:
    version = facts.version
    document: dict[str, Any] = {
        "library_name": _LIBRARIES.get(version.flavor, version.flavor),
        "model_name": version.model,
        "tags": ["jupyter-mlops", *sorted(version.aliases)],
    }
    if facts.task != "other":
        document["pipeline_tag"] = facts.task
    # A machine sees no mark: what is only carried over is not told to one.
    if name := facts.fields.get("license"):
        document["license"] = "other"
        document["license_name"] = one_line(name, 80)
    if results := _results(facts):
        document["model-index"] = [{"name": version.model, "results": results}]
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    return f"---\n{text}---"


def _results(facts: CardFacts) -> list[dict[str, Any]]:
    metrics = [
        {"type": one_line(name, 80), "name": one_line(name, 80), "value": found}
        for name, found in sorted(facts.version.metrics.items())
        # The Hub's reader knows numbers only.
        if math.isfinite(found)
    ]
    if not metrics:
        return []
    data = facts.data()
    dataset = {"name": "what the run read", "type": "recorded"}
    if data:
        dataset = {"name": one_line(data[0][0], 120), "type": "recorded"}
        dataset["revision"] = data[0][1]
    return [{"task": {"type": facts.task}, "dataset": dataset, "metrics": metrics}]


def _head(facts: CardFacts) -> Iterator[str]:
    version = facts.version
    yield f"# {said(version.model)}, version {version.version}"
    words = [f"A {said(facts.class_name)} ({said(version.flavor)})"]
    words.append(f"registered {day_and_time(version.registered)} by {said(version.by)}")
    if version.aliases:
        words.append("now " + ", ".join(said(alias) for alias in version.aliases))
    yield ", ".join(words) + "."
    if version.note:
        yield f"> {said(version.note)}"


def _recorded(facts: CardFacts, sparks: Mapping[str, str]) -> Iterator[str]:
    yield _section("How to load", _code("\n".join(facts.load_lines()), "python"))
    yield _section("Metrics", _metrics(facts, sparks))
    params = sorted(facts.version.params.items())
    rows = [(said(name), said(value(found, 200))) for name, found in params]
    yield _section("Params", _table(("param", "value"), rows))
    yield _section("Data", _data(facts))
    yield _section("Gates", _gates(facts.gates()))
    yield _section("Fairness", _gates(facts.fairness()))
    yield _section("History", _history(facts))
    yield _section("How it was made", _recipe(facts))
    yield _section("Environment", _environment(facts))


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}" if body else ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if not lines:
        return ""
    rule = f"| {' | '.join('---' for _ in heads)} |"
    return "\n".join([f"| {' | '.join(heads)} |", rule, *lines])


def _code(text: str, language: str = "") -> str:
    longest = max((len(found) for found in _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _span(text: Any) -> str:
    """Write a few words of code: no sign in them means anything."""
    line = one_line(str(text))
    longest = max((len(found) for found in _TICKS.findall(line)), default=0)
    ticks = "`" * (longest + 1)
    return f"{ticks} {line} {ticks}" if longest else f"`{line}`"


def _metrics(facts: CardFacts, sparks: Mapping[str, str]) -> str:
    rows = []
    for name, last in sorted(facts.version.metrics.items()):
        found = facts.summary(name)
        spread = (number(found.min), number(found.max)) if found else ("", "")
        count = str(found.count) if found else ""
        rows.append((said(name), number(last), *spread, count, sparks.get(name, "")))
    return _table(("metric", "value", "least", "most", "values", "curve"), rows)


def _data(facts: CardFacts) -> str:
    inputs = [
        (said(name), f"`{digest[:_DIGEST]}`", "" if bytes_ is None else size(bytes_))
        for name, digest, bytes_ in facts.data()
    ]
    parts = [_table(("input", "sha256", "size"), inputs)]
    if rows := facts.profile.get("rows"):
        parts.append(f"Training data: {rows} rows.")
    columns = [tuple(said(word) for word in row) for row in facts.columns()]
    parts.append(_table(("column", "type", "values"), columns))
    return "\n\n".join(part for part in parts if part)


def _gates(answers: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (
            said(answer["gate"]),
            "passed" if answer.get("passed") else "**failed**",
            said(answer.get("detail") or ""),
        )
        for answer in answers
    ]
    return _table(("gate", "answer", "detail"), rows)


def _history(facts: CardFacts) -> str:
    rows = [
        (
            day_and_time(event.time),
            said(event.kind.replace("_", " ")),
            said(event.by),
            said(event_words(event.fields)),
        )
        for event in facts.events
    ]
    return _table(("when", "what", "who", "about"), rows)


def event_words(fields: Mapping[str, Any]) -> str:
    """Say in a few words what an event is about."""
    names = ("alias", "purpose", "target", "note", "reason", "verdict", "summary")
    words = [str(fields[name]) for name in names if fields.get(name)]
    if fields.get("fields"):
        words.append(card_words(fields))
    if fields.get("forced"):
        words.append("forced")
    return "; ".join(words)


def card_words(fields: Mapping[str, Any]) -> str:
    """Say which fields of a card were set, emptied, or confirmed as they were."""
    confirmed = fields.get("confirmed") or {}
    words = []
    for name, text in (fields.get("fields") or {}).items():
        how = "" if text else " emptied"
        how = f" as in version {confirmed[name]}" if name in confirmed else how
        words.append(f"{name}{how}")
    return ", ".join(words)


def _recipe(facts: CardFacts) -> str:
    version = facts.version
    parts = []
    if version.run_id:
        verify = _span(facts.verifying)
        parts.append(
            f"Run {_span(version.run_id)}. Make it again and compare: {verify}."
        )
    for cell in facts.recipe:
        if cell.told:
            parts.append(said(cell.told))
        parts.append(_code(cell.source, "python"))
    return "\n\n".join(parts)


def _environment(facts: CardFacts) -> str:
    python = facts.environment.get("python") or {}
    parts = []
    if python.get("version"):
        parts.append(f"Python {said(python['version'])}.")
    git = facts.version.git
    if git.get("commit"):
        parts.append(f"Commit {_span(git['commit'])} of {_span(git.get('branch'))}.")
    if facts.lock:
        parts.append(_code(facts.lock))
    return "\n\n".join(parts)
