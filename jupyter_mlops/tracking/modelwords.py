"""Models that were seen in a cell, in a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_mlops.tracking.recorded import RecordedRun

OBSERVATION = "models"

_PARAMS = 3
_WIDTH = 40
_SHOWN = 3


def models_of(run: RecordedRun) -> list[dict[str, Any]]:
    """Return the models that were seen in a run, as `fittedmodels` tells them."""
    found = run.observations.get(OBSERVATION)
    # A journal may be a stranger's.
    models = found if isinstance(found, list) else []
    return [item for item in models if isinstance(item, dict) and "class" in item]


def models_line(models: list[dict[str, Any]]) -> str:
    """Say what was fitted; empty when nothing was."""
    shown = [model_line(model) for model in models[:_SHOWN]]
    rest = sum(int(model.get("count", 1)) for model in models[_SHOWN:])
    if rest:
        shown.append(f"and {rest} more")
    return "; ".join(shown)


def model_line(model: dict[str, Any]) -> str:
    """Say what one entry of the observation ``models`` is about."""
    parts = [str(model["class"]).rpartition(".")[2]]
    count = int(model.get("count", 1))
    if count > 1:
        parts.append(f"{count} times")
    params = model.get("params") or {}
    if params:
        parts.append(f"({_params(params)})")
    rows, columns = model.get("rows"), model.get("columns")
    if rows is not None:
        parts.append(f"on {rows}" + ("" if columns is None else f" × {columns}"))  # noqa: RUF001 - rows times columns, as people write it
    if model.get("name"):
        parts.append(f"as {model['name']}")
    failed = int(model.get("failed", 0))
    if failed:
        times = "" if count == failed == 1 else f" {failed} of {count} times"
        parts.append(f"failed{times} with {model.get('error')}")
    return " ".join(parts)


def _params(params: dict[str, Any]) -> str:
    items = list(params.items())
    # Parts of a pipeline say more by their class than by their first params.
    shown = ", ".join(f"{key}={_short(value)}" for key, value in items[:_PARAMS])
    hidden = len(items) - _PARAMS
    return f"{shown}, and {hidden} more" if hidden > 0 else shown


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
