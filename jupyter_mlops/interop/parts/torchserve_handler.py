"""Serves the model beside it in TorchServe."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

_loaded: dict[str, Any] = {}


def handle(data: Any, context: Any) -> Any:
    """Answer the requests of a batch; a request is rows, columns or records."""
    if "model" not in _loaded:
        folder = Path(context.system_properties["model_dir"])
        spec = importlib.util.spec_from_file_location("scorer", folder / "scorer.py")
        assert spec is not None
        assert spec.loader is not None
        scorer = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(scorer)
        _loaded.update(scorer=scorer, model=scorer.load(folder / "model"))
    if data is None:
        return None
    return [_answer(request) for request in data]


def _answer(request: dict[str, Any]) -> Any:
    body = request.get("body", request.get("data"))
    if isinstance(body, bytes | bytearray | str):
        body = json.loads(body)
    rows = _loaded["scorer"].read_rows(body)
    return _loaded["model"].predict(rows).tolist()
