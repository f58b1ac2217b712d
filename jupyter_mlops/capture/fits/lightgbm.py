"""LightGBM's own `train`; its estimators are seen as scikit-learn's are."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.fits import xgboost
from jupyter_mlops.capture.fits.evals import tell_evals

if TYPE_CHECKING:
    from types import ModuleType

    from jupyter_mlops.capture.fits.reader import Call, Epochs, Places

ARRIVALS = ("lightgbm",)
_CALLBACKS = 8
"""Where the callbacks stand among the arguments."""


class TrainReader(xgboost.TrainReader):
    """Reads calls of ``lightgbm.train``, which are made as XGBoost's are."""

    library = "lightgbm"

    def begin(self, call: Call, epochs: Epochs) -> Call:
        """Add the library's own callback that keeps the losses."""
        del epochs
        if not call.argument(3, "valid_sets") or len(call.args) > _CALLBACKS:
            return call
        keeper = sys.modules["lightgbm"].record_evaluation({})
        callbacks = [*(call.kwargs.get("callbacks") or ()), keeper]
        return call._replace(kwargs={**call.kwargs, "callbacks": callbacks})

    def ended(self, call: Call, result: Any, epochs: Epochs) -> None:
        """Tell the losses that the callback kept."""
        for callback in reversed(call.kwargs.get("callbacks") or ()):
            evals = getattr(callback, "eval_result", None)
            if isinstance(evals, dict):
                tell_evals(evals, result, epochs)
                return


def install(module: ModuleType, places: Places) -> None:
    """See `train` by both names that it has."""
    inner = sys.modules.get("lightgbm.engine", module)
    places.function([module, inner], "train", TrainReader())
