"""Which interpreter a kernel's name stands for, found without asking Jupyter.

Where Jupyter looks: https://docs.jupyter.org/en/latest/use/jupyter-directories.html.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import orjson


@cache
def kernel_executable(name: str) -> str:
    """Return what a kernel's specification starts; where there is none, this Python.

    By the name that it has in its folder once links are followed: ``python`` and
    ``python3`` beside each other are the same.
    """
    found = _executable(name)
    real = os.path.basename(os.path.realpath(found))  # noqa: PTH119 - texts are at hand, and many
    return os.path.join(os.path.dirname(found), real)  # noqa: PTH118, PTH120 - texts are at hand, and many


def _executable(name: str) -> str:
    for folder in _folders():
        file = folder / "kernels" / name / "kernel.json"
        try:
            command = str(orjson.loads(file.read_bytes())["argv"][0])
        except (OSError, ValueError, KeyError, IndexError, TypeError):
            continue
        # As Jupyter does: a bare name stands for the Python that asks.
        is_bare = command in ("python", "python3", f"python3.{sys.version_info[1]}")
        return sys.executable if is_bare else command
    return sys.executable


def _folders() -> list[Path]:
    named = os.environ.get("JUPYTER_PATH", "").split(os.pathsep)
    home = os.environ.get("JUPYTER_DATA_DIR")
    default = Path("~/.local/share/jupyter").expanduser()
    return [
        *(Path(entry) for entry in named if entry),
        Path(home) if home else default,
        Path(sys.prefix) / "share" / "jupyter",
        Path("/usr/local/share/jupyter"),
        Path("/usr/share/jupyter"),
    ]
