"""A notebook's outputs on their way into its run: what tracked cells do from within.

The objects that were shown are in another process, so tables are read from their HTML,
and no library of theirs is needed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.entries import Stream
from jupyter_mlops.capture.frames import LETTERS, FrameHead, row_count
from jupyter_mlops.capture.outputs import OUTPUT_LIMIT, externalise
from jupyter_mlops.tracking.displayed import (
    FIGURES,
    FRAMES,
    frame_entry,
    record_figures,
)
from jupyter_mlops.tracking.htmltables import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from jupyter_mlops.ids import Digest
    from jupyter_mlops.tracking.run import Run

    Put = Callable[[bytes], Digest]

TABLES = 100
"""Displayed tables of one run of which the first rows are kept."""
_HTML_LIMIT = 100_000
_SHAPE = re.compile(r"(\d+) rows \W (\d+) columns")
_POLARS_SHAPE = re.compile(r"shape: \(([\d_]+), ([\d_]+)\)")
_INTEGER = re.compile(r"[-+]?\d{1,18}")
_FLOAT = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
_REST = frozenset({"...", "…", "⋮", "&hellip;"})


class ShownOutputs:
    """Keeps the outputs of a notebook's cells with its run.

    Parameters
    ----------
    put : callable
        Keeps bytes and returns their digest.
    """

    def __init__(self, run: Run, put: Put) -> None:
        self._run = run
        self._put = put
        self._figures = 0
        self._tables: list[dict[str, Any]] = []

    def keep(
        self, cell: int | None, outputs: Sequence[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Mask a cell's outputs and move long values into blobs; return the rest.

        Carriage returns are obeyed; figures become artifacts of the run. Without a
        `cell` they are a widget's, whose tables have no place of their own.
        """
        shown = self._run.masker.outputs([_overwritten(output) for output in outputs])
        kept = externalise(shown, self._put)
        if any("data" in output for output in shown):
            if self._figures < FIGURES:
                self._figures += record_figures(
                    self._run, kept, self._put, before=self._figures
                )
            for at, output in enumerate(shown):
                if cell is not None:
                    self._keep_table(cell, at, output)
        return kept

    def finish(self) -> None:
        """Record the tables that the cells showed."""
        if self._tables:
            self._run.observe(FRAMES, self._tables)

    def _keep_table(self, cell: int, at: int, output: dict[str, Any]) -> None:
        html = (output.get("data") or {}).get("text/html")
        if not isinstance(html, str) or len(self._tables) >= TABLES:
            return
        head = shown_head(html)
        if head is not None:
            told = frame_entry(at, head, self._run.masker, self._put, cell)
            self._tables.append(told)


def _overwritten(output: dict[str, Any]) -> dict[str, Any]:
    """Bring a stream's text into the form in which it is seen."""
    if output["output_type"] != "stream":
        return output
    text = output["text"]
    if "\r" not in text and "\b" not in text:
        return output
    stream = Stream(output["name"], OUTPUT_LIMIT)
    stream.add(text)
    return stream.finish()


def shown_head(html: str) -> FrameHead | None:
    """Read the head of a data frame out of its HTML; None when it shows none.

    Values are as they are shown: numbers rounded, types not told.
    """
    if 'class="dataframe"' not in html or len(html) > _HTML_LIMIT:
        return None
    table = read_table(html)
    if table is None:
        return None
    library, found = "pandas", _SHAPE.search(html)
    if polars := _POLARS_SHAPE.search(html):
        library, found = "polars", polars
    shape = (
        (int(found[1].replace("_", "")), int(found[2].replace("_", "")))
        if found
        else (len(table.values[0]) if table.values else 0, len(table.columns))
    )
    keep = [at for at, (name, _) in enumerate(table.columns) if name not in _REST]
    rows = _whole_rows([table.values[at] for at in keep], row_count(len(keep)))
    index = None if table.index is None else [_value(x) for x in table.index[:rows]]
    return FrameHead(
        library=library,
        shape=shape,
        columns=tuple(table.columns[at] for at in keep),
        values=tuple([_value(x) for x in table.values[at][:rows]] for at in keep),
        index=None if index == list(range(rows)) else index,
    )


def _whole_rows(columns: Sequence[Sequence[Any]], limit: int) -> int:
    """Count the rows up to where the front end left some out."""
    rows = 0
    for row in zip(*columns, strict=True):
        if rows >= limit or all(value in _REST for value in row):
            break
        rows += 1
    return rows


def _value(text: str) -> Any:
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return None if text == "NaN" else text[:LETTERS]


def widget_outputs(
    cells: Iterable[tuple[int, Sequence[dict[str, Any]]]], states: dict[str, Any]
) -> list[tuple[str, int, int, list[dict[str, Any]]]]:
    """Find what Output widgets hold, and the outputs that show those.

    Parameters
    ----------
    cells : iterable of (int, list of dict)
        Each cell's number and outputs.
    states : dict
        The states of all widgets, by model.

    Returns
    -------
    list of tuple
        Model, cell and place of the output that shows it (-1 when none does), and what
        it holds.
    """
    holders = {
        name: item["state"].get("outputs")
        for name, item in states.items()
        if item.get("model_name") == "OutputModel"
    }
    if not any(holders.values()):
        return []
    places: dict[str, tuple[int, int]] = {}
    for cell, outputs in cells:
        for at, output in enumerate(outputs):
            view = (output.get("data") or {}).get(_VIEW)
            if isinstance(view, dict) and "model_id" in view:
                _place(view["model_id"], (cell, at), states, places)
    return [
        (name, *places.get(name, (-1, -1)), list(held))
        for name, held in holders.items()
        if held
    ]


_VIEW = "application/vnd.jupyter.widget-view+json"
_MODEL = "IPY_MODEL_"


def _place(
    model: str,
    place: tuple[int, int],
    states: dict[str, Any],
    places: dict[str, tuple[int, int]],
) -> None:
    """Note where a widget is shown, and with it all that it holds."""
    if model in places or model not in states:
        return
    places[model] = place
    for value in states[model].get("state", {}).values():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str) and item.startswith(_MODEL):
                _place(item.removeprefix(_MODEL), place, states, places)
