"""Moving bytes between files: hashed on the way, cloned where the file system can.

What the bytes are called and where they belong is the blobs' business.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.ids import Digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future, ThreadPoolExecutor
    from pathlib import Path
    from typing import BinaryIO

CHUNK = 4 << 20
_SMALL = 16 << 20
_PIECE = 256 << 10
_FICLONE = 0x40049409
"""The request number of ioctl_ficlone(2) on Linux."""


def open_source(path: Path) -> int:
    """Open a regular file for reading.

    Returns
    -------
    int
        The descriptor; the caller closes it.

    Raises
    ------
    InvalidInputError
        When there is none, or it is no regular file, or it may not be read.
    """
    import stat

    try:
        # Without O_NONBLOCK, opening a named pipe would wait for ever.
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise _unreadable(path, "it is no regular file")
    return fd


def hash_bytes(data: bytes | memoryview) -> Digest:
    """Return the digest of `data`."""
    return Digest(hashlib.sha256(data).hexdigest())


def hash_descriptor(fd: int) -> Digest:
    """Return the digest of an open file, from its start."""
    os.lseek(fd, 0, os.SEEK_SET)
    with os.fdopen(fd, "rb", buffering=0, closefd=False) as file:
        return Digest(hashlib.file_digest(file, "sha256").hexdigest())


def hash_stream(file: BinaryIO) -> Digest:
    """Return the digest of what is left to read in `file`."""
    hasher = hashlib.sha256()
    while piece := file.read(CHUNK):
        hasher.update(piece)
    return Digest(hasher.hexdigest())


def copy_hashed(
    source: int, target: int, path: Path, *, is_lasting: bool = False
) -> tuple[Digest, int]:
    """Copy `source` to `target` and return the digest and size of what was written.

    What is hashed is the very buffer that is being written, so the digest is that of
    the copy, whatever happens to the source meanwhile. A second thread does it where
    there is much to copy.

    Parameters
    ----------
    source, target : int
        Descriptors; the source is read from its start.
    path : Path
        Of the source, for the error.
    is_lasting : bool
        The copy will be forced to disk: have the disk begin at once.
    """
    if os.fstat(source).st_size <= _SMALL:
        return _copy_small(source, target, path)
    # Here: whoever only hashes needs no threads.
    from concurrent.futures import ThreadPoolExecutor

    hasher = hashlib.sha256()
    size = 0
    pending: Future[None] | None = None
    with ThreadPoolExecutor(1, thread_name_prefix="mlops-hash") as pool:
        for piece in _pieces(source, path, CHUNK):
            if pending is not None:
                pending.result()
            pending = _submitted(pool, hasher.update, piece)
            write_all(target, piece)
            if is_lasting:
                _begin_writing(target, size, len(piece))
            size += len(piece)
    return Digest(hasher.hexdigest()), size


def _copy_small(source: int, target: int, path: Path) -> tuple[Digest, int]:
    """Copy and hash by turns, in buffers that stay in the processor's cache."""
    hasher = hashlib.sha256()
    size = 0
    for piece in _pieces(source, path, _PIECE):
        hasher.update(piece)
        write_all(target, piece)
        size += len(piece)
    return Digest(hasher.hexdigest()), size


def _begin_writing(fd: int, offset: int, length: int) -> None:
    # On Linux this starts the write-back of dirty pages and does not wait: without
    # it all of it is left to the fsync at the end. Elsewhere it is a hint at most.
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(fd, offset, length, os.POSIX_FADV_DONTNEED)


def _submitted(
    pool: ThreadPoolExecutor, update: Callable[[memoryview], None], piece: memoryview
) -> Future[None] | None:
    try:
        return pool.submit(update, piece)
    except RuntimeError:
        # The interpreter is shutting down: no thread any more, so do it here.
        update(piece)
        return None


def _pieces(source: int, path: Path, length: int) -> Iterator[memoryview]:
    # Two buffers in turn: one is filled while the other is still being hashed.
    buffers = [memoryview(bytearray(length)) for _ in range(2)]
    os.lseek(source, 0, os.SEEK_SET)
    turn = 0
    while True:
        try:
            count = os.readv(source, [buffers[turn]])
        except OSError as error:
            raise _unreadable(path, error.strerror or str(error)) from error
        if count == 0:
            return
        yield buffers[turn][:count]
        turn = 1 - turn


def write_all(fd: int, data: bytes | memoryview) -> None:
    """Write `data` whole, however many calls the system wants for it."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def clone(source: int, target: int) -> bool:
    """Make `target` share the blocks of `source`, copied only when either changes.

    Returns
    -------
    bool
        False where the file system cannot; nothing was written then.
    """
    try:
        import fcntl

        fcntl.ioctl(target, _FICLONE, source)
    except (ImportError, OSError):
        return False
    return True


def _unreadable(path: Path, reason: str) -> InvalidInputError:
    return InvalidInputError(
        f"{path} cannot be read and was not stored: {reason}.", path=path
    )
