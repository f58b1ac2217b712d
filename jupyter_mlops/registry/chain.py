"""A model's events as a hash chain: one JSON line a link, each sealing the one before.

What the events mean is not known here.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import orjson

from jupyter_mlops import errors
from jupyter_mlops.store import transfer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_LOCK_SECONDS = 30.0
HEALED = "healed"
"""Kind of the link that says which torn line stands before it."""

_FIRST = "0" * 64
_SEAL = re.compile(rb',"digest":"([0-9a-f]{64})"\}')
_SEAL_LENGTH = len(b',"digest":""}') + 64


@dataclass(slots=True)
class Chain:
    """The links of one file, as far as they are written whole, all verified.

    Attributes
    ----------
    links : list of dict
        Events with ``n``, ``t`` (µs since 1970), ``kind``, ``previous``, ``digest``.
    offset : int
        Bytes read: up to the end of the last whole line.
    torn : bytes
        What stands after it: a line being written, or torn by a crash.
    """

    path: Path
    links: list[dict[str, Any]] = field(default_factory=list)
    offset: int = 0
    lines: int = 0
    torn: bytes = b""
    lacks_newline: bool = False
    stamp: tuple[int, int, int] = (0, 0, 0)

    @property
    def head(self) -> str:
        """Digest of the last link."""
        return self.links[-1]["digest"] if self.links else _FIRST


def read_chain(path: Path, known: Chain | None = None) -> Chain:
    """Read and verify a chain; of one known from before, only what was added.

    Raises
    ------
    ChainBrokenError
        When a line was changed, removed, moved or put in; it names the first one.
    """
    try:
        state = path.stat()
    except FileNotFoundError:
        return Chain(path)
    stamp = (state.st_ino, state.st_size, state.st_mtime_ns)
    if known is not None and known.stamp == stamp:
        return known
    chain = _continued(known, state) or Chain(path)
    with path.open("rb") as file:
        file.seek(chain.offset)
        _take(chain, file.read())
    # Grown since it was looked at? Then the size differs, and it is read again.
    chain.stamp = (stamp[0], chain.offset + len(chain.torn), stamp[2])
    return chain


def _take(chain: Chain, data: bytes) -> None:
    if chain.lacks_newline and data:
        chain.lacks_newline = not data.startswith(b"\n")
        data, chain.offset = data[1:], chain.offset + 1
    end = data.rfind(b"\n") + 1
    if tail := data[end:]:
        # A crash may have cut off the newline only: the link itself is whole.
        chain.lacks_newline = _is_whole(tail)
        end = len(data) if chain.lacks_newline else end
    whole = data[:end].removesuffix(b"\n")
    if whole:
        _take_lines(chain, whole.split(b"\n"))
    chain.offset += end
    chain.torn = data[end:]


def _continued(known: Chain | None, state: os.stat_result) -> Chain | None:
    if known is None or known.stamp[0] != state.st_ino:
        return None
    if state.st_size <= known.stamp[1]:
        return None
    return Chain(
        known.path,
        # A copy: whoever still reads the old list must not see it grow.
        known.links.copy(),
        known.offset,
        known.lines,
        lacks_newline=known.lacks_newline,
    )


def _take_lines(chain: Chain, lines: list[bytes]) -> None:
    links = _parsed(lines)
    previous, number = chain.head, len(chain.links)
    torn: bytes | None = None
    for line, link in zip(lines, links, strict=True):
        chain.lines += 1
        digest = _sealed(line)
        if link is None or digest is None:
            if torn is not None:
                _break(chain, "two lines in a row are no links")
            torn = line
            continue
        if torn is not None and link.get("kind") != HEALED:
            chain.lines -= 1
            _break(chain, "the line is no link")
        if _digest_of(line) != digest:
            _break(chain, "the line was changed after it was written")
        number += 1
        if link.get("previous") != previous or link.get("n") != number:
            _break(chain, "a line before it was removed, moved, changed or put in")
        if link.get("kind") == HEALED:
            _check_healing(chain, link, torn)
            torn = None
        chain.links.append(link)
        previous = digest
    if torn is not None:
        _break(chain, "the line is no link")


def _parsed(lines: list[bytes]) -> list[dict[str, Any] | None]:
    # The lines of a healthy file are the items of one array: parsed in one go, this
    # is twice as fast. No line that fits into another's quotes passes its digest.
    try:
        found = orjson.loads(b"[" + b",".join(lines) + b"]")
        if len(found) == len(lines) and all(type(item) is dict for item in found):
            return list(found)
    except orjson.JSONDecodeError:
        pass
    return [_parsed_one(line) for line in lines]


def _parsed_one(line: bytes) -> dict[str, Any] | None:
    try:
        link = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return link if type(link) is dict else None


def _sealed(line: bytes) -> str | None:
    found = _SEAL.fullmatch(line, max(0, len(line) - _SEAL_LENGTH))
    return found[1].decode() if found else None


def _digest_of(line: bytes) -> str:
    return hashlib.sha256(line[:-_SEAL_LENGTH] + b"}").hexdigest()


def _is_whole(line: bytes) -> bool:
    return _sealed(line) == _digest_of(line)


def _check_healing(chain: Chain, link: dict[str, Any], torn: bytes | None) -> None:
    """Let a line that is no link stand only if the next one vouches for it."""
    if torn is None:
        _break(chain, "the torn line that it vouches for was removed")
    if link.get("torn") != hashlib.sha256(torn).hexdigest():
        _break(chain, "it vouches for a torn line that is not the one before it")


def _break(chain: Chain, reason: str) -> NoReturn:
    raise errors.ChainBrokenError(
        f"The history in {chain.path} was tampered with or damaged: line "
        f"{chain.lines}: {reason}. Nothing after it can be trusted; bring the file "
        f"back from a copy.",
        path=chain.path,
        line=chain.lines,
        reason=reason,
    )


# --- appending -------------------------------------------------------------------


def append_link(
    path: Path,
    decide: Callable[[Chain], dict[str, Any] | None],
    known: Chain | None = None,
    before: Callable[[bytes], None] | None = None,
) -> tuple[Chain, bool]:
    """Add one link, decided on with the whole chain at hand, while nobody else adds.

    Parameters
    ----------
    path : Path
        Of the chain; its folder must exist.
    decide : callable
        Given the chain, returns ``kind`` and the other fields of the link, or None to
        add nothing. It may raise, too.
    known : Chain, optional
        From an earlier reading, to verify only what was added.
    before : callable, optional
        Given the whole file as it will be; where it raises, nothing is written.

    Returns
    -------
    tuple of Chain and bool
        The chain as it is now, and whether a torn line had to be healed.

    Raises
    ------
    StoreWriteError, WorkspaceReadOnlyError
        When the disk does not take it; the chain is as before.
    """
    with alone(path):
        try:
            return _append_locked(path, decide, known, before)
        except OSError as error:
            raise _write_error(path, error) from error


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep all others from adding to a chain.

    Raises
    ------
    RegistryError
        When another process does not end to write.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(
        path.with_suffix(".lock"), timeout=_LOCK_SECONDS, is_singleton=False
    )
    try:
        lock.acquire()
    except Timeout as error:
        raise errors.RegistryError(
            f"Another process has been writing to {path} for {_LOCK_SECONDS:.0f} s. "
            f"Try again when it is done.",
            path=path,
        ) from error
    except OSError as error:
        raise _write_error(path, error) from error
    try:
        yield
    finally:
        lock.release()


def _append_locked(
    path: Path,
    decide: Callable[[Chain], dict[str, Any] | None],
    known: Chain | None,
    before: Callable[[bytes], None] | None,
) -> tuple[Chain, bool]:
    chain = read_chain(path, known)
    head, number, added = chain.head, len(chain.links), b""
    was_torn = bool(chain.torn)
    if was_torn:
        # The torn bytes stay where they are, and a link says what they are.
        mark = {"kind": HEALED, "torn": hashlib.sha256(chain.torn).hexdigest()}
        line, head = _link(mark, number + 1, head)
        number += 1
        added = b"\n" + line
    fields = decide(chain)
    if fields is None:
        return chain, False
    if chain.lacks_newline:
        added = b"\n"
    line, _ = _link(fields, number + 1, head)
    if before is not None:
        before(path.read_bytes() + added + line)
    _write(path, added + line)
    return read_chain(path, chain), was_torn


def _link(fields: dict[str, Any], number: int, previous: str) -> tuple[bytes, str]:
    link = {"n": number, "t": time.time_ns() // 1000, "previous": previous, **fields}
    body = canonical(link)
    digest = hashlib.sha256(body).hexdigest()
    return body[:-1] + f',"digest":"{digest}"}}\n'.encode(), digest


def canonical(value: Any) -> bytes:
    """Write a value as the one JSON text that stands for it, to be digested."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        # orjson refuses integers beyond 64 bits, which the standard library takes.
        import json

        text = json.dumps(
            value, allow_nan=False, ensure_ascii=False, separators=(",", ":"),
            sort_keys=True,
        )  # fmt: skip
        return text.encode()


def _write(path: Path, data: bytes) -> None:
    is_new = not path.exists()
    fd = os.open(path, os.O_CREAT | os.O_APPEND | os.O_RDWR | os.O_CLOEXEC, 0o644)
    try:
        size = os.fstat(fd).st_size
        try:
            # A full disk takes a part first, and refuses the rest.
            transfer.write_all(fd, data)
            os.fsync(fd)
        except OSError:
            os.ftruncate(fd, size)
            raise
    finally:
        os.close(fd)
    if is_new:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _write_error(path: Path, error: OSError) -> errors.MlopsError:
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return errors.WorkspaceReadOnlyError(
            f"{path} cannot be written ({error.strerror}): you may only read this "
            f"workspace.",
            folder=path.parent,
        )
    return errors.StoreWriteError(
        f"Nothing was added to {path}: {error.strerror}. The history is as it was; "
        f"make room and try again.",
        path=path,
        errno=error.errno,
    )
