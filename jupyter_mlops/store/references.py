"""Which blobs an event of a journal needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.ids import Digest, is_digest

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Need:
    """A blob, and whether it is the list of a folder's files."""

    digest: Digest
    is_folder: bool = False


def needs_of(event: dict[str, Any]) -> Iterator[Need]:
    """Tell which blobs an event refers to."""
    kind = event.get("e")
    if kind in ("artifact", "environment"):
        digest = event.get("digest")
        if isinstance(digest, str) and is_digest(digest):
            yield Need(Digest(digest), bool(event.get("folder")))
    elif kind == "cell":
        yield from _within(event.get("outputs"))


def _within(value: Any) -> Iterator[Need]:
    if isinstance(value, list):
        for inner in value:
            yield from _within(inner)
    elif isinstance(value, dict):
        digest = value.get("blob")
        if isinstance(digest, str) and is_digest(digest):
            yield Need(Digest(digest))
            return
        for inner in value.values():
            yield from _within(inner)
