"""What a cell shows, collected as nbformat outputs while it passes. Stores nothing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.entries import Bundle, Entry, Failure, Gap, Stream
from jupyter_mlops.capture.inlining import externalise, internalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_mlops.capture.frames import FrameHead

__all__ = ["OutputRecorder", "externalise", "internalise", "notebook_outputs"]

OUTPUT_LIMIT = 10_000_000
CELL_LIMIT = 50_000_000
FRAMES = 30
"""Displayed tables of which one cell keeps the first rows."""
_OVERHEAD = 200
"""Bytes that an output costs besides what it shows."""


class OutputRecorder:
    """Collects the outputs of one run of a cell, within a budget.

    Any thread may call it. Of a text too long, head and tail are kept; of a bundle,
    the MIME values that fit; of too many outputs, the first and the last. What was
    left out is counted in the output's metadata, as
    ``{"jupyter_mlops": {"dropped_bytes": n}}``.

    Parameters
    ----------
    output_limit, cell_limit : int
        Bytes of one output (at most half of all), and of all.

    Attributes
    ----------
    has_text : bool
        Something was printed, be it cleared since or not.
    """

    def __init__(
        self, *, output_limit: int = OUTPUT_LIMIT, cell_limit: int = CELL_LIMIT
    ) -> None:
        self._output_limit = min(output_limit, cell_limit // 2)
        self._cell_limit = cell_limit
        # Reentrant: a __del__ that prints may run while a call is under way.
        self._lock = threading.RLock()
        self._entries: list[Entry] = []
        self._stream: Stream | None = None
        self._gap: Gap | None = None
        self._gap_at = 0
        self._total = 0
        self._clears_next = False
        self._frame_count = 0
        self.has_text = False

    def stream(self, name: str, text: str) -> None:
        """Take what was printed to ``stdout`` or ``stderr``."""
        if not text:
            return
        self.has_text = True
        with self._lock:
            if self._clears_next:
                self._forget()
            stream = self._stream
            if stream is None or stream.name != name:
                stream = Stream(name, self._output_limit)
                self._add(stream)
                self._stream = stream
            self._total += stream.add(text)
            if self._total > self._cell_limit:
                self._shed()

    def display(
        self,
        data: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        transient: Mapping[str, Any] | None = None,
        *,
        update: bool = False,
        frame: FrameHead | None = None,
    ) -> bool:
        """Take a displayed bundle, or with `update` a new one for earlier displays.

        An update of a display that another cell made is kept as an output with the
        note ``{"jupyter_mlops": {"updates": display_id}}``: this cell showed it.

        Parameters
        ----------
        frame : FrameHead, optional
            The table that is shown.

        Returns
        -------
        bool
            False for an update of a display that this cell did not make.
        """
        display_id = (transient or {}).get("display_id")
        entry = Bundle("display_data", data, metadata, self._output_limit)
        entry.display_id = display_id
        entry.frame = frame
        with self._lock:
            if update:
                return self._update(entry)
            self._add(entry)
        return True

    def result(
        self,
        data: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        execution_count: int | None = None,
        frame: FrameHead | None = None,
    ) -> None:
        """Take the value of the cell's last expression."""
        entry = Bundle("execute_result", data, metadata, self._output_limit)
        entry.execution_count = execution_count
        entry.frame = frame
        with self._lock:
            self._add(entry)

    def error(self, ename: str, evalue: str, traceback: Iterable[str]) -> None:
        """Take the exception that ended the cell."""
        entry = Failure(ename, evalue, list(traceback), self._output_limit)
        with self._lock:
            self._add(entry)

    def clear(self, wait: bool = False) -> None:  # noqa: FBT001, FBT002 - as clear_output has it
        """Forget what was shown, now or when something new is shown."""
        with self._lock:
            if wait:
                self._clears_next = True
            else:
                self._forget()

    def finish(self) -> list[dict[str, Any]]:
        """Return the outputs so far; more may follow."""
        with self._lock:
            return [entry.finish() for entry in self._entries]

    def frames(self) -> list[tuple[int, FrameHead]]:
        """Return the tables among the outputs so far, each with its place."""
        with self._lock:
            return [
                (at, entry.frame)
                for at, entry in enumerate(self._entries)
                if isinstance(entry, Bundle) and entry.frame is not None
            ]

    @property
    def has_room_for_frames(self) -> bool:
        """Whether a further table's head would be kept."""
        return self._frame_count < FRAMES

    @property
    def dropped_bytes(self) -> int:
        """How much of what was shown is not kept."""
        with self._lock:
            return sum(entry.dropped for entry in self._entries)

    def _forget(self) -> None:
        self._frame_count = 0
        self._entries = []
        self._stream = self._gap = None
        self._total = 0
        self._clears_next = False

    def _add(self, entry: Entry) -> None:
        if self._clears_next:
            self._forget()
        self._stream = None
        self._frame_count += getattr(entry, "frame", None) is not None
        self._entries.append(entry)
        self._total += entry.size + _OVERHEAD
        if self._total > self._cell_limit:
            self._shed()

    def _shed(self) -> None:
        """Leave out outputs from the middle until the rest fits."""
        if self._gap is None:
            self._open_gap()
        gap = self._gap
        assert gap is not None
        end = first = self._gap_at + 1
        # The last one stays: it may be a stream that grows.
        while self._total > self._cell_limit and end < len(self._entries) - 1:
            gap.take(self._entries[end])
            self._frame_count -= getattr(self._entries[end], "frame", None) is not None
            self._total -= self._entries[end].size + _OVERHEAD
            end += 1
        del self._entries[first:end]

    def _open_gap(self) -> None:
        """Put a gap after the outputs that fill the first half of the budget."""
        at, head = 0, self._entries[0].size + _OVERHEAD
        while head <= self._cell_limit // 2 and at < len(self._entries) - 1:
            at += 1
            head += self._entries[at].size + _OVERHEAD
        self._gap, self._gap_at = Gap(), at
        self._entries.insert(at, self._gap)
        self._total += _OVERHEAD

    def _update(self, fresh: Bundle) -> bool:
        """Replace every display of the same id; without one it is another cell's."""
        if fresh.display_id is None:
            return False
        is_ours = is_known = False
        for at, entry in enumerate(self._entries):
            if isinstance(entry, Bundle) and entry.display_id == fresh.display_id:
                is_known = True
                is_ours = is_ours or not entry.is_foreign
                fresh.is_foreign = entry.is_foreign
                self._entries[at] = fresh
                self._total += fresh.size - entry.size
        if not is_known:
            fresh.is_foreign = True
            self._add(fresh)
        elif self._total > self._cell_limit:
            self._shed()
        return is_ours


def notebook_outputs(outputs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take off what nbformat does not allow: metadata of streams and errors."""
    return [
        {name: part for name, part in output.items() if name != "metadata"}
        if output["output_type"] in ("stream", "error")
        else output
        for output in outputs
    ]
