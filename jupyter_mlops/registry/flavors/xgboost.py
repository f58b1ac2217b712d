"""XGBoost: boosters and its scikit-learn classes, in its own JSON format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.flavors.boosters import BoosterClasses
from jupyter_mlops.registry.flavors.refusals import refused, unreadable, unstorable

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.words import LoadWord

NAME = "xgboost"
FILE = "model.json"
EXTRA = "xgboost"
_CLASSES = BoosterClasses(
    "XGBoost",
    "xgboost",
    "xgboost.core.Booster",
    frozenset(
        f"xgboost.sklearn.{name}"
        for name in (
            "XGBClassifier",
            "XGBRFClassifier",
            "XGBRFRegressor",
            "XGBRanker",
            "XGBRegressor",
        )
    ),
)
matches = _CLASSES.has
describe = _CLASSES.describe


def save(value: Any, folder: Path) -> dict[str, Any]:
    """Write one JSON file.

    Raises
    ------
    UnstorableObjectError
        When it is not fitted.
    """
    try:
        value.save_model(folder / FILE)
    except Exception as error:
        raise unstorable(value, str(error), "Fit it first.") from error
    meta = describe(value)
    return meta | _CLASSES.settings(value, meta)


def load(folder: Path, meta: dict[str, Any], word: LoadWord) -> Any:  # noqa: ARG001 - nothing in it needs one
    """Make a booster, or what wraps it, again.

    Raises
    ------
    UnsafeModelError
        When the file is no JSON of XGBoost, or its trees lead out of their arrays.
    """
    from jupyter_mlops.registry.flavors import library
    from jupyter_mlops.registry.flavors.booster_bounds import check_xgboost

    path = folder / FILE
    try:
        data = path.read_bytes()
    except OSError as error:
        raise refused("it has no JSON of XGBoost") from error
    check_xgboost(data)
    xgboost = library("xgboost", EXTRA)
    _CLASSES.check(meta)
    try:
        model = _CLASSES.empty(xgboost, meta)
        model.load_model(path)
    except Exception as error:
        raise unreadable(error) from error
    return model


def predict(model: Any, data: Any) -> Any:
    """Predict; a booster wants its own kind of matrix."""
    if not hasattr(model, "get_params"):
        import xgboost

        data = xgboost.DMatrix(data, enable_categorical=True)
    return model.predict(data)


def inputs(value: Any) -> dict[str, Any]:
    """Return what the booster knows of its columns."""
    booster = value.get_booster() if hasattr(value, "get_booster") else value
    return {"names": booster.feature_names, "count": booster.num_features()}
