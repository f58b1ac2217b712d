"""Loads the model that lies in a folder, every byte checked first, and predicts.

Goes out with exported models and needs the model's own library only.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import platform
from pathlib import Path
from typing import Any

_HALF = 0.5


class Scorer:
    """A loaded model.

    Attributes
    ----------
    told : dict
        What ``model.json`` says of it.
    model : object
        As its own library has it.
    """

    def __init__(self, told: dict[str, Any], model: Any) -> None:
        self.told = told
        self.model = model

    def predict(self, data: Any, params: Any = None) -> Any:  # noqa: ARG002 - callers hand it over by name
        """Predict for a frame, an array, or columns by name; return an array."""
        import numpy as np

        found = _PREDICTS[self.told["flavor"]](self.model, self._arranged(data))
        return np.asarray(found)

    def _arranged(self, data: Any) -> Any:
        """Give columns their names where the model was fitted with names."""
        columns = self.told.get("columns")
        if isinstance(data, dict):
            data = importlib.import_module("pandas").DataFrame(data)
        if columns and hasattr(data, "columns"):
            missing = [name for name in columns if name not in list(data.columns)]
            if missing:
                raise ValueError(f"columns are missing: {', '.join(missing)}")
            return data[columns]
        if columns and self.told["flavor"] in _NAMED:
            pandas = importlib.import_module("pandas")
            return pandas.DataFrame(data, columns=columns)
        return data


def load(folder: str | Path) -> Scorer:
    """Load the model in `folder`.

    Raises
    ------
    ValueError
        When a file is not what was exported.
    """
    place = Path(folder)
    told = json.loads((place / "model.json").read_text(encoding="utf-8"))
    for name, digest in told["files"].items():
        found = hashlib.sha256((place / "files" / name).read_bytes()).hexdigest()
        if found != digest:
            raise ValueError(f"{place / 'files' / name} was changed: sha256 is {found}")
    if "scoring" in told:
        further = _further(place / "scoring.py", told["scoring"])
        _PREDICTS[told["flavor"]] = further.predict
        return Scorer(told, further.load(place / "files", told))
    return Scorer(told, _LOADS[told["flavor"]](place / "files", told))


def _further(path: Path, digest: str) -> Any:
    """Import the file that knows models of a flavor of its own."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != digest:
        raise ValueError(f"{path} was changed: sha256 is {found}")
    spec = importlib.util.spec_from_file_location(f"mlops_scoring_{digest[:12]}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_rows(document: Any) -> Any:
    """Read what clients send as JSON: rows, columns or records.

    Known are ``{"instances": rows}``, ``{"columns": […], "data": rows}``, a list of
    rows or of records, and an object of columns.
    """
    if isinstance(document, dict) and "instances" in document:
        document = document["instances"]
    if isinstance(document, dict) and {"columns", "data"} <= set(document):
        pandas = importlib.import_module("pandas")
        return pandas.DataFrame(document["data"], columns=document["columns"])
    if isinstance(document, list) and document and isinstance(document[0], dict):
        return importlib.import_module("pandas").DataFrame(document)
    if isinstance(document, list):
        return importlib.import_module("numpy").asarray(document)
    return document


def read_tensors(inputs: list[dict[str, Any]]) -> Any:
    """Read the inputs of the Open Inference Protocol: one matrix, or columns."""
    import numpy as np

    found = {}
    for item in inputs:
        kind = _KINDS.get(item["datatype"], object)
        shape = item["shape"]
        found[item["name"]] = np.asarray(item["data"], dtype=kind).reshape(shape)
    if len(found) == 1:
        (only,) = found.values()
        if only.ndim > 1 and only.shape[-1] > 1:
            return only
    return {name: values.reshape(len(values)) for name, values in found.items()}


def write_tensor(found: Any, name: str = "predict") -> dict[str, Any]:
    """Write a prediction as an output of the Open Inference Protocol."""
    kinds = {"f8": "FP64", "f4": "FP32", "i8": "INT64", "i4": "INT32", "b1": "BOOL"}
    data = found.ravel().tolist()
    datatype = kinds.get(found.dtype.str[1:], "BYTES")
    if datatype == "BYTES":
        data = [str(value) for value in data]
    return {
        "name": name,
        "shape": list(found.shape),
        "datatype": datatype,
        "data": data,
    }


def _load_pyfunc(path: str) -> Scorer:
    # The name that mlflow.pyfunc asks a loader module for.
    return load(path)


def _sklearn(folder: Path, told: dict[str, Any]) -> Any:
    skops = importlib.import_module("skops.io")
    return skops.load(folder / "model.skops", trusted=told["trusted"])


def _xgboost(folder: Path, told: dict[str, Any]) -> Any:
    xgboost = importlib.import_module("xgboost")
    model = getattr(xgboost, told["class"].rpartition(".")[2])()
    model.load_model(folder / told["file"])
    return model


def _xgboost_predict(model: Any, data: Any) -> Any:
    if hasattr(model, "get_booster"):
        return model.predict(data)
    matrix = importlib.import_module("xgboost").DMatrix
    return model.predict(matrix(data, enable_categorical=True))


def _lightgbm(folder: Path, told: dict[str, Any]) -> Any:
    lightgbm = importlib.import_module("lightgbm")
    booster = lightgbm.Booster(model_file=str(folder / told["file"]))
    booster.best_iteration = told.get("best_iteration", -1)
    return booster, told.get("labels")


def _lightgbm_predict(model: Any, data: Any) -> Any:
    import numpy as np

    booster, labels = model
    found = booster.predict(data)
    if labels is None:
        return found
    # A classifier's booster gives how likely the second class is, or each of many.
    chosen = found.argmax(axis=1) if found.ndim > 1 else (found > _HALF).astype(int)
    return np.asarray(labels)[chosen]


def _keras(folder: Path, told: dict[str, Any]) -> Any:
    keras = importlib.import_module("keras")
    return keras.saving.load_model(folder / told["file"], safe_mode=True)


def _keras_predict(model: Any, data: Any) -> Any:
    return model.predict(_matrix(data), verbose=0)


def _onnx(folder: Path, told: dict[str, Any]) -> Any:
    runtime = importlib.import_module("onnxruntime")
    return runtime.InferenceSession(str(folder / told["file"]))


def _onnx_predict(model: Any, data: Any) -> Any:
    import numpy as np

    inputs = model.get_inputs()
    if len(inputs) == 1:
        kind = {"tensor(float)": "float32", "tensor(double)": "float64"}
        dtype = kind.get(inputs[0].type)
        return model.run(None, {inputs[0].name: _matrix(data, dtype)})[0]
    columns = {item.name: np.asarray(data[item.name]).reshape(-1, 1) for item in inputs}
    return model.run(None, columns)[0]


def _torch(folder: Path, told: dict[str, Any]) -> Any:
    torch = importlib.import_module("torch")
    return torch.export.load(folder / told["file"]).module()


def _torch_predict(model: Any, data: Any) -> Any:
    torch = importlib.import_module("torch")
    with torch.no_grad():
        return model(torch.tensor(_matrix(data).copy())).numpy()


def _pickle(folder: Path, told: dict[str, Any]) -> Any:
    made, here = (v.split(".")[:2] for v in (told["python"], platform.python_version()))
    if made != here:
        raise ValueError(
            f"it was pickled by Python {'.'.join(made)}, which code in a pickle needs; "
            f"this is Python {'.'.join(here)}"
        )
    pickle = importlib.import_module("pickle")
    with (folder / told["file"]).open("rb") as file:
        found = pickle.load(file)
    return found() if isinstance(found, type) else found


def _loader(folder: Path, told: dict[str, Any]) -> Any:
    module, _, names = told["loader"].partition(":")
    found: Any = importlib.import_module(module)
    for name in names.split("."):
        found = getattr(found, name)
    return found(str(folder / told["file"]))


def _any_predict(model: Any, data: Any) -> Any:
    method = getattr(model, "predict", None)
    return model(data) if method is None else method(data)


def _matrix(data: Any, dtype: str | None = "float32") -> Any:
    import numpy as np

    return np.asarray(data, dtype=dtype)


_LOADS = {
    "sklearn": _sklearn,
    "xgboost": _xgboost,
    "lightgbm": _lightgbm,
    "keras": _keras,
    "onnx": _onnx,
    "torch": _torch,
    "torch_program": _torch,
    "pickle": _pickle,
    "loader": _loader,
}
_PREDICTS = {
    "sklearn": lambda model, data: model.predict(data),
    "xgboost": _xgboost_predict,
    "lightgbm": _lightgbm_predict,
    "keras": _keras_predict,
    "onnx": _onnx_predict,
    "torch": _torch_predict,
    "torch_program": _torch_predict,
    "pickle": _any_predict,
    "loader": _any_predict,
}
_NAMED = {"sklearn", "statsmodels", "pickle", "loader"}
_KINDS: dict[str, Any] = {
    "FP64": "float64",
    "FP32": "float32",
    "FP16": "float16",
    "INT64": "int64",
    "INT32": "int32",
    "INT16": "int16",
    "INT8": "int8",
    "UINT8": "uint8",
    "BOOL": "bool",
}
