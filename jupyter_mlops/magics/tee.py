"""Sees a cell's outputs as they pass, and passes them on unchanged.

The shell's own objects are watched at the calls that every output goes through, so
that a cell's `sys.stdout` stays the object it was.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from IPython.core.interactiveshell import InteractiveShell


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
    ) -> object:
        """Take a rich output."""

    def result(
        self,
        data: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        execution_count: int | None = None,
    ) -> None:
        """Take the cell's value."""

    def error(self, ename: str, evalue: str, traceback: Iterable[str]) -> None:
        """Take a traceback."""

    def clear(self, *, wait: bool = False) -> None:
        """Forget what was shown."""


class OutputTee:
    """Sends what a shell shows to a recorder, too, between `start` and `stop`."""

    def __init__(self, shell: InteractiveShell, recorder: Recorder) -> None:
        self._shell = shell
        self._recorder = recorder
        self._undo: list[Callable[[], None]] = []
        # Which thread's shell is showing something: a terminal writes rich outputs
        # and tracebacks to stdout, where they must not be counted again.
        self._shows = threading.local()

    def start(self) -> None:
        """Begin to watch."""
        shell = self._shell
        self._watch_stream("stdout")
        self._watch_stream("stderr")
        self._wrap(shell.display_pub, "publish", self._saw_display)
        self._wrap(shell.display_pub, "clear_output", self._saw_clear)
        self._wrap(shell.displayhook, "write_output_prompt", _saw_nothing)
        self._wrap(shell.displayhook, "write_format_data", self._saw_result)
        self._wrap(shell.displayhook, "finish_displayhook", _saw_nothing)
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

        had_own = name in vars(owner)
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
            if not getattr(self._shows, "now", False):
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

    def _saw_display(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *_: Any,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **__: Any,
    ) -> None:
        self._recorder.display(data, metadata, transient, update=update)

    def _saw_clear(self, wait: bool = False) -> None:  # noqa: FBT001, FBT002 - IPython's signature
        self._recorder.clear(wait=wait)

    def _saw_result(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        count = self._shell.displayhook.prompt_count
        self._recorder.result(format_dict, md_dict, count)

    def _saw_error(self, etype: Any, evalue: Any, stb: Any) -> None:
        lines = stb if isinstance(stb, list) else [str(stb)]
        self._recorder.error(etype.__name__, str(evalue), lines)


def _saw_nothing() -> None:
    """Stand for a call that shows nothing new."""


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
