"""Journals: append-only files of events, one for each process that writes to a run.

A writer holds a lock on its file for as long as it lives. The system lets go of it
when the process ends, however it ends: that is how a run that was killed is told from
one that goes on, across containers and without trusting process numbers.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import platform
import threading
import weakref
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.ids import RunId, WriterId, new_writer_id
from jupyter_mlops.store import events

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.store.durability import Flusher
    from jupyter_mlops.store.layout import Layout

SUFFIX = ".jsonl"
_NEW_FILE = os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_WRONLY | os.O_CLOEXEC


class JournalWriter:
    """Appends one process's events to a run.

    A forked child that inherits a writer goes on in a file of its own.

    Parameters
    ----------
    layout : Layout
        The workspace.
    run_id : RunId
        The run written to.
    flusher : Flusher
        Forces the file to disk every now and then.
    joins : bool
        The run was begun by another process: whoever indexes is told to look again.
    """

    def __init__(
        self, layout: Layout, run_id: RunId, flusher: Flusher, *, joins: bool = False
    ) -> None:
        self.run_id = run_id
        self._layout = layout
        self._flusher = flusher
        self._joins = joins
        self._fd = -1
        self._last_fd = -1
        self._path: Path | None = None
        self._is_dirty = False
        self._before = b""
        self._is_closed = False
        self._opening = threading.Lock()
        _writers.add(self)

    @property
    def folder(self) -> Path:
        """The folder of the run's journals."""
        return self._layout.journal_folder(self.run_id)

    def append(self, line: bytes) -> None:
        """Write `line`, which ends with a newline, with one call to the system.

        Raises
        ------
        StoreWriteError
            When the disk does not take it whole. Earlier lines are untouched, and a
            torn one is closed off before the next.
        """
        if self._fd < 0:
            self._open()
        before = self._before
        if before:
            line = before + line
        try:
            written = os.write(self._fd, line)
        except OSError as error:
            raise self._write_error(error) from error
        if written != len(line):
            # The next line closes this one off; a header that was cut comes again.
            self._before = b"\n" + before.lstrip(b"\n")
            raise self._write_error(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        if before:
            self._before = b""
        if not self._is_dirty:
            self._is_dirty = True
            self._flusher.mark(self)

    def sync(self) -> None:
        """Force what was written to the disk."""
        self._is_dirty = False
        with self._opening:
            # The flusher and whoever closes may come at once.
            last, self._last_fd = self._last_fd, -1
        fd = self._fd if last < 0 else last
        if fd < 0:
            # Whoever closed it has forced it to the disk.
            return
        # Closed in between, or a file system that cannot: the lines are with the
        # system all the same, and a real write error shows at the next one.
        with contextlib.suppress(OSError):
            os.fdatasync(fd)
        if last >= 0:
            os.close(last)
            if not self._joins:
                self.sync_others()

    def close(self, *, wait: bool = True) -> None:
        """Force everything of the run to disk and let go of the file.

        Without `wait` the flusher does it, with what else became dirty; nothing can
        be appended meanwhile.
        """
        if self._is_closed:
            return
        self._is_closed = True
        self._fd, self._last_fd = -1, self._fd
        if self._last_fd >= 0 and not wait:
            self._flusher.mark(self)
            return
        self._flusher.forget(self)
        if self._last_fd >= 0:
            self.sync()

    def discard(self) -> None:
        """Close and take the file back: its first line was refused, so no run began."""
        self.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    def sync_others(self) -> None:
        """Force to disk what child processes wrote to the run, too."""
        for path in journal_files(self.folder):
            if path == self._path:
                continue
            # What cannot be forced is with the system all the same.
            with contextlib.suppress(OSError):
                fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
                try:
                    os.fdatasync(fd)
                finally:
                    os.close(fd)

    def _open(self) -> None:
        with self._opening:
            if self._fd >= 0:
                # Another thread was faster.
                return
            if self._is_closed:
                raise errors.RunEndedError(
                    f"Run {self.run_id} has ended; nothing can be added to it.",
                    run_id=self.run_id,
                )
            self._before = _header()
            self._fd = self._new_file()

    def _new_file(self) -> int:
        """Make a file that holds nothing yet, and lock it."""
        folder = self.folder
        path = folder / f"{new_writer_id()}{SUFFIX}"
        try:
            folder.mkdir(exist_ok=True)
            fd = os.open(path, _NEW_FILE, 0o644)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX)
                if self._joins:
                    # Before the first line: whoever hears it finds the lock held,
                    # and looks again.
                    ring(self._layout, self.run_id)
            except BaseException:
                os.close(fd)
                path.unlink(missing_ok=True)
                raise
        except PermissionError as error:
            raise errors.WorkspaceReadOnlyError(
                f"{folder} cannot be written: you may only read this workspace.",
                folder=folder,
            ) from error
        except OSError as error:
            raise self._write_error(error) from error
        self._path = path
        return fd

    def _write_error(self, error: OSError) -> errors.MlopsError:
        if error.errno == errno.EROFS:
            return errors.WorkspaceReadOnlyError(
                f"{self.folder} is on a read-only file system.", folder=self.folder
            )
        return errors.StoreWriteError(
            f"Run {self.run_id} could not be recorded in {self.folder}: "
            f"{error.strerror}. What was recorded before is safe; make room and go on.",
            run_id=self.run_id,
            errno=error.errno,
        )

    def _after_fork(self) -> None:
        for fd in (self._fd, self._last_fd):
            # Only the child's copy is closed; the parent keeps file and lock.
            if fd >= 0:
                os.close(fd)
        self._fd = self._last_fd = -1
        self._path = None
        self._is_dirty = False
        self._opening = threading.Lock()
        self._joins = True


def ring(layout: Layout, run_id: RunId) -> None:
    """Tell indexers that a run which they may have put away has grown."""
    fd = os.open(layout.touched, os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(fd, f"{run_id}\n".encode())
    finally:
        os.close(fd)


def _header() -> bytes:
    return events.encode(
        "writer", format=events.FORMAT, host=platform.node(), pid=os.getpid()
    )


# --- reading ---------------------------------------------------------------------


@dataclass(slots=True)
class JournalChunk:
    """What one read of a journal gave.

    Attributes
    ----------
    events : list of dict
        In the order written, unknown kinds included.
    offset : int
        Where the next read begins: after the last whole line.
    bad_lines : list of int
        Offsets of whole lines that are no events: torn by a crash or a full disk.
    torn_bytes : int
        Bytes after the last whole line: a line being written, or torn.
    """

    events: list[dict[str, Any]]
    offset: int
    bad_lines: list[int] = field(default_factory=list)
    torn_bytes: int = 0


def read_journal(path: Path, offset: int = 0, limit: int = 1 << 24) -> JournalChunk:
    """Read the events from `offset` on, about `limit` bytes of them at the most.

    Returns
    -------
    JournalChunk
        Its `offset` equals the one given when nothing new is whole.
    """
    with path.open("rb") as file:
        file.seek(offset)
        data = file.read(limit)
        end = data.rfind(b"\n") + 1
        while end == 0 and len(data) == limit:
            # One line longer than the limit: read until it ends.
            limit *= 2
            data += file.read(limit - len(data))
            end = data.rfind(b"\n") + 1
    chunk = JournalChunk([], offset + end, torn_bytes=len(data) - end)
    if end:
        _parse(data[:end], offset, chunk)
    return chunk


def _parse(data: bytes, offset: int, chunk: JournalChunk) -> None:
    import orjson

    # A JSON string never holds a raw newline, so the lines of a healthy file are
    # the items of one array: parsed in one go, this is twice as fast.
    try:
        found = orjson.loads(b"[" + data[:-1].replace(b"\n", b",") + b"]")
    except orjson.JSONDecodeError:
        found = None
    # Objects without a kind are left to whoever reads the kinds: this is hot.
    if found is not None and set(map(type, found)) <= {dict}:
        chunk.events = found
        return
    for line in data.splitlines(keepends=True):
        if line.strip():
            try:
                chunk.events.append(events.load(line))
            except ValueError:
                chunk.bad_lines.append(offset)
        offset += len(line)


def journal_files(folder: Path) -> list[Path]:
    """List the journals of a run, in a stable order."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [folder / name for name in names if name.endswith(SUFFIX)]


def writer_of(path: Path) -> WriterId:
    """Return the writer that a journal file belongs to."""
    return WriterId(path.name.removesuffix(SUFFIX))


def is_being_written(path: Path) -> bool:
    """Tell whether the process that writes this journal is alive."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(fd)
    return False


_writers: weakref.WeakSet[JournalWriter] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    for writer in list(_writers):
        writer._after_fork()  # noqa: SLF001 - one noun, one module


os.register_at_fork(after_in_child=_after_fork_in_child)
