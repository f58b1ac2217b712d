"""Serves the model beside it in MLServer."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from mlserver import MLModel  # type: ignore[import-not-found]  # it runs there only
from mlserver.types import (  # type: ignore[import-not-found]  # as above
    InferenceRequest,
    InferenceResponse,
    ResponseOutput,
)

_HERE = Path(__file__).resolve().parent


def _scorer() -> Any:
    # By its place: models of one repository have files of the same names.
    spec = importlib.util.spec_from_file_location("scorer", _HERE / "scorer.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Runtime(MLModel):  # type: ignore[misc]  # not installed where this is checked
    """One model."""

    async def load(self) -> bool:
        """Load it, every byte checked."""
        self._scorer = _scorer()
        self._loaded = self._scorer.load(_HERE / "model")
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """Predict for one matrix, or for columns by name."""
        inputs = [_plain(item) for item in payload.inputs]
        found = self._loaded.predict(self._scorer.read_tensors(inputs))
        return InferenceResponse(
            model_name=self.name,
            model_version=self.version,
            outputs=[ResponseOutput(**self._scorer.write_tensor(found))],
        )


def _plain(item: Any) -> dict[str, Any]:
    data = getattr(item.data, "root", item.data)
    return {
        "name": item.name,
        "shape": list(item.shape),
        "datatype": getattr(item.datatype, "value", item.datatype),
        "data": data,
    }
