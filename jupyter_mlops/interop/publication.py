"""What is published of a model: its history, and all that the history rests on.

Everything lies under the digest of its bytes, ``blobs/sha256/…``, and never changes.
``publications/<model>/<number>.json`` says what belongs to the model; the highest
number holds. It is written last, so that what it says is there, and a number is taken
once: of two that publish at the same time one comes later, and sees the other's.

Before there were numbers, ``models/<model>.json`` named the first bytes of
``registry/<model>.jsonl`` and ``journals/<run>/…``; that is still read.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from dataclasses import dataclass, field, replace
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

FORMAT = 2
FOLDER = "publications"
FIRST_FOLDER = "models"
"""Where those of the first format are."""
_LIMIT = 64 << 20
_SEAL = "seal"
_NUMBERED = re.compile(r"[0-9]{8}\.json")
_JOURNAL = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,80}\.jsonl")


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of a file, or its first bytes, by their digest."""

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
        The model's, as it was then.
    versions : tuple of int
        Those whose files are there.
    journals : dict
        Of each run, by file.
    number : int
        Which of the model's publications it is; 0 for one of the first format.
    """

    model: str
    history: Part
    versions: tuple[int, ...]
    journals: dict[RunId, dict[str, Part]] = field(default_factory=dict)
    number: int = 0

    def says_same(self, other: Publication) -> bool:
        """Tell whether another says the same, whatever its number."""
        return replace(self, number=other.number) == other

    @property
    def history_name(self) -> str:
        """Where the history lies."""
        if self.number:
            return blob_name(self.history.digest)
        return f"registry/{checked_file_name(self.model, 'model')}.jsonl"

    def journal_name(self, run_id: RunId, file: str) -> str:
        """Return where a journal lies."""
        if self.number:
            return blob_name(self.journals[run_id][file].digest)
        return f"journals/{run_id}/{file}"

    def to_bytes(self) -> bytes:
        """Write it, sealed with its own digest."""
        journals = {
            run: {name: part.to_json() for name, part in files.items()}
            for run, files in self.journals.items()
        }
        return sealed(
            {
                "format": FORMAT,
                "model": self.model,
                "number": self.number,
                "history": self.history.to_json(),
                "versions": list(self.versions),
                "journals": journals,
            }
        )

    @classmethod
    def from_bytes(
        cls, data: bytes, model: str, where: str, number: int
    ) -> Publication:
        """Read one, trusting nothing in it.

        Parameters
        ----------
        number : int
            That it lies under.

        Raises
        ------
        RemoteError
            When it is none, damaged, of another model or a newer format, or a name in
            it would leave its folder.
        """
        try:
            told = json.loads(data)
            _check_head(told, model, number)
            return cls(
                model=model,
                history=Part.read(told["history"]),
                versions=tuple(int(version) for version in told["versions"]),
                journals={
                    _run(run): {_journal(name): Part.read(p) for name, p in f.items()}
                    for run, f in told["journals"].items()
                },
                number=number,
            )
        except (
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            RecursionError,
        ) as error:
            raise RemoteError(
                f"{publication_name(model, number)} at {where} is no list of what was "
                f"published: {error}. Nothing was taken over.",
                model=model,
                where=where,
            ) from error


def sealed(document: dict[str, Any]) -> bytes:
    """Write a document with the digest of all else that it says."""
    told = {name: value for name, value in document.items() if name != _SEAL}
    text = json.dumps(told, sort_keys=True)
    told[_SEAL] = hashlib.sha256(text.encode()).hexdigest()
    return json.dumps(told, indent=1, sort_keys=True).encode() + b"\n"


def read_publication(place: Place, model: str) -> Publication | None:
    """Read what is published of a model, None when nothing is."""
    number = _last(place, model)
    try:
        data = read_small(place, publication_name(model, number), _LIMIT)
    except FileNotFoundError:
        return None
    return Publication.from_bytes(data, model, place.where, number)


def published_models(place: Place) -> list[str]:
    """Return the names of the models that are published, sorted."""
    found = {name for name in place.names(FOLDER) if not name.startswith(".")}
    for name in place.names(FIRST_FOLDER):
        if name.endswith(".json") and not name.startswith("."):
            found.add(name.removesuffix(".json"))
    return sorted(found)


def read_history(place: Place, found: Publication) -> bytes:
    """Read a published history, as long as it was when it was published.

    Raises
    ------
    RemoteError
        When it is gone, or its bytes are others.
    """
    return read_part(place, found.history_name, found.history)


def read_part(place: Place, name: str, part: Part) -> bytes:
    """Read the first bytes of a file, and check that they are those published."""
    data = bytearray()
    try:
        for piece in place.pieces(name):
            data += piece[: part.size - len(data)]
            if len(data) >= part.size:
                break
    except FileNotFoundError as error:
        raise RemoteError(
            f"{name} is not at {place.where}: what was published is incomplete. "
            f"Publish it again.",
            name=name,
            where=place.where,
        ) from error
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


def put_part(place: Place, data: bytes) -> Part:
    """Keep bytes under their digest, unless they are there."""
    part = Part.of(data)
    name = blob_name(part.digest)
    if place.size(name) == part.size:
        return part
    with tempfile.TemporaryDirectory(prefix="mlops-") as folder:
        path = Path(folder) / "bytes"
        path.write_bytes(data)
        place.put(name, path)
    return part


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


def publication_name(model: str, number: int) -> str:
    """Return where it stands what is published of a model."""
    name = checked_file_name(model, "model")
    return (
        f"{FOLDER}/{name}/{number:08}.json" if number else f"{FIRST_FOLDER}/{name}.json"
    )


def _last(place: Place, model: str) -> int:
    """Return the highest number, 0 when there is none."""
    names = place.names(f"{FOLDER}/{checked_file_name(model, 'model')}")
    numbers = [int(name[:8]) for name in names if _NUMBERED.fullmatch(name)]
    return max(numbers, default=0)


def _check_head(told: Any, model: str, number: int) -> None:
    if told["format"] != (FORMAT if number else 1) or told["model"] != model:
        raise ValueError("it is of another model or a newer version")
    if not number:
        return
    if told["number"] != number:
        raise ValueError(f"it is number {told['number']}")
    if json.loads(sealed(told))[_SEAL] != told[_SEAL]:
        raise ValueError("it was changed after it was written")


def _run(run_id: str) -> RunId:
    if not is_run_id(run_id):
        raise ValueError(f"{run_id!r} is no run id")
    return RunId(run_id)


def _journal(name: str) -> str:
    if not _JOURNAL.fullmatch(name):
        raise ValueError(f"{name!r} names no journal")
    return name
