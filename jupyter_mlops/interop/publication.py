"""What is published of a model: its history, and all that the history rests on.

Laid out like a workspace's folder: ``registry/<model>.jsonl``, ``journals/<run>/…``,
``blobs/sha256/…``; ``models/<model>.json`` says which of it belongs to the model, and
is written last, so that what it says is there. Files only grow: what stands in it holds
for the first bytes of a file that has grown since.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import RemoteError
from jupyter_mlops.ids import Digest, RunId, is_digest, is_run_id
from jupyter_mlops.interop.places import read_small
from jupyter_mlops.store.layout import checked_file_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.interop.places import Place
    from jupyter_mlops.store.blobs import Blobs

FORMAT = 1
MODELS = "models"
_LIMIT = 64 << 20
_JOURNAL = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,80}\.jsonl")


@dataclass(frozen=True, slots=True)
class Part:
    """The first bytes of a file, and their digest."""

    digest: Digest
    size: int

    @classmethod
    def of(cls, data: bytes) -> Part:
        """Describe `data`."""
        return cls(Digest(hashlib.sha256(data).hexdigest()), len(data))

    @classmethod
    def read(cls, told: Any) -> Part:
        """Read what `to_json` wrote, or raise ValueError."""
        digest, size = told["sha256"], told["size"]
        if not (isinstance(digest, str) and is_digest(digest)):
            raise ValueError(f"{digest!r} is no sha256")
        if type(size) is not int or size < 0:
            raise ValueError(f"{size!r} is no size")
        return cls(Digest(digest), size)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"sha256": self.digest, "size": self.size}


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is there of one model.

    Attributes
    ----------
    history : Part
        Of ``registry/<model>.jsonl``.
    versions : tuple of int
        Those whose files are there.
    journals : dict
        Of each run, by file.
    """

    model: str
    history: Part
    versions: tuple[int, ...]
    journals: dict[RunId, dict[str, Part]] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Write it: same things published, same bytes."""
        document = {
            "format": FORMAT,
            "model": self.model,
            "history": self.history.to_json(),
            "versions": list(self.versions),
            "journals": {
                run: {name: part.to_json() for name, part in sorted(files.items())}
                for run, files in sorted(self.journals.items())
            },
        }
        return json.dumps(document, indent=1, sort_keys=True).encode() + b"\n"

    @classmethod
    def from_bytes(cls, data: bytes, model: str, where: str) -> Publication:
        """Read one, trusting nothing in it.

        Raises
        ------
        RemoteError
            When it is none, of another model or a newer format, or a name in it
            would leave its folder.
        """
        try:
            told = json.loads(data)
            _check_head(told, model)
            return cls(
                model=model,
                history=Part.read(told["history"]),
                versions=tuple(int(number) for number in told["versions"]),
                journals={
                    _run(run): {_journal(name): Part.read(p) for name, p in f.items()}
                    for run, f in told["journals"].items()
                },
            )
        except (
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            RecursionError,
        ) as error:
            raise RemoteError(
                f"{publication_name(model)} at {where} is no list of what was "
                f"published: {error}. Nothing was taken over.",
                model=model,
                where=where,
            ) from error


def read_publication(place: Place, model: str) -> Publication | None:
    """Read what is published of a model, None when nothing is."""
    try:
        data = read_small(place, publication_name(model), _LIMIT)
    except FileNotFoundError:
        return None
    return Publication.from_bytes(data, model, place.where)


def read_history(place: Place, found: Publication) -> bytes:
    """Read a published history, as long as it was when it was published.

    Raises
    ------
    RemoteError
        When it is gone, or its bytes are others.
    """
    return read_part(place, history_name(found.model), found.history)


def read_part(place: Place, name: str, part: Part) -> bytes:
    """Read the first bytes of a file, and check that they are those published."""
    data = bytearray()
    try:
        for piece in place.pieces(name):
            data += piece[: part.size - len(data)]
            if len(data) >= part.size:
                break
    except FileNotFoundError:
        data = bytearray()
    found = Part.of(bytes(data))
    if found != part:
        raise RemoteError(
            f"{name} at {place.where} is not what was published: {found.size} bytes "
            f"with sha256 {found.digest}, not {part.size} with {part.digest}. Nothing "
            f"was taken over.",
            name=name,
            where=place.where,
        )
    return bytes(data)


def put_bytes(place: Place, name: str, data: bytes) -> None:
    """Keep `data` under a name."""
    with tempfile.TemporaryDirectory(prefix="mlops-") as folder:
        path = Path(folder) / "bytes"
        path.write_bytes(data)
        place.put(name, path)


def put_blobs(place: Place, blobs: Blobs, digests: Iterable[Digest]) -> int:
    """Keep blobs that are not there yet; return how many were.

    Raises
    ------
    BlobCorruptError, BlobNotFoundError
        When one is not here as it was stored.
    """
    count = 0
    with tempfile.TemporaryDirectory(prefix="mlops-") as folder:
        path = Path(folder) / "blob"
        for digest in digests:
            name = blob_name(digest)
            if place.size(name) == blobs.size(digest):
                continue
            # A checked copy: what is damaged here is not spread.
            blobs.restore_file(digest, path)
            place.put(name, path)
            count += 1
    return count


def blob_name(digest: Digest) -> str:
    """Return where a blob lies."""
    return f"blobs/sha256/{digest[:2]}/{digest[2:]}"


def history_name(model: str) -> str:
    """Return where a model's history lies."""
    return f"registry/{checked_file_name(model, 'model')}.jsonl"


def journal_name(run_id: RunId, file: str) -> str:
    """Return where a journal lies."""
    return f"journals/{run_id}/{file}"


def publication_name(model: str) -> str:
    """Return where it stands what is published of a model."""
    return f"{MODELS}/{checked_file_name(model, 'model')}.json"


def _check_head(told: Any, model: str) -> None:
    if told["format"] != FORMAT or told["model"] != model:
        raise ValueError("it is of another model or a newer version")


def _run(run_id: str) -> RunId:
    if not is_run_id(run_id):
        raise ValueError(f"{run_id!r} is no run id")
    return RunId(run_id)


def _journal(name: str) -> str:
    if not _JOURNAL.fullmatch(name):
        raise ValueError(f"{name!r} names no journal")
    return name
