"""scikit-learn's example scripts as cells: a corpus that is fetched, not kept here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

_CELL = re.compile(r"^# ?%%.*$", re.MULTILINE)
_NEEDS_NETWORK = re.compile(r"\bfetch_\w+|\burlretrieve\b|\burlopen\b")
# pip asks a source package's build system for its metadata before it hands it over:
# this answers in its place, since nothing is to be built.
_BACKEND = """
import pathlib, shutil
def prepare_metadata_for_build_wheel(folder, settings=None):
    name = "scikit_learn.dist-info"
    target = pathlib.Path(folder) / name
    target.mkdir()
    shutil.copy("PKG-INFO", target / "METADATA")
    (target / "WHEEL").write_text("Wheel-Version: 1.0\\nGenerator: none\\n")
    return name
"""


class GalleryMissingError(Exception):
    """The source package cannot be had."""


def fetch_gallery(folder):
    """Download scikit-learn's source package, unless it is there; give the scripts.

    Raises
    ------
    GalleryMissingError
        With pip's own words.
    """
    found = sorted(folder.glob("scikit_learn-*.tar.gz")) or [_download(folder)]
    examples = folder / "examples"
    if not examples.is_dir():
        _unpack(found[0], folder)
    return sorted(examples.rglob("*.py"))


def _download(folder):
    backend = folder / "backend"
    backend.mkdir(exist_ok=True)
    (backend / "mesonpy.py").write_text(_BACKEND)
    words = "-m pip download --quiet --no-deps --no-build-isolation --no-cache-dir"
    wanted = ["--no-binary", "scikit-learn", f"scikit-learn=={version('scikit-learn')}"]
    ended = subprocess.run(
        [sys.executable, *words.split(), *wanted, "--dest", str(folder)],
        env={**os.environ, "PYTHONPATH": str(backend)},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    found = sorted(folder.glob("scikit_learn-*.tar.gz"))
    if not found:
        raise GalleryMissingError((ended.stderr or ended.stdout).strip()[-400:])
    return found[0]


def _unpack(package, folder):
    with tarfile.open(package) as archive:
        for member in archive:
            parts = Path(member.name).parts
            if member.isfile() and parts[1:2] == ("examples",) and ".." not in parts:
                target = folder.joinpath(*parts[1:])
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.extractfile(member).read())


def runs_offline(text):
    """Tell whether an example needs no download."""
    return _NEEDS_NETWORK.search(text) is None


def split_cells(text):
    """Split a script at its marks; parts that are only comments are no cells."""
    parts = [part.strip("\n") for part in _CELL.split(text)]
    return [part for part in parts if _has_code(part)]


def _has_code(part):
    lines = (line.strip() for line in part.splitlines())
    return any(line and not line.startswith(("#", '"""')) for line in lines)
