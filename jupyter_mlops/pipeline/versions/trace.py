"""What a run turned out to need beside what is known beforehand, and whether it holds.

A key leads to the runs that had it; each left a trace of the files that it opened
without declaring them, of those that it missed, of folders that it listed, of the
local modules and the distributions that it had loaded. Only a run whose trace still
holds, all of it, stands for a new one.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import MlopsError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from jupyter_mlops.pipeline.versions.filedigests import FileDigests
    from jupyter_mlops.pipeline.versions.sources import Sources

MISSING = "missing"
ASIDE = ".mlops-before"
"""Ends the names of outputs that are put aside while their step runs."""
_PASSED_OVER = frozenset({".mlops", "__pycache__", ".ipynb_checkpoints"})


@dataclass(frozen=True)
class Trace:
    """What one run needed; paths are relative to the pipeline's folder.

    Attributes
    ----------
    reads, writes : dict
        Digests of files that it read and wrote without declaring them.
    absent : list of str
        Files that it tried to open and that were not there.
    listings : dict
        Digests of the names in folders that it listed.
    modules : dict
        Digests of local modules that it had loaded.
    named : dict
        Digests of files that its code names: others may read them for it.
    distributions : dict
        Versions by name.
    unavailable : list of str
        Modules that it imports and that were not installed.
    python : dict
        Which one, and when its folders of installed packages last changed.
    remotes : list of str
        What it read elsewhere, which is not compared.
    """

    reads: dict[str, str] = field(default_factory=dict)
    writes: dict[str, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    listings: dict[str, str] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    distributions: dict[str, str] = field(default_factory=dict)
    unavailable: list[str] = field(default_factory=list)
    python: dict[str, Any] = field(default_factory=dict)
    remotes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Trace:
        """Make it of plain values."""
        return cls(**found)


@dataclass
class Present:
    """How things are now, each looked at once.

    Parameters
    ----------
    folder : Path
        The pipeline's.
    files : FileDigests
        Digests of files.
    sources : Sources
        What modules say.
    outputs : collection of str
        Names that folders hold because the pipeline wrote them: they come and go.
    executable : str
        The interpreter that the step's kernel would have.
    """

    folder: Path
    files: FileDigests
    sources: Sources
    outputs: Collection[str] = ()
    executable: str = ""

    def file(self, path: str) -> str:
        """Return a file's or folder's digest, `MISSING` when there is none."""
        try:
            return self.files.any(str(self.folder / path))
        except MlopsError:
            return MISSING

    def module(self, path: str) -> str:
        """Return the digest of what a module says."""
        return self.sources.module(str(self.folder / path)).digest

    def listing(self, path: str) -> str:
        """Return the digest of the names in a folder."""
        return listing_digest(str(self.folder / path), self.outputs)

    def differences(self, trace: Trace) -> Iterator[str]:
        """Say, one after another, what a trace says and is so no more."""
        yield from self._environment(trace)
        for path, digest in trace.modules.items():
            if self.module(path) != digest:
                yield f"{path} changed"
        for path, digest in trace.reads.items():
            found = self.file(path)
            if found != digest:
                what = "is gone" if found == MISSING else "changed"
                yield f"{path}, which it reads, {what}"
        for path, digest in trace.named.items():
            if self.file(path) != digest:
                yield f"{path}, which its code names, changed"
        for path in trace.absent:
            if (self.folder / path).exists():
                yield f"{path}, which it looked for, is there now"
        for path, digest in trace.listings.items():
            if self.listing(path) != digest:
                yield f"the files in {path or '.'} are others"
        for path, digest in trace.writes.items():
            found = self.file(path)
            if found != digest:
                what = "is gone" if found == MISSING else "changed"
                yield f"{path}, which it wrote without declaring it, {what}"

    def _environment(self, trace: Trace) -> Iterator[str]:
        before = trace.python
        if before["outside"] != self.executable:
            yield f"its kernel runs {self.executable} now, not {before['outside']}"
        elif os.path.realpath(before["executable"]) != before["resolved"]:
            yield f"Python {before['version']} was replaced"
        if before["pythonpath"] != os.environ.get("PYTHONPATH", ""):
            yield "the environment variable PYTHONPATH changed"
        if all(_changed(folder) == time for folder, time in before["folders"]):
            # Nothing was installed or removed since.
            return
        installed = _installed([folder for folder, _ in before["folders"]])
        for name, version in trace.distributions.items():
            now = installed.get(name)
            if now != version:
                yield f"{name} {version} → {now}" if now else f"{name} is gone"
        for name in trace.unavailable:
            if _is_available(name, [folder for folder, _ in before["folders"]]):
                yield f"{name} is installed now"


def listing_digest(folder: str, outputs: Collection[str] = ()) -> str:
    """Return the digest of the names in a folder, our own and `outputs` left out."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - texts are at hand, and many
    except OSError:
        return MISSING
    home = os.path.abspath(folder)  # noqa: PTH100 - texts are at hand, and many
    kept = [
        name
        for name in names
        if name not in _PASSED_OVER
        and f"{home}/{name}" not in outputs
        and not name.endswith(ASIDE)
    ]
    return hashlib.sha256("\0".join(kept).encode("utf-8", "replace")).hexdigest()[:32]


def _installed(folders: list[str]) -> dict[str, str]:
    """Return the version of each distribution, the first on the path hiding others."""
    found: dict[str, str] = {}
    for folder in folders:
        try:
            names = sorted(os.listdir(folder))  # noqa: PTH208 - texts are at hand, and many
        except OSError:
            continue
        for entry in names:
            stem, _, rest = entry.partition("-")
            if entry.endswith(".dist-info"):
                name = re.sub(r"[-_.]+", "-", stem).lower()
                found.setdefault(name, rest.removesuffix(".dist-info"))
    return found


def _changed(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - texts are at hand, and many
    except OSError:
        return 0


def _is_available(name: str, folders: list[str]) -> bool:
    from importlib.machinery import PathFinder

    try:
        return PathFinder.find_spec(name, folders) is not None
    except (ImportError, ValueError):
        return True
