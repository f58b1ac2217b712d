"""Pictures of two runs side by side, and a third one of where they differ."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from jupyter_mlops.tracking.imagediff import MIMES, difference_image
from jupyter_mlops.tracking.outputvalues import output_values, value_bytes
from jupyter_mlops.verbs.diffhtml.parts import RULE, quiet
from jupyter_mlops.verbs.diffwords import image_words
from jupyter_mlops.wording import size

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.tracking.outputdiff import OutputChange
    from jupyter_mlops.tracking.recorded import RecordedRun

SVG = "image/svg+xml"
_ONE = 2_000_000
_ALL = 12_000_000
"""Bytes of one picture, and of all pictures on a page."""


@dataclass(slots=True)
class Pictures:
    """The pictures that two runs showed.

    Parameters
    ----------
    get : callable
        Returns the bytes of a blob.
    """

    before: RecordedRun
    after: RecordedRun
    get: Callable[[str], bytes]
    _room: int = field(default=_ALL, init=False)

    def render(self, item: OutputChange) -> str:
        """Show the pictures of an output; nothing when it has none."""
        mime = self._mime(item)
        if mime is None:
            return ""
        old = self._bytes(self.before, item.cell_before, item.output_before, mime)
        new = self._bytes(self.after, item.cell_after, item.output_after, mime)
        shown = [self._figure("A", mime, old), self._figure("B", mime, new)]
        if old and new and mime in MIMES and len(old) + len(new) < self._room:
            drawn = difference_image(old, new)
            if drawn is not None:
                shown.append(self._figure("where they differ", "image/png", drawn))
        words = "" if item.image is None else quiet(image_words(item.image))
        style = "display:flex;flex-wrap:wrap;gap:8px;margin:3px 0"
        return f'<div>{words}</div><div style="{style}">{"".join(shown)}</div>'

    def _mime(self, item: OutputChange) -> str | None:
        names = {*item.before, *item.after}
        return next((mime for mime in (*MIMES, SVG) if mime in names), None)

    def _bytes(
        self, run: RecordedRun, position: int, number: int | None, mime: str
    ) -> bytes | None:
        if number is None:
            return None
        outputs = next(
            (cell.outputs for cell in run.cells if cell.position == position), []
        )
        values = output_values(outputs)
        value = values[number].get(mime) if number < len(values) else None
        return None if value is None else value_bytes(value, self.get)

    def _figure(self, letter: str, mime: str, data: bytes | None) -> str:
        if data is None:
            return ""
        caption = f"<figcaption>{quiet(letter)}</figcaption>"
        style = "margin:0;flex:1 1 240px;max-width:420px;min-width:0"
        if len(data) > min(_ONE, self._room):
            words = quiet(f"{mime}, {size(len(data))}: too large for this page")
            return f'<figure style="{style}">{caption}{words}</figure>'
        self._room -= len(data)
        told = base64.b64encode(data).decode("ascii")
        # On white: plots are drawn for paper. Within <img> an SVG runs no script.
        image = (
            f'<img alt="{escape(f"picture of {letter}")}" '
            f'src="data:{mime};base64,{told}" '
            f'style="max-width:100%;background:#fff;border:1px solid {RULE}">'
        )
        return f'<figure style="{style}">{caption}{image}</figure>'
