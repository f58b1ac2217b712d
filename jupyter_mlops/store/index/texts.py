"""What there is to read of a run, field by field, and the words in it.

Both databases are given these words and nothing else, so both find the same.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from jupyter_mlops.store.index.queries import Values
from jupyter_mlops.store.index.values import param_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

# Chinese and Japanese write no spaces: each of their letters is a word.
SPACELESS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
LETTER = rf"[^\W_{SPACELESS}]"
_WORD = re.compile(rf"[{SPACELESS}]|{LETTER}+")
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_READABLE = ("text/plain", "text/markdown", "text/latex")

_LONGEST = 64
"""Letters of a word that count; what is longer is hardly typed by anyone."""
_ROOM = 500_000
"""Letters of one run's words: PostgreSQL takes a megabyte, of at most four each,
and more than that is no longer text but data."""


class Text(NamedTuple):
    """One field of a run, such as ``note`` or ``cell 2 source``."""

    field: str
    text: str


def split_words(text: str) -> list[str]:
    """Return the words of a text as they are written, in their order."""
    return _WORD.findall(text)


def fold(word: str) -> str:
    """Return a word as it is indexed."""
    return word[:_LONGEST].lower()


def pairs_of(words: Sequence[str]) -> Iterator[str]:
    """Give a mark for each two folded words that follow one another.

    There are 65,536 marks, so they take little room; two pairs may share one.
    """
    for left, right in pairwise(words):
        yield f"·{crc32(f'{left} {right}'.encode()) & 0xFFFF:x}"


def words_of(texts: Iterable[Text]) -> list[str]:
    """Return the words of some texts and the marks of their pairs, sorted."""
    found: dict[str, None] = {}
    for item in texts:
        words = [fold(word) for word in _WORD.findall(item.text)]
        found.update(dict.fromkeys(words))
        found.update(dict.fromkeys(pairs_of(words)))
    if sum(map(len, found)) > _ROOM:
        return sorted(_fitting(found))
    return sorted(found)


def _fitting(words: Iterable[str]) -> Iterator[str]:
    room = _ROOM
    for word in words:
        # Letters beyond ASCII take up to four bytes.
        room -= len(word) if word.isascii() else 4 * len(word)
        if room < 0:
            return
        yield word


def read_texts(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Text]]:
    """Return the texts of runs by their numbers; runs without a start have none."""
    values = Values(connection, _started(connection, numbers))
    found: dict[int, list[Text]] = defaultdict(list)
    for row in values.runs:
        found[row.id] += _of_run(row)
    for key, run, *param in values.rows("params", "type, number, text"):
        name = values.key_name(key)
        found[run].append(
            Text(f"param {name}", f"{name} {_shown(param_value(*param))}")
        )
    for key, run, tag in values.rows("tags", "value"):
        if tag is not None:
            name = values.key_name(key)
            found[run].append(Text(f"tag {name}", f"{name} {tag}"))
    cells = _fetch(
        connection,
        "SELECT run, position, body FROM cells WHERE run {} ORDER BY run, position",
        numbers,
    )
    for run, position, body in cells:
        if run not in found:
            continue
        found[run] += _of_cell(f"cell {position}", json.loads(body))
    return found


def _started(connection: Connection, numbers: Sequence[int]) -> list[int]:
    sql = "SELECT id FROM runs WHERE id {} AND started IS NOT NULL"
    return [row[0] for row in _fetch(connection, sql, numbers)]


def _fetch(
    connection: Connection, sql: str, numbers: Sequence[int]
) -> Sequence[Sequence[Any]]:
    if connection.dialect.name == "sqlite":
        sql = sql.format("IN (SELECT value FROM json_each(?))")
        return connection.exec_driver_sql(sql, (json.dumps(list(numbers)),)).all()
    return connection.exec_driver_sql(sql.format("= ANY(%s)"), (list(numbers),)).all()


def _of_run(row: Any) -> Iterator[Text]:
    yield Text("name", row.name)
    yield Text("experiment", row.experiment)
    if row.notebook:
        yield Text("notebook", row.notebook)
    if row.note:
        yield Text("note", row.note)
    if row.error:
        yield Text("error", _error(json.loads(row.error)))


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        # Hardly two are alike, and filters find them better than words do.
        return ""
    return json.dumps(value, ensure_ascii=False)


def _of_cell(where: str, body: dict[str, Any]) -> Iterator[Text]:
    if body.get("error"):
        yield Text(f"{where} error", _error(body["error"]))
    yield Text(f"{where} source", body["source"])
    for output in body.get("outputs", ()):
        shown = "\n".join(filter(None, map(_joined, _of_output(output))))
        if shown:
            yield Text(f"{where} output", _COLOURS.sub("", shown))


def _error(error: dict[str, Any]) -> str:
    parts = (error["name"], ": ", error["value"], "\n", error.get("traceback"))
    return _COLOURS.sub("", "".join(map(_joined, parts)))


def _of_output(output: Any) -> Iterator[Any]:
    """Give what a person would read of an output; what is a blob is no text."""
    if not isinstance(output, dict):
        return
    yield output.get("text")
    if isinstance(data := output.get("data"), dict):
        yield from (data.get(kind) for kind in _READABLE)
    if output.get("output_type") == "error":
        yield from (output.get(name) for name in ("ename", "evalue", "traceback"))


def _joined(value: Any) -> str:
    if isinstance(value, list):
        # nbformat's own way of writing a text: as its lines.
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""
