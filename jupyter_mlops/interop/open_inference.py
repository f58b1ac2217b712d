"""A model repository of the Open Inference Protocol, for MLServer and KServe.

Source: https://mlserver.readthedocs.io/en/stable/reference/model-settings.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_mlops.interop.taken import SCORED, part

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.interop.taken import Taken

NAME = "v2"
FLAVORS = SCORED
_TYPES = {
    "float64": "FP64",
    "float32": "FP32",
    "int64": "INT64",
    "int32": "INT32",
    "bool": "BOOL",
}


def place(taken: Taken, output: Path) -> tuple[Path, bool]:
    """Return the model's folder within the repository."""
    return output / taken.version.model, True


def write(taken: Taken, target: Path) -> None:
    """Write settings, the runtime that serves the model, and the model."""
    # A module's name of its own: models of one repository share a process.
    module = f"mlops_runtime_{taken.version.digest[:12]}"
    (target / f"{module}.py").write_text(part("mlserver_runtime"), encoding="utf-8")
    (target / "scorer.py").write_text(part("scorer"), encoding="utf-8")
    lines = "\n".join([*taken.requirements(), ""])
    (target / "requirements.txt").write_text(lines, encoding="utf-8")
    (target / "model").mkdir()
    taken.write_model(target / "model")
    text = json.dumps(_settings(taken, module), indent=2, ensure_ascii=False)
    (target / "model-settings.json").write_text(text + "\n", encoding="utf-8")


def _settings(taken: Taken, module: str) -> dict[str, Any]:
    version = taken.version
    settings: dict[str, Any] = {
        "name": version.model,
        "implementation": f"{module}.Runtime",
        "platform": version.flavor,
        "parameters": {"uri": "./model", "version": str(version.version)},
    }
    if columns := taken.typed_columns:
        settings["inputs"] = [
            {
                "name": item.name,
                "datatype": _TYPES.get(item.dtype, "BYTES"),
                "shape": [-1],
            }
            for item in columns
        ]
    return settings
