"""A model's history from elsewhere: compared with ours, and taken where it goes on.

Histories are compared byte by byte: the one must begin with the other.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.registry.chain import HEALED, Chain, alone, read_chain
from jupyter_mlops.registry.state import ModelState
from jupyter_mlops.store import transfer

if TYPE_CHECKING:
    from collections.abc import Callable


class Relation(StrEnum):
    """How a history elsewhere stands to the one here."""

    SAME = "same"
    AHEAD = "ahead"
    """It goes on where ours ends; or there is none here."""
    BEHIND = "behind"
    """Ours goes on where it ends."""


@dataclass(frozen=True, slots=True)
class ForeignHistory:
    """A history from elsewhere, verified by itself.

    Attributes
    ----------
    data : bytes
        Its whole lines, as they were written.
    """

    model: str
    data: bytes
    state: ModelState

    @classmethod
    def read(cls, model: str, data: bytes, where: str) -> ForeignHistory:
        """Verify every link.

        Raises
        ------
        ChainBrokenError
            When a line was changed, removed, moved or put in; or it is the history of
            another model.
        """
        with tempfile.TemporaryDirectory(prefix="mlops-") as folder:
            path = Path(folder) / "history.jsonl"
            path.write_bytes(data)
            try:
                chain = read_chain(path)
            except errors.ChainBrokenError as error:
                line, reason = getattr(error, "line", 0), getattr(error, "reason", "")
                raise _broken(model, where, line, reason) from error
        if chain.torn or chain.lacks_newline:
            raise _broken(model, where, chain.lines, "its last line is torn")
        for link in chain.links:
            if link.get("kind") != HEALED and link.get("model") != model:
                reason = f"it belongs to the model {link.get('model')!r}"
                raise _broken(model, where, link["n"], reason)
        try:
            state = ModelState(model, chain.links)
            state.versions()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            # Sealed, but not by us: a field is missing or of another kind.
            reason = f"a link says what no version can be ({error})"
            raise _broken(model, where, chain.lines, reason) from error
        return cls(model, data, state)


def compare(ours: bytes, theirs: ForeignHistory, where: str) -> Relation:
    """Say how a foreign history stands to ours.

    Raises
    ------
    HistoryConflictError
        When they have gone different ways; it says from where on.
    """
    if ours == theirs.data:
        return Relation.SAME
    if theirs.data.startswith(ours):
        return Relation.AHEAD
    if ours.startswith(theirs.data):
        return Relation.BEHIND
    raise _conflict(ours, theirs, where)


def adopt(
    path: Path, theirs: ForeignHistory, where: str, settle: Callable[[], None]
) -> Relation:
    """Write what a foreign history has more than ours, while nobody else adds.

    Parameters
    ----------
    settle : callable
        Called before the first byte: what the links refer to is to be on disk then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with alone(path):
        ours = whole_lines(path)
        found = compare(ours, theirs, where)
        if found is Relation.AHEAD:
            settle()
            _append(path, theirs.data[len(ours) :], len(ours))
        return found


def whole_lines(path: Path) -> bytes:
    """Return a history as it can be handed on, verified; empty where there is none.

    Raises
    ------
    ChainBrokenError
        When it was changed after it was written.
    """
    chain = read_chain(path)
    if not chain.links:
        return b""
    data = path.read_bytes()[: chain.offset]
    return _ended(chain, data)


def _ended(chain: Chain, data: bytes) -> bytes:
    # A crash may have cut off the last newline only.
    return data + b"\n" if chain.lacks_newline else data


def _append(path: Path, data: bytes, size: int) -> None:
    fd = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    try:
        before = os.fstat(fd).st_size
        try:
            # Over a torn last line, which nothing vouches for yet.
            os.lseek(fd, size, os.SEEK_SET)
            transfer.write_all(fd, data)
            os.fsync(fd)
        except OSError:
            os.ftruncate(fd, min(size, before))
            raise
    finally:
        os.close(fd)


def _broken(model: str, where: str, line: int, reason: str) -> errors.ChainBrokenError:
    return errors.ChainBrokenError(
        f"The history of '{model}' at {where} was tampered with or damaged: line "
        f"{line}: {reason}. Nothing was taken over.",
        path=where,
        line=line,
        reason=reason,
    )


def _conflict(
    ours: bytes, theirs: ForeignHistory, where: str
) -> errors.HistoryConflictError:
    here = ForeignHistory.read(theirs.model, ours, "here").state.links
    there = theirs.state.links
    pairs = zip(here, there, strict=False)
    same = next(
        (at for at, (a, b) in enumerate(pairs) if a["digest"] != b["digest"]), 0
    )
    return errors.HistoryConflictError(
        f"Here and at {where}, '{theirs.model}' has two histories that are the same up "
        f"to event {same} and then differ: here {_told(here[same])}, there "
        f"{_told(there[same])}. They cannot be one: register the model there under "
        f"another name, or take another workspace.",
        model=theirs.model,
        same=same,
        where=where,
    )


def _told(link: dict[str, Any]) -> str:
    from jupyter_mlops.records import time_from_micros

    about = f" version {link['version']}" if "version" in link else ""
    when = time_from_micros(link["t"]).strftime("%Y-%m-%d %H:%M:%S")
    return f"{link.get('by', 'somebody')} {link.get('kind')}{about} on {when} UTC"
