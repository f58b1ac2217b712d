"""What a running cell shows, told to the run's journal a little at a time.

At most twice a second, and within a budget of bytes: a cell that prints millions of
lines is told in samples of its last ones. The cell's own record has all of it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from jupyter_mlops.store.showing import LIMIT, forget_showing, write_showing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nbformat import NotebookNode

    from jupyter_mlops.capture.masking import Masker
    from jupyter_mlops.tracking.run import Run

SECONDS = 0.5
PIECE = 8192
"""Letters of one event."""
BUDGET = 1 << 16
"""Letters that may be told at once, and how many more each second."""
REFILL = 512
_PER_LOOK = 10
_WIDGET = "application/vnd.jupyter.widget-view+json"
_PLAIN = 1000
_CONTEXT = 4096
"""Letters before new ones that are looked at again for secrets which go on in them."""
_BEGIN, _END = "-----BEGIN", "-----END"


class LiveOutputs:
    """Tells what one cell after the other shows while it runs.

    An event is ``{"e": "output", "n": cell, "of": outputs so far}``, and of one of them
    besides ``i`` (which), ``kind`` and, of a stream, ``name``, ``text`` and ``at``: how
    many letters of it stand before that text. Of others ``mimes``, and ``text`` if
    there is a plain one; what they look like is in `store.showing`, for a while.

    Parameters
    ----------
    folder : Path, optional
        Of the run's journals: without it nobody is shown what outputs look like.
    """

    def __init__(self, run: Run, folder: Path | None = None) -> None:
        self._run = run
        self._folder = folder
        self._bundles: dict[int, dict[str, Any]] = {}
        self._cell = -1
        self._due = 0.0
        self._room = float(BUDGET)
        self._seen_at = 0.0
        self._told: list[Any] = []

    def begin(self, cell: int) -> None:
        """Take a cell that has just begun to run."""
        self._cell = cell
        self._told = []
        self.end()
        self._seen_at = time.monotonic()
        self._due = self._seen_at + SECONDS
        self._room = float(BUDGET)

    def end(self) -> None:
        """Forget what the cell looks like: its own record has it, or nobody asks."""
        if self._bundles and self._folder is not None:
            forget_showing(self._folder)
        self._bundles = {}

    @property
    def is_due(self) -> bool:
        """Whether `look` may be called again."""
        return time.monotonic() >= self._due

    def look(self, outputs: list[NotebookNode]) -> None:
        """Tell what is new among the cell's outputs."""
        now = time.monotonic()
        self._due = now + SECONDS
        self._room = min(BUDGET, self._room + REFILL * (now - self._seen_at))
        self._seen_at = now
        if len(outputs) < len(self._told):
            # They were cleared.
            self._told = []
            if not outputs:
                self._run.record("output", n=self._cell, of=0)
        news = [*self._news(outputs)]
        self._show(outputs, {told["i"] for told in news if "mimes" in told})
        for told in news[-_PER_LOOK:]:
            self._room -= len(told.get("text", ""))
            self._run.record("output", n=self._cell, of=len(outputs), **told)

    def _show(self, outputs: list[NotebookNode], changed: set[int]) -> None:
        """Put in place what outputs other than texts look like, before it is told."""
        if self._folder is None:
            return
        kept = {at: bundle for at, bundle in self._bundles.items() if at < len(outputs)}
        shown = sorted(changed, reverse=True)[:_PER_LOOK]
        for at in shown:
            drawn = _drawn(outputs[at]["data"])
            (output,) = self._run.masker.outputs([{"data": drawn}])
            kept[at] = output["data"]
        if shown or len(kept) < len(self._bundles):
            self._bundles = write_showing(self._folder, self._cell, kept)

    def _news(self, outputs: list[NotebookNode]) -> Iterator[dict[str, Any]]:
        for at, output in enumerate(outputs):
            known = self._told[at] if at < len(self._told) else None
            told: dict[str, Any] = {}
            if output["output_type"] == "stream":
                done = known if isinstance(known, int) else 0
                told, known = self._of_stream(output, done)
            elif known is not (shown := output.get("data", output)):
                told, known = _of_bundle(output, self._run.masker), shown
            self._told[at : at + 1] = [known]
            if told:
                yield {"i": at, "kind": output["output_type"], **told}

    def _of_stream(self, output: NotebookNode, done: int) -> tuple[dict[str, Any], int]:
        text = output["text"]
        if len(text) < done:
            done = 0
        room = min(PIECE, int(self._room))
        end = _safe_end(text, done, self._run.masker)
        if end <= done or room < min(_PLAIN, end - done):
            return {}, done
        start = max(done, end - room)
        if start > done:
            # From a whole line on, if there is one.
            start = text.find("\n", start, end) + 1 or start
        piece = _masked(text, start, end, self._run.masker)
        return {"name": output["name"], "at": start, "text": piece}, end


def _of_bundle(output: NotebookNode, masker: Masker) -> dict[str, Any]:
    if output["output_type"] == "error":
        said = f"{output['ename']}: {output['evalue']}"
        return {"text": masker.text(said)[:_PLAIN]}
    data = output.get("data", {})
    told: dict[str, Any] = {"mimes": sorted(data)}
    plain = data.get("text/plain")
    if isinstance(plain, str):
        told["text"] = masker.text(plain)[:_PLAIN]
    return told


def _drawn(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out what cannot be drawn without the kernel, or is too much."""
    return {
        mime: value
        for mime, value in data.items()
        if mime != _WIDGET and not (isinstance(value, str) and len(value) > LIMIT)
    }


def _safe_end(text: str, done: int, masker: Masker) -> int:
    """Say up to where a text may be told: a secret may have come by half."""
    end = max(text.rfind("\n"), text.rfind("\r")) + 1
    tail = text[max(end, len(text) - _CONTEXT) :]
    # Of an open line, all but the word that may go on.
    word = max(tail.rfind(" "), tail.rfind("\b"), tail.rfind("\t")) + 1
    if tail and not any(map(str.isalnum, tail[word:])):
        word = len(tail)
    end = max(end, len(text) - len(tail) + word)
    block = text.rfind(_BEGIN, max(0, end - _CONTEXT), end)
    if block >= 0 and text.find(_END, block, end) < 0:
        end = block
    return max(done, masker.before_known(text, end))


def _masked(text: str, start: int, end: int, masker: Masker) -> str:
    """Mask a part of a text, of which what stands before it may be half."""
    first = text.rfind("\n", 0, max(0, start - _CONTEXT)) + 1
    first = max(first, start - 2 * _CONTEXT, 0)
    parts, at = [], start
    for begun, ended, kind in masker.spans(text[first:end]):
        if first + ended > at:
            parts += [text[at : max(at, first + begun)], f"<masked:{kind}>"]
            at = first + ended
    return "".join(parts) + text[at:end]
