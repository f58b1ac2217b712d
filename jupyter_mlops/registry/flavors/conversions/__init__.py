"""Models in forms that other software reads; libraries are imported when asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.flavors.conversions.onnx import to_onnx
from jupyter_mlops.registry.flavors.conversions.saved_model import to_saved_model

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.signatures import Signature
    from jupyter_mlops.registry.words import LoadWord

__all__ = ["prepare", "to_onnx", "to_saved_model"]

_FILES = {
    "xgboost": "model.json",
    "lightgbm": "model.txt",
    "keras": "*.keras",
    "onnx": "*.onnx",
    "torch": "*.pt2",
    "torch_program": "*.pt2",
    "pickle": "*.pkl",
    "statsmodels": "scoring.json",
}
"""Which of a flavor's files a scorer reads."""


_WITH_WORD = ("loader", "pickle", "torch_program")


def prepare(
    flavor: str,
    folder: Path,
    meta: dict[str, Any],
    signature: Signature | None,
    word: LoadWord,
) -> dict[str, Any]:
    """Make a model's files such that a scorer far from here can load them.

    Returns
    -------
    dict
        What the scorer needs to know besides.

    Raises
    ------
    UnsafeModelError
        When the model holds what is not known to be safe, nor allowed; or loading it
        runs what somebody chose, and the word for that was not said.
    NotExportableError
        When it has no form that needs nothing of ours.
    """
    if flavor == "sklearn":
        from jupyter_mlops.registry.flavors.conversions import skops_types

        trusted = skops_types.types_in(folder, meta, word)
        return {"trusted": trusted, "packages": skops_types.packages_in(folder)}
    if flavor == "torch":
        from jupyter_mlops.registry.flavors.conversions.torch_program import (
            write_program,
        )

        write_program(folder, meta, signature, word)
    if flavor == "statsmodels":
        from jupyter_mlops.registry.flavors.conversions.statsmodels_scoring import (
            write_scoring,
        )

        write_scoring(folder, meta, word)
    if flavor in _WITH_WORD:
        return _with_word(flavor, folder, meta, word)
    reads = _FILES.get(flavor)
    if reads is None:
        return {}
    files = sorted(path.name for path in folder.glob(reads))
    found: dict[str, Any] = {"file": files[0] if files else reads}
    if flavor in ("xgboost", "lightgbm"):
        found["class"] = str(meta.get("class", ""))
    if flavor == "lightgbm":
        found |= _lightgbm(folder, meta)
    return found


def _with_word(
    flavor: str, folder: Path, meta: dict[str, Any], word: LoadWord
) -> dict[str, Any]:
    from jupyter_mlops.registry.flavors.conversions import words

    if flavor == "loader":
        name = words.check_loader(meta, word)
        return {"file": str(meta["file"]), "loader": name}
    words.check_pickle(meta, word)
    (file,) = folder.glob(_FILES[flavor])
    packages = words.packages_in(file) if flavor == "pickle" else []
    return {"file": file.name, **({"packages": packages} if packages else {})}


def _lightgbm(folder: Path, meta: dict[str, Any]) -> dict[str, Any]:
    from jupyter_mlops.registry.flavors.lightgbm import STATE

    found: dict[str, Any] = {"best_iteration": meta.get("best_iteration", -1)}
    state = folder / STATE
    if state.is_file():
        kept = json.loads(state.read_text(encoding="utf-8")).get("labels")
        found["labels"] = kept["values"] if kept else None
    return found
