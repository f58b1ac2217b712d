"""Whether secrets are in what a version carries: its words, and its files as text."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from jupyter_mlops.capture.masking import Masker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.store.blobs import Blobs

_LARGEST = 16_000_000
"""Bytes of one file that are looked at."""
_PARTS = ("signature", "example", "recipe", "profile", "lock")


def secrets_in(version: VersionRecord, blobs: Blobs) -> list[str]:
    """Return where secrets are, in a sentence each; what they are is not told."""
    found = []
    for place, text in _texts(version, blobs):
        masker = Masker()
        masker.text(text)
        if masker.count:
            many = "a secret" if masker.count == 1 else f"{masker.count} secrets"
            found.append(f"{many} in {place}")
    return found


def _texts(version: VersionRecord, blobs: Blobs) -> Iterator[tuple[str, str]]:
    yield "its note", version.note or ""
    for noun in ("params", "tags"):
        for key, value in getattr(version, noun).items():
            yield f"its {noun}", f"{key} = {value!r}"
    for name in _PARTS:
        digest = getattr(version, name)
        if digest is not None and blobs.exists(digest):
            yield from _of_bytes(f"its {name}", blobs.get_bytes(digest))
    for file in blobs.files(version.files):
        if file.size <= _LARGEST:
            yield from _of_bytes(file.path, blobs.get_bytes(file.digest))


def _of_bytes(place: str, data: bytes) -> Iterator[tuple[str, str]]:
    if data.startswith(b"PK\x03\x04"):
        yield from _of_archive(place, data)
        return
    # Numbers that are kept as bytes look like secrets now and then: only text is read.
    if b"\0" in data:
        return
    try:
        yield place, data.decode("utf-8")
    except UnicodeDecodeError:
        return


def _of_archive(place: str, data: bytes) -> Iterator[tuple[str, str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                if member.file_size <= _LARGEST:
                    inner = archive.read(member)
                    if b"\0" not in inner:
                        text = inner.decode("utf-8", "replace")
                        yield f"{place}, {member.filename}", text
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return
