"""One ONNX file."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.interop.taken import Taken

NAME = "onnx"
FLAVORS = ("sklearn", "xgboost", "lightgbm", "torch", "torch_program", "onnx")


def place(taken: Taken, output: Path) -> tuple[Path, bool]:
    """Return the file; in a folder it gets the model's name."""
    if output.is_dir():
        version = taken.version
        return output / f"{version.model}-{version.version}.onnx", False
    return output, False


def write(taken: Taken, target: Path) -> None:
    """Convert the model, or copy the one that is ONNX already."""
    from jupyter_mlops.registry.flavors.conversions import to_onnx

    version = taken.version
    found = to_onnx(
        version.flavor, taken.folder, version.flavor_meta, taken.signature, taken.word
    )
    if isinstance(found, bytes):
        target.write_bytes(found)
    else:
        shutil.copyfile(found, target)
