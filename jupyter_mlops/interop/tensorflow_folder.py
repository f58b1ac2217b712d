"""A version folder of TensorFlow Serving: ``OUTPUT/<version>/saved_model.pb``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.interop.taken import Taken

NAME = "tensorflow"
FLAVORS = ("keras",)


def place(taken: Taken, output: Path) -> tuple[Path, bool]:
    """Return the version's folder within the model's."""
    return output / str(taken.version.version), True


def write(taken: Taken, target: Path) -> None:
    """Have Keras write its SavedModel."""
    from jupyter_mlops.registry.flavors.conversions import to_saved_model

    to_saved_model(taken.folder / taken.scoring["file"], target)
