"""Sees a cell's outputs as they pass, and passes them on unchanged.

The shell's own objects are watched at the calls that every output goes through, so
that a cell's `sys.stdout` stays the object it was.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops.capture.files import without_own_frames
from jupyter_mlops.capture.fits import without_our_frames
from jupyter_mlops.capture.frames import frame_head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_mlops.capture.frames import FrameHead


class Recorder(Protocol):
    """What takes the outputs of one cell: see `capture.outputs.OutputRecorder`."""

    def stream(self, name: str, text: str) -> None:
        """Take text that was printed."""

    def display(
        self,
        data: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        transient: Mapping[str, Any] | None = None,
        *,
        update: bool = False,
        frame: FrameHead | None = None,
    ) -> object:
        """Take a rich output, and the table that it shows."""

    def result(
        self,
        data: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        execution_count: int | None = None,
        frame: FrameHead | None = None,
    ) -> None:
        """Take the cell's value."""

    def error(self, ename: str, evalue: str, traceback: Iterable[str]) -> None:
        """Take a traceback."""

    def clear(self, *, wait: bool = False) -> None:
        """Forget what was shown."""

    @property
    def has_room_for_frames(self) -> bool:
        """Whether the head of a further table would be kept."""


class OutputTee:
    """Sends what a shell shows to a recorder, too, between `start` and `stop`."""

    def __init__(self, shell: InteractiveShell, recorder: Recorder) -> None:
        self._shell = shell
        self._recorder = recorder
        self._undo: list[Callable[[], None]] = []
        # Which thread's shell is showing something: a terminal writes rich outputs
        # and tracebacks to stdout, where they must not be counted again. And the head
        # of the table that the thread is about to show.
        self._shows = threading.local()
        self._cell = ""

    def start(self) -> None:
        """Begin to watch."""
        shell = self._shell
        self._cell = _cell_of(sys.stdout)
        self._watch_format(shell.display_formatter)
        self._watch_stream("stdout")
        self._watch_stream("stderr")
        self._wrap(shell.display_pub, "publish", self._saw_display)
        self._wrap(shell.display_pub, "clear_output", self._saw_clear)
        self._wrap(shell.displayhook, "write_output_prompt", _saw_nothing)
        self._wrap(shell.displayhook, "write_format_data", self._saw_result)
        self._wrap(shell.displayhook, "finish_displayhook", _saw_nothing)
        self._wrap(shell, "showtraceback", _clean_traceback)
        self._wrap(shell, "_showtraceback", self._saw_error)

    def stop(self) -> None:
        """Leave everything as it was found."""
        while self._undo:
            self._undo.pop()()

    def _wrap(self, owner: Any, name: str, saw: Callable[..., None]) -> None:
        original = getattr(owner, name)
        shows = self._shows

        def watched(*args: Any, **kwargs: Any) -> Any:
            # Noted first, as a hook or a broken front end may make the call fail; a
            # fault of our own must not keep the output from being shown.
            with contextlib.suppress(Exception):
                saw(*args, **kwargs)
            outer = getattr(shows, "now", False)
            shows.now = True
            try:
                return original(*args, **kwargs)
            finally:
                shows.now = outer

        self._put(owner, name, watched)

    def _put(self, owner: Any, name: str, watched: Callable[..., Any]) -> None:
        """Put `watched` in the place of a method, until `stop`."""
        had_own = name in vars(owner)
        original = getattr(owner, name)
        setattr(owner, name, watched)

        def undo() -> None:
            # Someone who wrapped it after us, and has not let go yet, keeps it.
            if vars(owner).get(name) is not watched:
                return
            if had_own:
                setattr(owner, name, original)
            else:
                delattr(owner, name)

        self._undo.append(undo)

    def _watch_stream(self, name: str) -> None:
        stream = getattr(sys, name)

        def saw(text: str) -> None:
            if getattr(self._shows, "now", False) or _cell_of(stream) != self._cell:
                return
            self._recorder.stream(name, text)

        try:
            self._wrap(stream, "write", saw)
        except AttributeError:
            # A stream written in C takes no attribute: put a thin one before it.
            thin = _ThinStream(stream, saw)
            setattr(sys, name, thin)

            def undo() -> None:
                if getattr(sys, name) is thin:
                    setattr(sys, name, stream)

            self._undo.append(undo)

    def _watch_format(self, formatter: Any) -> None:
        """Look at each object before it is brought into its MIME types."""
        original = formatter.format
        shows = self._shows

        # Not `_wrap`: what an object prints while it is formatted is shown, too.
        def watched(value: Any, *args: Any, **kwargs: Any) -> Any:
            shows.frame = None
            with contextlib.suppress(Exception):
                if self._recorder.has_room_for_frames:
                    shows.frame = frame_head(value)
            return original(value, *args, **kwargs)

        self._put(formatter, "format", watched)

    def _take_frame(self) -> FrameHead | None:
        frame: FrameHead | None = getattr(self._shows, "frame", None)
        self._shows.frame = None
        return frame

    def _saw_display(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *_: Any,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **__: Any,
    ) -> None:
        frame = self._take_frame()
        self._recorder.display(data, metadata, transient, update=update, frame=frame)

    def _saw_clear(self, wait: bool = False) -> None:  # noqa: FBT001, FBT002 - IPython's signature
        # Within an Output widget only that widget is cleared.
        if not _is_within_widget():
            self._recorder.clear(wait=wait)

    def _saw_result(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        count = self._shell.displayhook.prompt_count
        self._recorder.result(format_dict, md_dict, count, self._take_frame())

    def _saw_error(self, etype: Any, evalue: Any, stb: Any) -> None:
        lines = stb if isinstance(stb, list) else [str(stb)]
        self._recorder.error(etype.__name__, str(evalue), lines)


def _clean_traceback(*_args: Any, **_kwargs: Any) -> None:
    """Take out of what is about to be shown how files and fits are seen."""
    without_own_frames(sys.exc_info()[1])
    without_our_frames(sys.exc_info()[1])


def _saw_nothing() -> None:
    """Stand for a call that shows nothing new."""


def _cell_of(stream: Any) -> str:
    """Say which cell a stream's text goes to: a task may belong to an earlier one."""
    header = getattr(stream, "parent_header", None)
    return str(header.get("msg_id", "")) if isinstance(header, dict) else ""


def _is_within_widget() -> bool:
    """Tell whether an Output widget of ipywidgets takes what is shown now."""
    module = sys.modules.get("ipywidgets.widgets.widget")
    widgets = getattr(module, "_instances", None) or {}
    return any(
        type(item).__name__ == "Output" and getattr(item, "msg_id", "")
        for item in list(widgets.values())
    )


class _ThinStream:
    """Stands before a stream and notes what is written to it."""

    def __init__(self, stream: Any, saw: Callable[[str], None]) -> None:
        self._stream = stream
        self._saw = saw

    def write(self, text: str) -> Any:
        self._saw(text)
        return self._stream.write(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
