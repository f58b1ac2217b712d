"""XGBoost's own `train`; its estimators are seen as scikit-learn's are."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.fits.estimatorparams import plain_param
from jupyter_mlops.capture.fits.evals import tell_evals
from jupyter_mlops.capture.fits.reader import Call, Epochs, Reader

if TYPE_CHECKING:
    from types import ModuleType

    from jupyter_mlops.capture.fits.reader import Places
    from jupyter_mlops.records import JsonValue

ARRIVALS = ("xgboost",)


class TrainReader(Reader):
    """Reads calls of ``xgboost.train``."""

    library = "xgboost"

    def subject(self, call: Call) -> Any:
        """Return None: the booster is what the call returns."""
        del call

    def kind(self, model: Any) -> str:
        """Name the booster, also where the call failed."""
        del model
        return f"{self.library}.Booster"

    def data(self, call: Call) -> tuple[Any, Any]:
        """Return the data set; it brings its target."""
        return call.argument(1, "dtrain", "train_set"), None

    def begin(self, call: Call, epochs: Epochs) -> Call:
        """Have the losses handed out, where data to measure them on is given."""
        del epochs
        if not call.kwargs.get("evals") or call.kwargs.get("evals_result") is not None:
            return call
        return call._replace(kwargs={**call.kwargs, "evals_result": {}})

    def params(self, call: Call) -> dict[str, JsonValue]:
        """Return the params of the booster, and how long it is trained."""
        found = dict(call.argument(0, "params") or {})
        more = {
            "num_boost_round": call.argument(2, "num_boost_round"),
            "early_stopping_rounds": call.kwargs.get("early_stopping_rounds"),
        }
        found |= {key: value for key, value in more.items() if value is not None}
        return {str(key): plain_param(value) for key, value in found.items()}

    def ended(self, call: Call, result: Any, epochs: Epochs) -> None:
        """Tell the losses."""
        evals = call.kwargs.get("evals_result")
        if evals:
            tell_evals(evals, result, epochs)


def install(module: ModuleType, places: Places) -> None:
    """See `train` by both names that it has."""
    inner = sys.modules.get("xgboost.training", module)
    places.function([module, inner], "train", TrainReader())
