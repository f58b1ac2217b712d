"""Keras: its models, and the metrics of each epoch by its own History callback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.fits.estimatorparams import plain_param
from jupyter_mlops.capture.fits.reader import Call, Epochs, Reader
from jupyter_mlops.capture.values import as_number
from jupyter_mlops.errors import InvalidMetricError

if TYPE_CHECKING:
    from types import ModuleType

    from jupyter_mlops.capture.fits.reader import Places
    from jupyter_mlops.records import JsonValue

ARRIVALS = ("keras", "tf_keras")
_PLACES = {"batch_size": 2, "epochs": 3, "validation_split": 6}


class ModelReader(Reader):
    """Reads calls of ``Model.fit``."""

    library = "keras"

    def data(self, call: Call) -> tuple[Any, Any]:
        """Return features and target."""
        return call.argument(0, "x"), call.argument(1, "y")

    def params(self, call: Call) -> dict[str, JsonValue]:
        """Return what the call and the compilation set."""
        model = call.owner
        optimizer = getattr(model, "optimizer", None)
        rate = getattr(optimizer, "learning_rate", None)
        values = {name: call.argument(at, name) for name, at in _PLACES.items()}
        values |= {
            "optimizer": None if optimizer is None else type(optimizer).__name__,
            "learning_rate": _number(rate),
            "loss": _name(getattr(model, "loss", None)),
        }
        return {k: plain_param(v) for k, v in values.items() if v is not None}


def _number(rate: Any) -> float | None:
    """Read a learning rate that is a number, or a variable that holds one."""
    try:
        # A variable's tensor; of itself it would be converted with a warning.
        return round(float(as_number(getattr(rate, "value", rate))), 9)
    except InvalidMetricError:
        return None


def _name(loss: Any) -> Any:
    if loss is None or isinstance(loss, str | list | dict):
        return loss
    return getattr(loss, "name", None) or getattr(loss, "__name__", None)


def _tell(call: Call, epochs: Epochs) -> None:
    logs = call.argument(1, "logs")
    if logs:
        epochs(call.owner.model, int(call.argument(0, "epoch")), dict(logs))


def install(module: ModuleType, places: Places) -> None:
    """See the fits of all models, and the epochs as they end."""
    reader = ModelReader()
    for cls in module.Model.__mro__:
        if "fit" in vars(cls):
            places.method(cls, "fit", reader)
    # Keras adds one to every fit.
    places.notice(module.callbacks.History, "on_epoch_end", _tell)
