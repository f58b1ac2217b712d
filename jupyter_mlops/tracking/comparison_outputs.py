"""What differs between what two runs showed, cell by cell."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.inlining import is_json_mime
from jupyter_mlops.tracking import likeness
from jupyter_mlops.tracking.comparison_sides import Difference
from jupyter_mlops.tracking.likeness_files import picture_change
from jupyter_mlops.tracking.likeness_tables import head_change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlops.records import CellRecord
    from jupyter_mlops.tracking.comparison_sides import RunSide
    from jupyter_mlops.tracking.displayed import ShownFrame
    from jupyter_mlops.tracking.likeness import Change

_CARD = "jp-Mlops-card"
_PICTURES = ("image/png", "image/jpeg")
_WIDGET = "application/vnd.jupyter.widget-view+json"


def output_differences(
    one: RunSide, other: RunSide, tolerance: float
) -> Iterator[Difference]:
    """Compare how each cell ended and what it showed."""
    then, now = one.run.cells, other.run.cells
    if len(then) != len(now):
        change = f"{len(then)} ran then, {len(now)} now"
        yield Difference(kind="cell", name="", change=change)
    is_one = len(then) == len(now) == 1
    frames = one.frames(), other.frames()
    for cell, again in zip(then, now, strict=False):
        start = "" if is_one else f"of cell {cell.position} "
        yield from _error(cell, again, tolerance, start)
        pair = Shown(one, cell, frames[0]), Shown(other, again, frames[1])
        for item in _outputs(*pair, tolerance):
            name = f"{start}{item.name}".strip()
            yield Difference(kind=item.kind, name=name, change=item.change)


def _error(
    then: CellRecord, now: CellRecord, tolerance: float, start: str
) -> Iterator[Difference]:
    said = [
        "no error" if cell.error is None else f"{cell.error.name}: {cell.error.value}"
        for cell in (then, now)
    ]
    change = likeness.text_change(said[0], said[1], tolerance)
    if change is not None:
        yield Difference(kind="error", name=start.strip(), change=change)


class Shown:
    """What one cell showed.

    Attributes
    ----------
    bundles : list of (dict, ShownFrame or None)
        Displayed outputs by MIME kind; of a table, its head as data, too.
    """

    def __init__(
        self, side: RunSide, cell: CellRecord, frames: dict[tuple[int, int], ShownFrame]
    ) -> None:
        self._outputs = side.outputs(cell)
        self.bundles = [
            (item["data"], frames.get((cell.position, place)))
            for place, item in enumerate(self._outputs)
            if item.get("data") and not _is_card(item["data"])
        ]

    def stream(self, name: str) -> str:
        """Return what it wrote into a stream."""
        kept = (item for item in self._outputs if item.get("name") == name)
        return "".join("".join(item["text"]) for item in kept)


def _is_card(data: dict[str, Any]) -> bool:
    return _CARD in str(data.get("text/html", ""))


def _outputs(then: Shown, now: Shown, tolerance: float) -> Iterator[Difference]:
    # Which stream's text came first is chance; what each says is not.
    for name in ("stdout", "stderr"):
        left, right = then.stream(name), now.stream(name)
        told = likeness.text_change(left, right, tolerance)
        if told is not None:
            yield Difference(kind="output", name=name, change=told)
    if len(then.bundles) != len(now.bundles):
        change = f"{len(then.bundles)} shown then, {len(now.bundles)} now"
        yield Difference(kind="output", name="displays", change=change)
    pairs = zip(then.bundles, now.bundles, strict=False)
    for place, (one_shown, other_shown) in enumerate(pairs, start=1):
        told = _table_change(one_shown[1], other_shown[1], tolerance)
        if told is None:
            told = _bundle_change(one_shown[0], other_shown[0], tolerance)
        if told:
            yield Difference(kind="output", name=f"{place}", change=told)


def _table_change(
    then: ShownFrame | None, now: ShownFrame | None, tolerance: float
) -> Change:
    """Compare two displayed tables by value.

    Returns
    -------
    str or None
        Empty when they are alike in all their values; None when that cannot be told,
        so that what was shown of them has to be compared as well.
    """
    if then is None or now is None:
        return None
    change = head_change(then, now, tolerance)
    if change is not None:
        return f"table: {change}"
    kept = len(then.values[0]) if then.values else 0
    is_whole = (kept, len(then.values)) == then.shape
    return "" if is_whole else None


def _bundle_change(
    then: dict[str, Any], now: dict[str, Any], tolerance: float
) -> Change:
    """Compare one form of an output: the one that says most with least noise."""
    kinds = then.keys() & now.keys()
    if _WIDGET in kinds:
        # A widget is known by an id drawn at random; its state is not recorded.
        return None
    for mime in _PICTURES:
        if mime in kinds:
            change = picture_change(_decoded(then[mime]), _decoded(now[mime]))
            return None if change is None else f"{mime}: {change}"
    for mime in sorted(filter(is_json_mime, kinds)):
        change = likeness.value_change(then[mime], now[mime], tolerance)
        return None if change is None else f"{mime}: {change}"
    for mime in ("text/plain", *sorted(kinds)):
        if mime in kinds:
            texts = ["".join(side[mime]) for side in (then, now)]
            change = likeness.text_change(texts[0], texts[1], tolerance)
            return None if change is None else f"{mime}: {change}"
    return f"{', '.join(sorted(then))} then, {', '.join(sorted(now))} now"


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode("".join(value))
    except ValueError:
        return "".join(value).encode("utf-8", "surrogatepass")
