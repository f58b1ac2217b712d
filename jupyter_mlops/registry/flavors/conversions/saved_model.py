"""Keras models as TensorFlow's SavedModel, written by Keras in a process of its own.

Here Keras may run on another backend, or be in the middle of something.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from jupyter_mlops.errors import MissingLibraryError, NotExportableError

if TYPE_CHECKING:
    from pathlib import Path

_SECONDS = 600
_MISSING = 3


def to_saved_model(file: Path, target: Path) -> None:
    """Write the SavedModel of a ``.keras`` file into the folder `target`.

    Raises
    ------
    MissingLibraryError
        When TensorFlow is not installed.
    NotExportableError
        When Keras cannot write it.
    """
    words = [sys.executable, "-m", __name__, str(file), str(target)]
    environment = {
        **os.environ,
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    done = subprocess.run(
        words,
        env=environment,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode == _MISSING:
        raise MissingLibraryError(
            "A SavedModel is written by TensorFlow, which is not installed. Get it "
            "with: pip install tensorflow-cpu",
            module="tensorflow",
        )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        raise NotExportableError(
            f"Keras could not write this model as a SavedModel: {said}", reason=said
        )


def _write(file: str, target: str) -> int:
    import importlib

    try:
        importlib.import_module("tensorflow")
        keras = importlib.import_module("keras")
    except ImportError:
        return _MISSING
    model = keras.saving.load_model(file, safe_mode=True, compile=False)
    model.export(target, verbose=False)
    return 0


if __name__ == "__main__":
    sys.exit(_write(*sys.argv[1:]))
