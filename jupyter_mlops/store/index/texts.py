"""What there is to read of a run, field by field."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.store.index.outputtexts import (
    OutputReader,
    joined,
    without_colours,
)
from jupyter_mlops.store.index.queries import Values
from jupyter_mlops.store.index.values import param_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from jupyter_mlops.store.index.outputtexts import Peek


class Text(NamedTuple):
    """One field of a run, such as ``note`` or ``cell 2 source``."""

    field: str
    text: str


FRAMES = "frames"
"""The observation that lists displayed tables."""


def read_texts(
    connection: Connection, numbers: Sequence[int], peek: Peek | None = None
) -> dict[int, list[Text]]:
    """Return the texts of runs by their numbers; runs without a start have none.

    Parameters
    ----------
    peek : callable, optional
        Returns the beginning and the end of a blob's text.
    """
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
        found[run] += _of_cell(f"cell {position}", json.loads(body), peek)
    observed = _fetch(
        connection,
        f"SELECT run, body FROM observations WHERE name = '{FRAMES}' AND run {{}}",  # noqa: S608 - a word of ours
        numbers,
    )
    for run, value in observed:
        if run in found:
            found[run] += _of_frames(json.loads(value))
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


def _of_cell(where: str, body: dict[str, Any], peek: Peek | None) -> Iterator[Text]:
    if body.get("error"):
        yield Text(f"{where} error", _error(body["error"]))
    yield Text(f"{where} source", body["source"])
    if outputs := body.get("outputs"):
        reader = OutputReader(peek)
        for output in outputs:
            if shown := reader.text(output):
                yield Text(f"{where} output", shown)


def _of_frames(frames: Any) -> Iterator[Text]:
    """Give the columns of displayed tables: where they are many, texts lack them."""
    for item in frames if isinstance(frames, list) else ():
        if isinstance(item, dict) and isinstance(item.get("columns"), list):
            names = (joined(column[:1]) for column in item["columns"])
            yield Text(f"cell {item.get('cell', 0)} table", "  ".join(names))


def _error(error: dict[str, Any]) -> str:
    parts = (error["name"], ": ", error["value"], "\n", error.get("traceback"))
    return without_colours("".join(map(joined, parts)))
