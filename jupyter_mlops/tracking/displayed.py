"""What a cell displays, kept as data besides: figures as artifacts, heads of tables."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.store import events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from jupyter_mlops.capture.frames import FrameHead
    from jupyter_mlops.capture.masking import Masker
    from jupyter_mlops.ids import Digest
    from jupyter_mlops.records import JsonValue
    from jupyter_mlops.tracking.run import Run

    Put = Callable[[bytes], Digest]
    Get = Callable[[Digest], bytes]

FRAMES = "frames"
"""The observation that lists the displayed tables."""
INLINE_LIMIT = 1024
"""Bytes of a head that stay in the journal; longer ones are blobs."""
FIGURES = 50
"""Displayed figures of one run that become artifacts."""
_SUFFIXES = {
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/vnd.plotly.v1+json": ".plotly.json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFrame:
    """A table that a cell showed, as it was recorded.

    Attributes
    ----------
    cell, output : int
        Where it was shown.
    shape : tuple of int
        Rows and columns of all of it.
    columns : tuple of (str, str)
        Name and type of the first columns.
    values : tuple of list
        First values of each of the first columns.
    index : list or None
        Labels of those rows; None where they only count.
    """

    cell: int
    output: int
    library: str
    shape: tuple[int, int]
    columns: tuple[tuple[str, str], ...]
    values: tuple[list[Any], ...] = ()
    index: list[Any] | None = None


def record_frames(
    run: Run, frames: Sequence[tuple[int, FrameHead]], put: Put, *, cell: int = 0
) -> None:
    """Record the tables that a cell showed: each with its output's place."""
    if frames:
        told = [frame_entry(at, head, run.masker, put, cell) for at, head in frames]
        run.observe(FRAMES, told)


def frame_entry(
    at: int, head: FrameHead, masker: Masker, put: Put, cell: int
) -> dict[str, Any]:
    """Return what is recorded of a table that is shown by a cell's output `at`."""
    values = {"values": _masked(head, masker)}
    if head.index is not None:
        values["index"] = masker.value(head.index)
    data = json.dumps(events.to_json(values), separators=(",", ":")).encode()
    is_long = len(data) > INLINE_LIMIT
    return {
        "cell": cell,
        "output": at,
        "library": head.library,
        "shape": list(head.shape),
        "columns": [list(column) for column in head.columns],
        "head": {"blob": put(data), "size": len(data)} if is_long else values,
    }


def _masked(head: FrameHead, masker: Masker) -> list[list[Any]]:
    """Mask the values, those of a column called ``password`` for its name, too."""
    return [
        [masker.named(name, value) for value in masker.value(found)]
        if any(isinstance(value, str) for value in found)
        else found
        for (name, _), found in zip(head.columns, head.values, strict=False)
    ]


def shown_frames(observations: Mapping[str, JsonValue], get: Get) -> list[ShownFrame]:
    """Read the recorded tables; what cannot be read of one is left out."""
    listed = observations.get(FRAMES)
    found = []
    for item in listed if isinstance(listed, list) else []:
        try:
            found.append(_shown(item, get))
        except (LookupError, TypeError, ValueError):
            continue
    return found


def frame_lines(observations: Mapping[str, JsonValue]) -> list[tuple[str, str, str]]:
    """Return place, shape and columns of each recorded table, in words."""
    return [
        (
            f"cell {item.cell} output {item.output}",
            " by ".join(map(str, item.shape)),
            ", ".join(f"{name} {kind}" for name, kind in item.columns),
        )
        for item in shown_frames(observations, lambda _: b"{}")
    ]


def _shown(item: Any, get: Get) -> ShownFrame:
    from jupyter_mlops.errors import StoreError

    head = item["head"]
    if "blob" in head:
        try:
            head = events.from_json(json.loads(get(head["blob"])))
        except StoreError:
            head = {}
    rows, columns = item["shape"]
    return ShownFrame(
        cell=int(item["cell"]),
        output=int(item["output"]),
        library=str(item["library"]),
        shape=(int(rows), int(columns)),
        columns=tuple((str(name), str(kind)) for name, kind in item["columns"]),
        values=tuple(list(column) for column in head.get("values", [])),
        index=head.get("index"),
    )


def record_figures(
    run: Run, outputs: Iterable[dict[str, Any]], put: Put, *, before: int = 0
) -> int:
    """Record each figure among kept outputs as an artifact: ``shown-1.png`` and so on.

    The bytes are the output's own blob, kept once.

    Parameters
    ----------
    before : int
        How many figures of the run were recorded before.

    Returns
    -------
    int
        How many these are.
    """
    number = before
    for mime, value in _figures(outputs):
        if number >= FIGURES:
            break
        number += 1
        kept = _kept(mime, value, put)
        name = f"shown-{number}{_SUFFIXES[mime]}"
        meta = {"file": name, "mime": mime, "shown": True}
        run.record("artifact", name=name, format="file", meta=meta, **kept)
    return number - before


def _figures(outputs: Iterable[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    for output in outputs:
        data = output.get("data") or {}
        # One file a figure: the first form that there is of it.
        mime = next((mime for mime in _SUFFIXES if data.get(mime)), None)
        if mime is not None:
            yield mime, data[mime]


def _kept(mime: str, value: Any, put: Put) -> dict[str, Any]:
    if isinstance(value, dict) and isinstance(value.get("blob"), str):
        return {"digest": value["blob"], "size": value["size"]}
    if not isinstance(value, str):
        data = json.dumps(value).encode()
    elif mime.endswith(("+xml", "+json")):
        data = value.encode("utf-8", "backslashreplace")
    else:
        data = base64.b64decode(value)
    return {"digest": put(data), "size": len(data)}
