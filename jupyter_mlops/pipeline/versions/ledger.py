"""Which runs made which version of a step: found by key, without the index.

Derived from the runs' journals: each entry is with its run as the observation
``version``. May be deleted at any time; steps then run once more.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from jupyter_mlops.pipeline.versions.facts import Facts
from jupyter_mlops.pipeline.versions.trace import Trace

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
_KEPT = 8
"""Runs of one key that are remembered: they differ in their traces only."""


@dataclass(frozen=True, kw_only=True)
class KeptOutput:
    """What one output held when its step had ended."""

    path: str
    digest: str
    size: int
    is_folder: bool = False

    def artifact_fields(self, name: str) -> dict[str, Any]:
        """Return the fields of its ``artifact`` event; `name` is the step's word."""
        return {
            "name": f"outputs/{name}",
            "format": "folder" if self.is_folder else "file",
            "digest": self.digest,
            "size": self.size,
            "folder": True if self.is_folder else None,
            "meta": {"file": self.path.rsplit("/", 1)[-1]},
        }


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One run of a step that may stand for another.

    Attributes
    ----------
    metrics : dict
        Last values by name.
    values : dict
        What `set_output` handed on, by name.
    notes : list of str
        What was said of it, such as files that it wrote without declaring them.
    """

    key: str
    run_id: str
    facts: Facts
    trace: Trace
    outputs: dict[str, KeptOutput] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Entry:
        """Make it of plain values.

        Raises
        ------
        ValueError, KeyError, TypeError
            When it is none, or of another format.
        """
        fields = dict(found)
        if fields.pop("format") != FORMAT:
            raise ValueError("of another format")
        fields["facts"] = Facts.from_json(fields["facts"])
        fields["trace"] = Trace.from_json(fields["trace"])
        fields["outputs"] = {
            name: KeptOutput(**kept) for name, kept in fields["outputs"].items()
        }
        return cls(**fields)


class Ledger:
    """Entries by key, and the latest of each step.

    Parameters
    ----------
    folder : Path
        Made when the first entry is added.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def entries(self, key: str) -> list[Entry]:
        """Return the runs that had this key, the latest first."""
        found = []
        for item in _load(self._key_file(key)):
            try:
                found.append(Entry.from_json(item))
            except (ValueError, KeyError, TypeError, AttributeError):
                # Damaged, or of another version: it stands for nothing.
                continue
        return [entry for entry in reversed(found) if entry.key == key]

    def latest(self, pipeline: str, step: str) -> Entry | None:
        """Return the run that a step had last."""
        found = _load(self._step_file(pipeline, step))
        if [type(part) for part in found] != [str, str]:
            return None
        key, run_id = found
        named = [item for item in self.entries(key) if item.run_id == run_id]
        return named[0] if named else None

    def add(self, entry: Entry, pipeline: str, step: str) -> None:
        """Keep an entry as the latest of its step."""
        file = self._key_file(entry.key)
        known = [item for item in _load(file) if isinstance(item, dict)]
        _store(file, [*known[-_KEPT + 1 :], entry.to_json()])
        self.point(entry, pipeline, step)

    def point(self, entry: Entry, pipeline: str, step: str) -> None:
        """Make an entry the latest of a step; one that was recalled is added."""
        if all(item.run_id != entry.run_id for item in self.entries(entry.key)):
            self.add(entry, pipeline, step)
            return
        file = self._step_file(pipeline, step)
        told = [entry.key, entry.run_id]
        if _load(file) != told:
            _store(file, told)

    def _key_file(self, key: str) -> Path:
        return self._folder / "keys" / key[:2] / f"{key}.json"

    def _step_file(self, pipeline: str, step: str) -> Path:
        name = hashlib.sha256(f"{pipeline}\0{step}".encode()).hexdigest()[:32]
        return self._folder / "steps" / f"{name}.json"


def _load(file: Path) -> list[Any]:
    try:
        found = orjson.loads(file.read_bytes())
    except (OSError, ValueError):
        return []
    return found if isinstance(found, list) else []


def _store(file: Path, value: list[Any]) -> None:
    beside = file.with_name(f".{file.name}.{os.getpid()}-{os.urandom(4).hex()}.part")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        beside.write_bytes(orjson.dumps(value))
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
