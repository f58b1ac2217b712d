"""LightGBM: boosters and its scikit-learn classes, in its own text format.

What a class knows besides its booster stands beside it as JSON.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.flavors.boosters import BoosterClasses
from jupyter_mlops.registry.flavors.refusals import refused, unreadable, unstorable

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.words import LoadWord

NAME = "lightgbm"
FILE = "model.txt"
STATE = "estimator.json"
EXTRA = "lightgbm"
_CLASSES = BoosterClasses(
    "LightGBM",
    "lightgbm",
    "lightgbm.basic.Booster",
    frozenset(
        f"lightgbm.sklearn.{name}"
        for name in ("LGBMClassifier", "LGBMModel", "LGBMRanker", "LGBMRegressor")
    ),
)
matches = _CLASSES.has
describe = _CLASSES.describe
_PLAIN = (
    "_best_iteration",
    "_fitted_with_feature_names",
    "_n_classes",
    "_n_features",
    "_n_features_in",
    "fitted_",
)
_TEXTS = ("_objective",)
_LABELS = "iufbU"


def save(value: Any, folder: Path) -> dict[str, Any]:
    """Write the booster as text, and what wraps it as JSON.

    Raises
    ------
    UnstorableObjectError
        When it is not fitted, or its objective or labels have no JSON form.
    """
    meta = describe(value)
    try:
        if not _CLASSES.is_bare(meta):
            (folder / STATE).write_text(json.dumps(_state(value)), encoding="utf-8")
        meta |= _CLASSES.settings(value, meta)
        booster = getattr(value, "booster_", value)
        # All rounds: which was the best is kept, and may be passed over.
        (folder / FILE).write_text(
            booster.model_to_string(num_iteration=-1), encoding="utf-8"
        )
    except Exception as error:
        raise unstorable(value, str(error)) from error
    return meta | {"best_iteration": int(booster.best_iteration)}


def load(folder: Path, meta: dict[str, Any], word: LoadWord) -> Any:  # noqa: ARG001 - nothing in it needs one
    """Make a booster, or what wraps it, again.

    Raises
    ------
    UnsafeModelError
        When the file is no text of LightGBM, or its trees lead out of their arrays.
    """
    from jupyter_mlops.registry.flavors import library
    from jupyter_mlops.registry.flavors.booster_bounds import check_lightgbm

    try:
        text = (folder / FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise refused("it is no text of LightGBM") from error
    check_lightgbm(text)
    lightgbm = library("lightgbm", EXTRA)
    _CLASSES.check(meta)
    try:
        booster = lightgbm.Booster(model_str=text)
        booster.best_iteration = int(meta.get("best_iteration", -1))
        if _CLASSES.is_bare(meta):
            return booster
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
        return _wrapped(_CLASSES.empty(lightgbm, meta), booster, state)
    except Exception as error:
        raise unreadable(error) from error


def inputs(value: Any) -> dict[str, Any]:
    """Return what the booster knows of its columns."""
    booster = getattr(value, "booster_", value)
    names = booster.feature_name()
    made_up = names == [f"Column_{place}" for place in range(len(names))]
    return {"names": None if made_up else names, "count": booster.num_feature()}


def _state(value: Any) -> dict[str, Any]:
    state: dict[str, Any] = {name: getattr(value, name, None) for name in _PLAIN}
    for name in _TEXTS:
        state[name] = found = getattr(value, name, None)
        if found is not None and not isinstance(found, str):
            raise TypeError(f"its {name.strip('_')} is a function")
    labels = getattr(value, "_classes", None)
    if labels is not None:
        if labels.dtype.kind not in _LABELS + "O":
            raise TypeError(f"its labels are {labels.dtype}")
        state["labels"] = {"dtype": labels.dtype.str, "values": labels.tolist()}
    return state


def _wrapped(model: Any, booster: Any, state: dict[str, Any]) -> Any:
    for name in (*_PLAIN, *_TEXTS):
        if state.get(name) is not None:
            setattr(model, name, state[name])
    model._Booster = booster  # noqa: SLF001 - theirs, and there is no other way in
    if "labels" in state:
        _set_labels(model, state["labels"])
    return model


def _set_labels(model: Any, labels: dict[str, Any]) -> None:
    import numpy as np
    from sklearn.preprocessing import LabelEncoder

    kind = np.dtype(labels["dtype"])
    if kind.kind not in _LABELS + "O":
        raise refused(f"its labels are {kind}")
    classes = np.array(labels["values"], dtype=kind)
    encoder = LabelEncoder()
    encoder.classes_ = classes
    model._le = encoder  # noqa: SLF001 - as above
    model._classes = classes  # noqa: SLF001 - as above
    model._class_map = dict(  # noqa: SLF001 - as above
        zip(classes.tolist(), range(len(classes)), strict=True)
    )
