"""Text and messages of a notebook's process become outputs of its cells.

nbclient's own code takes the messages, so outputs, display ids, widgets and timing are
as it makes them.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from nbclient.exceptions import CellExecutionComplete
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.execution import CellWatcher
    from jupyter_mlops.pipeline.worker.wire import Frame

_BURST_SECONDS = 0.2
"""Text that stdout and stderr take turns in is put together as ipykernel does it."""
TEXT_LIMIT = 1 << 29
"""Characters of text that a cell keeps; what it prints beyond is counted."""


class OutputClient(PapermillNotebookClient):
    """Collects the outputs of one cell after the other.

    Parameters
    ----------
    notebook : NotebookNode
        Whose cells run.
    watcher : CellWatcher
        Told when there is something new.
    send : callable
        Takes a widget's message to the notebook's process.
    options : dict
        Traits of nbclient's client.

    Attributes
    ----------
    reply : dict or None
        The answer to the cell that runs, once it has come.
    """

    def __init__(
        self,
        notebook: NotebookNode,
        watcher: CellWatcher,
        send: Callable[[dict[str, Any]], None],
        options: dict[str, Any],
    ) -> None:
        manager = SimpleNamespace(nb=notebook, autosave_cell=lambda: None)
        super().__init__(manager, **options)
        self.reset_execution_trackers()
        self._watcher = watcher
        # What nbclient's Output widget needs of a kernel's client.
        self.kc = SimpleNamespace(
            session=SimpleNamespace(msg=_comm_message),
            shell_channel=SimpleNamespace(send=send),
        )
        self.reply: dict[str, Any] | None = None
        self._parent = ""
        self._index = 0
        self._cell: NotebookNode | None = None
        self._text = _Text([])
        self._count = 0
        self._taken = 0

    def go_on_from(self, count: int) -> None:
        """Take it that the process has counted this many executions."""
        self._count = count

    def begin(self, index: int, cell: NotebookNode, parent: str) -> None:
        """Take a cell that is about to run; `parent` is its message's id."""
        cell.metadata["execution"] = {}
        cell.outputs = []
        self.clear_before_next_output = False
        self.reply = None
        self._index, self._cell, self._parent = index, cell, parent
        self._text = _Text(cell.outputs)
        self._taken = 0
        # What the kernel counts next: cells, and code that cells have it run.
        cell.execution_count = self._count + 1
        self._note_time(time.time(), "iopub.status.busy", "iopub.execute_input")

    def end(self) -> None:
        """Finish the cell's outputs."""
        if self._taken > TEXT_LIMIT:
            more = self._taken - TEXT_LIMIT
            self._text.add("stderr", f"\n[{more} further characters are left out]\n")
        self._text.settle()

    def take_text(self, stream: int, text: str) -> None:
        """Take what was written to stdout (0) or stderr (1)."""
        assert self._cell is not None
        name = ("stdout", "stderr")[stream]
        room = max(0, TEXT_LIMIT - self._taken)
        self._taken += len(text)
        text = text[:room]
        if self._is_plain():
            self._text.add(name, text)
        else:
            self._take("stream", {"name": name, "text": text}, {}, [])

    def take(self, frame: Frame) -> None:
        """Take a message."""
        head = frame.head
        kind = head["type"]
        if kind == "flush":
            self._text.close(("stdout", "stderr")[head["stream"]])
            return
        if kind == "idle":
            self._note_time(head["date"], "iopub.status.idle")
            return
        if head["parent"] != self._parent:
            return
        content = json.loads(frame.parts[0])
        if kind == "execute_reply":
            self._note_time(head["date"], "shell.execute_reply")
            self.reply = content
            self._count = content.get("execution_count", self._count + 1)
            return
        self._text.settle()
        self._take(kind, content, head, frame.parts[1:])
        self._text = _Text(self._cell.outputs)  # type: ignore[union-attr]

    def beat(self) -> None:
        """Put the text so far where it can be seen, and say that time passes."""
        self._text.settle()
        self._watcher.beat()

    def _take(
        self, kind: str, content: Any, head: dict[str, Any], buffers: list[bytes]
    ) -> None:
        date = head.get("date")
        message = {
            "msg_type": kind,
            "header": {
                "msg_type": kind,
                "date": datetime.fromtimestamp(date or time.time(), UTC),
            },
            "parent_header": {"msg_id": self._parent},
            "metadata": head.get("metadata", {}),
            "content": content,
            "buffers": buffers,
        }
        try:
            self.process_message(message, self._cell, self._index)
        except CellExecutionComplete:
            return

    def _is_plain(self) -> bool:
        """Whether text just goes to the cell, past nbclient."""
        return not (
            self.clear_before_next_output
            or self.output_hook_stack.get(self._parent)
            or self.log_output
            or self.stdout_file
            or self.stderr_file
        )

    def _note_time(self, seconds: float | None, *names: str) -> None:
        assert self._cell is not None
        if self.record_timing and seconds is not None:
            at = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
            shown = f"{at.isoformat(timespec='microseconds')}Z"
            self._cell.metadata["execution"].update(dict.fromkeys(names, shown))


class _Text:
    """Text at the end of a cell's outputs, put together before it is joined to them."""

    def __init__(self, outputs: list[NotebookNode]) -> None:
        self._outputs = outputs
        self._open: dict[str, NotebookNode] = {}
        self._pieces: dict[int, list[str]] = {}
        self._began = 0.0
        self._size = 0

    def add(self, name: str, text: str) -> None:
        """Add text of a stream."""
        output = self._output(name)
        pieces = self._pieces.setdefault(id(output), [output.text])
        pieces.append(text)

    def close(self, name: str) -> None:
        """Have later text of a stream stand behind what is there by then."""
        self._open.pop(name, None)

    def settle(self) -> None:
        """Join the text to the outputs."""
        for output in self._outputs:
            pieces = self._pieces.pop(id(output), None)
            if pieces is not None:
                output.text = "".join(pieces)

    def _output(self, name: str) -> NotebookNode:
        outputs = self._outputs
        last = outputs[-1] if outputs else None
        if last is not None and last.get("name") == name:
            self._open.setdefault(name, last)
            return last
        now = time.monotonic()
        if now - self._began > _BURST_SECONDS:
            self._open.clear()
            self._began = now
        if name not in self._open:
            self._open[name] = new_output("stream", name=name, text="")
            outputs.append(self._open[name])
        return self._open[name]


def _comm_message(
    kind: str, content: Any = None, parent: Any = None, metadata: Any = None
) -> dict[str, Any]:
    return {
        "msg_type": kind,
        "header": {"msg_type": kind, "msg_id": "comm"},
        "parent_header": {"msg_id": (parent or {}).get("msg_id", "")},
        "metadata": metadata or {},
        "content": content,
    }
