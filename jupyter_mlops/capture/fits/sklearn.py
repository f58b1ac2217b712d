"""scikit-learn, and everything that derives from its estimators."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.fits.estimatorparams import plain_param, set_params
from jupyter_mlops.capture.fits.evals import tell_evals
from jupyter_mlops.capture.fits.reader import Call, Epochs, Reader

if TYPE_CHECKING:
    from types import ModuleType

    from jupyter_mlops.capture.fits.reader import Places
    from jupyter_mlops.records import JsonValue

ARRIVALS = ("sklearn.base",)
_METHODS = ("fit", "partial_fit", "fit_transform", "fit_predict")
_LIBRARIES = {
    "sklearn": "scikit-learn",
    "imblearn": "imbalanced-learn",
    "xgboost": "xgboost",
    "lightgbm": "lightgbm",
}


class EstimatorReader(Reader):
    """Reads fits of estimators."""

    def library_of(self, model: Any) -> str:
        """Name the library of the first class that is not the user's own."""
        for cls in type(model).__mro__:
            package = cls.__module__.partition(".")[0]
            if package in _LIBRARIES:
                return _LIBRARIES[package]
        return super().library_of(model)

    def data(self, call: Call) -> tuple[Any, Any]:
        """Return features and target; a vectoriser calls its texts differently."""
        features = call.argument(0, "X", "raw_documents")
        return features, call.argument(1, "y", "Y")

    def params(self, call: Call) -> dict[str, JsonValue]:
        """Return the params that differ from their defaults."""
        return set_params(call.owner)

    def best(self, call: Call) -> dict[str, JsonValue] | None:
        """Return the params that a search found best, and their score."""
        left = vars(call.owner)
        params, score = left.get("best_params_"), left.get("best_score_")
        if not isinstance(params, dict):
            return None
        return {
            "params": {str(key): plain_param(value) for key, value in params.items()},
            "score": None if score is None else float(score),
        }

    def ended(self, call: Call, result: Any, epochs: Epochs) -> None:
        """Tell the losses of a boosting."""
        del result
        left = vars(call.owner)
        # XGBoost's name, and LightGBM's.
        evals = left.get("evals_result_") or left.get("_evals_result")
        if isinstance(evals, dict):
            tell_evals(evals, call.owner, epochs)


def install(module: ModuleType, places: Places) -> None:
    """See the fits of all estimators that there are, or will be."""
    base = module.BaseEstimator
    see = functools.partial(_see, places, EstimatorReader())
    classes = [base]
    met = {base}
    while classes:
        cls = classes.pop()
        see(cls)
        for child in cls.__subclasses__():
            if child not in met:
                met.add(child)
                classes.append(child)
    places.new_classes(base, see)


def _see(places: Places, reader: EstimatorReader, cls: type) -> None:
    for name in _METHODS:
        if name in vars(cls):
            places.method(cls, name, reader)
