"""A version on its way out: its files, checked, and what is known of it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.words import LoadWord

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.registry.signatures import Signature
    from jupyter_mlops.registry.signatures.signature import Column

SCORED = (
    "sklearn",
    "xgboost",
    "lightgbm",
    "torch",
    "torch_program",
    "keras",
    "onnx",
    "statsmodels",
    "pickle",
    "loader",
)
"""Flavors that ``parts/scorer.py`` can load."""

_LIBRARIES = {
    "sklearn": ("scikit-learn", "skops", "numpy", "scipy", "pandas"),
    "xgboost": ("xgboost", "numpy", "pandas"),
    "lightgbm": ("lightgbm", "numpy", "pandas"),
    "torch": ("torch", "numpy", "pandas"),
    "keras": ("keras", "tensorflow", "numpy", "pandas"),
    "onnx": ("onnxruntime", "numpy", "pandas"),
    "statsmodels": ("numpy", "pandas", "scipy"),
    "torch_program": ("torch", "numpy", "pandas"),
    "pickle": ("cloudpickle", "numpy", "pandas"),
    "loader": ("numpy", "pandas"),
}
_OURS = "jupyter-mlops"
_SCORING = "scoring.py"
_FURTHER = {"statsmodels": "scoring_statsmodels"}
"""Flavors that a file of their own scores, beside the model."""
_PLAIN_VERSION = re.compile(r"[0-9][0-9A-Za-z.!]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an export is given.

    Attributes
    ----------
    folder : Path
        The model's files, restored and verified; to be read only.
    scoring : dict
        What the scorer needs to know beside the flavor's own meta.
    environment : dict
        Where the model's run was, as it was recorded.
    signature : Signature or None
        What it takes.
    word : LoadWord
        What the caller allows when the model is to be loaded.
    card : str
        The model's card, as Markdown.
    """

    version: VersionRecord
    folder: Path
    scoring: dict[str, Any] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)
    signature: Signature | None = None
    word: LoadWord = field(default_factory=LoadWord)
    card: str = ""

    @property
    def columns(self) -> list[Column]:
        """The columns that it takes; empty when it takes arrays, or that is unknown."""
        return list(self.signature.columns) if self.signature else []

    @property
    def typed_columns(self) -> list[Column]:
        """The columns, where the type of each is known."""
        are_known = all(column.dtype for column in self.columns)
        return self.columns if are_known else []

    @property
    def python(self) -> str:
        """The Python that the model was made with."""
        found = self.environment.get("python", {}).get("version")
        if found:
            return str(found)
        import platform

        return platform.python_version()

    def requirements(self) -> list[str]:
        """Return what it needs to predict, with versions where they are known."""
        packages = self.environment.get("packages") or {}
        lines = []
        for name in self._needed(packages):
            known = packages.get(name) or _library_version(self.version, name)
            # A version with a local part, such as +cpu, is in no public index.
            is_plain = known is not None and _PLAIN_VERSION.match(str(known))
            plain = is_plain.group(0) if is_plain else None
            lines.append(f"{name}=={plain}" if plain else name)
        return lines

    def _needed(self, packages: Mapping[str, str]) -> list[str]:
        """Name the packages; of what may hold those of others, these, too."""
        flavor = self.version.flavor
        found = list(_LIBRARIES.get(flavor, ("numpy",)))
        found += self.scoring.get("packages", ())
        if flavor == "loader":
            # It may need anything that its run had.
            found += packages
        return [name for name in dict.fromkeys(found) if _plain(name) != _OURS]

    def write_model(self, target: Path) -> None:
        """Write the folder that the scorer loads."""
        files = target / "files"
        shutil.copytree(self.folder, files)
        told = {
            "name": self.version.model,
            "version": self.version.version,
            "flavor": self.version.flavor,
            "columns": [column.name for column in self.columns],
            "python": self.python,
            **self.scoring,
            "files": digests_in(files),
        }
        if further := _FURTHER.get(self.version.flavor):
            text = part(further)
            (target / _SCORING).write_text(text, encoding="utf-8")
            told["scoring"] = hashlib.sha256(text.encode()).hexdigest()
        text = json.dumps(told, indent=2, ensure_ascii=False)
        (target / "model.json").write_text(text + "\n", encoding="utf-8")


def digests_in(folder: Path) -> dict[str, str]:
    """Return the sha256 of each file below `folder`, by path."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            found[path.relative_to(folder).as_posix()] = digest
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def part(name: str) -> str:
    """Return the text of a file that goes out with models."""
    place = resources.files("jupyter_mlops.interop.parts")
    return place.joinpath(f"{name}.py").read_text(encoding="utf-8")


def _library_version(version: VersionRecord, name: str) -> str | None:
    meta = version.flavor_meta
    if meta.get("library") == name and meta.get("version"):
        return str(meta["version"])
    return None
