"""An MLflow model folder, written without MLflow: `MLmodel` and what it names.

Source: https://mlflow.org/docs/latest/ml/model/#storage-format
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import yaml  # type: ignore[import-untyped]  # ships no types

from jupyter_mlops.interop.taken import SCORED, part

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.interop.taken import Taken
    from jupyter_mlops.registry.signatures.signature import Column

NAME = "mlflow"
FLAVORS = SCORED
_TYPES = {
    "float64": "double",
    "float32": "float",
    "int64": "long",
    "int32": "integer",
    "bool": "boolean",
    "datetime64[ns]": "datetime",
}


def place(taken: Taken, output: Path) -> tuple[Path, bool]:  # noqa: ARG001 - the protocol's
    """Return the folder itself."""
    return output, True


def write(taken: Taken, target: Path) -> None:
    """Write a folder that `mlflow.pyfunc.load_model` loads."""
    digest = taken.version.digest
    # A module's name of its own: several models in one process must not meet.
    module = f"mlops_model_{digest[:12]}"
    (target / "code").mkdir()
    (target / "code" / f"{module}.py").write_text(part("scorer"), encoding="utf-8")
    (target / "model").mkdir()
    taken.write_model(target / "model")
    requirements = taken.requirements()
    _write(target / "requirements.txt", "\n".join([*requirements, ""]))
    environment = {
        "python": taken.python,
        "build_dependencies": ["pip"],
        "dependencies": ["-r requirements.txt"],
    }
    _write_yaml(target / "python_env.yaml", environment)
    pip = {"pip": ["mlflow", *requirements]}
    conda = {
        "channels": ["conda-forge"],
        "dependencies": [f"python={taken.python}", "pip", pip],
        "name": "mlflow-env",
    }
    _write_yaml(target / "conda.yaml", conda)
    _write_yaml(target / "MLmodel", _document(taken, module))
    if taken.card:
        _write(target / "README.md", taken.card)


def _document(taken: Taken, module: str) -> dict[str, Any]:
    version = taken.version
    document: dict[str, Any] = {
        "flavors": {
            "python_function": {
                "code": "code",
                "data": "model",
                "env": {"conda": "conda.yaml", "virtualenv": "python_env.yaml"},
                "loader_module": module,
                "python_version": taken.python,
            }
        },
        "metadata": {
            "jupyter_mlops.digest": str(version.digest),
            "jupyter_mlops.run": str(version.run_id or ""),
            "jupyter_mlops.version": f"models:/{version.model}/{version.version}",
        },
        # The same version is the same model, wherever it is exported.
        "model_uuid": uuid.UUID(version.digest[:32]).hex,
        "utc_time_created": version.registered.strftime("%Y-%m-%d %H:%M:%S.%f"),
    }
    if columns := taken.typed_columns:
        inputs = json.dumps([_column(column) for column in columns])
        document["signature"] = {"inputs": inputs, "outputs": None, "params": None}
    return document


def _column(column: Column) -> dict[str, Any]:
    return {
        "type": _TYPES.get(column.dtype, "string"),
        "name": column.name,
        "required": not column.optional,
    }


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _write_yaml(path: Path, document: dict[str, Any]) -> None:
    _write(path, yaml.safe_dump(document, sort_keys=True, allow_unicode=True))
