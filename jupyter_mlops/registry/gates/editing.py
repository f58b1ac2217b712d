"""A gate added to ``gates.yaml``: what people wrote there stays as it is."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from jupyter_mlops import errors
from jupyter_mlops.registry.gates.expression import (
    ExpressionFaultError,
    read_expression,
)
from jupyter_mlops.registry.gates.reader import parse_gates
from jupyter_mlops.store.documents import read_document

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from jupyter_mlops.registry.gates.spec import GateBook
    from jupyter_mlops.store.documents import Document, Path

_INDENT = 2


def with_gate(said: str, file: FilePath, model: str, alias: str, text: str) -> str:
    """Return the file's text with one gate more.

    Raises
    ------
    GatesFileError
        When the file, or the gate, makes no sense.
    InvalidInputError
        When it is written in a way that nothing can be put in by itself.
    """
    _check(text)
    before = parse_gates(said, file)
    if any(gate.name == text for gate in before.gates(model, alias)):
        return said
    found = _inserted(said, read_document(said), model, alias, text)
    if not _has(found, file, model, alias, [*_names(before, model, alias), text]):
        raise errors.InvalidInputError(
            f"{file} is written so that a gate must be put in by hand: '- {text}' "
            f"under models, {model}, {alias}.",
            path=file,
        )
    return found


def _has(said: str, file: FilePath, model: str, alias: str, names: list[str]) -> bool:
    try:
        return sorted(_names(parse_gates(said, file), model, alias)) == sorted(names)
    except errors.GatesFileError:
        return False


def _names(book: GateBook, model: str, alias: str) -> list[str]:
    return [gate.name for gate in book.gates(model, alias)]


def _check(text: str) -> None:
    try:
        found = read_expression(text)
    except ExpressionFaultError as fault:
        caret = " " * fault.position + "^"
        raise errors.InvalidInputError(
            f"The gate cannot be read: {fault}\n  {text}\n  {caret}",
            text=text,
            position=fault.position,
        ) from None
    if found.needs_dataset:
        raise errors.InvalidInputError(
            "A gate over groups names a dataset and a target: write it into the file, "
            "with 'check:', 'dataset:' and 'target:'.",
            text=text,
        )


def _inserted(said: str, document: Document, model: str, alias: str, text: str) -> str:
    item = _quoted(text)
    value = document.value or {}
    rule = (value.get("models") or {}).get(model, {}).get(alias)
    path: Path = ("models", model, alias)
    if isinstance(rule, dict) and rule.get("gates"):
        return _appended(said, document, (*path, "gates"), len(rule["gates"]), item)
    if isinstance(rule, list) and rule:
        return _appended(said, document, path, len(rule), item)
    for depth in range(len(path), 0, -1):
        if path[:depth] in document.keys:
            keys = [*(_quoted(str(part)) for part in path[depth:]), "gates"]
            return _below(said, document, path[:depth], keys, item)
    head = said if not said or said.endswith("\n") else f"{said}\n"
    keys = ["models", _quoted(model), _quoted(alias), "gates"]
    return head + _nested(keys, item, 0)


def _appended(said: str, document: Document, path: Path, count: int, item: str) -> str:
    """Put an item behind the last one of a list that has one a line."""
    lines = said.splitlines(keepends=True)
    last = document.place((*path, count - 1))
    line = lines[last.line - 1]
    dash = line.rfind("-", 0, last.column - 1)
    if dash < 0 or line[:dash].strip():
        # A list in brackets.
        first = document.place((*path, 0))
        row = lines[first.line - 1]
        at = first.column - 1
        lines[first.line - 1] = f"{row[:at]}{item}, {row[at:]}"
        return "".join(lines)
    end = last.line
    while end < len(lines) and _depth(lines[end]) > dash:
        end += 1
    if not lines[end - 1].endswith("\n"):
        lines[end - 1] += "\n"
    lines.insert(end, f"{' ' * dash}- {item}\n")
    return "".join(lines)


def _below(
    said: str, document: Document, path: Path, keys: list[str], item: str
) -> str:
    """Put what is missing right below the line of a name."""
    lines = said.splitlines(keepends=True)
    place = document.keys[path]
    depth = place.column - 1 + _INDENT
    for known in document.keys:
        if known[:-1] == path:
            depth = document.keys[known].column - 1
            break
    row = lines[place.line - 1]
    if not row.endswith("\n"):
        lines[place.line - 1] = f"{row}\n"
    lines.insert(place.line, _nested(keys, item, depth))
    return "".join(lines)


def _nested(keys: list[str], item: str, depth: int) -> str:
    rows = [f"{' ' * (depth + _INDENT * n)}{key}:\n" for n, key in enumerate(keys)]
    rows.append(f"{' ' * (depth + _INDENT * (len(keys) - 1))}- {item}\n")
    return "".join(rows)


def _depth(line: str) -> int:
    """Say how far a line is indented; an empty one and a remark belong to no item."""
    text = line.strip()
    return -1 if not text or text.startswith("#") else len(line) - len(line.lstrip())


def _quoted(text: str) -> str:
    """Write a text as YAML takes it, without quotes where they are not needed."""
    is_plain = re.fullmatch(r"[^\W\d][\w.@/%'()\[\]><=+*! -]*", text)
    if is_plain and " #" not in text and ": " not in text and text == text.strip():
        return text
    return json.dumps(text, ensure_ascii=False)
