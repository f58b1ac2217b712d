"""PyTorch Lightning: its trainers, and the metrics of each epoch by a callback."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.fits.estimatorparams import plain_param
from jupyter_mlops.capture.fits.reader import Call, Epochs, Reader

if TYPE_CHECKING:
    from types import ModuleType

    from jupyter_mlops.capture.fits.reader import Places
    from jupyter_mlops.records import JsonValue

ARRIVALS = (
    "lightning.pytorch.trainer.trainer",
    "pytorch_lightning.trainer.trainer",
)
_MARK = "_mlops_epochs"


class TrainerReader(Reader):
    """Reads calls of ``Trainer.fit``."""

    library = "lightning"

    def subject(self, call: Call) -> Any:
        """Return the module that is trained."""
        return call.argument(0, "model")

    def data(self, call: Call) -> tuple[Any, Any]:
        """Return the tensors of a loader that holds them; others are not drawn from."""
        loader = call.argument(1, "train_dataloaders")
        tensors = getattr(getattr(loader, "dataset", None), "tensors", None)
        if not isinstance(tensors, tuple) or not tensors:
            return None, None
        return tensors[0], tensors[1] if len(tensors) > 1 else None

    def begin(self, call: Call, epochs: Epochs) -> Call:
        """Add a callback to the trainer for the time of the call."""
        trainer = call.owner
        trainer.callbacks.append(_callback(trainer, self.subject(call), epochs))
        return call

    def params(self, call: Call) -> dict[str, JsonValue]:
        """Return what the module saved of its own, and how long it is trained."""
        saved = dict(getattr(self.subject(call), "hparams", None) or {})
        found = {str(key): plain_param(value) for key, value in saved.items()}
        epochs = call.owner.max_epochs
        return found if epochs is None else {"max_epochs": int(epochs)} | found

    def leave(self, call: Call) -> None:
        """Take the callback off."""
        callbacks = call.owner.callbacks
        callbacks[:] = [item for item in callbacks if not hasattr(item, _MARK)]


def _callback(trainer: Any, model: Any, epochs: Epochs) -> Any:
    base = _callback_class(type(trainer))

    class EpochMetrics(base):  # type: ignore[misc, valid-type]  # known at run time only
        """Tells an epoch's metrics when all of it, validation included, is over."""

        _last: int | None = None

        def on_train_epoch_start(self, trainer: Any, _module: Any) -> None:
            self._tell(trainer)
            self._last = int(trainer.current_epoch)

        def on_train_end(self, trainer: Any, _module: Any) -> None:
            self._tell(trainer)

        def _tell(self, trainer: Any) -> None:
            last, self._last = self._last, None
            if last is not None and trainer.is_global_zero:
                epochs(model, last, dict(trainer.callback_metrics))

        def __reduce__(self) -> Any:
            # Where the trainer goes to other processes, nothing of ours goes along.
            return base, ()

    setattr(EpochMetrics, _MARK, True)
    return EpochMetrics()


def _callback_class(trainer: type) -> Any:
    """Find the Callback of the library that a trainer is of: there are two names."""
    for cls in trainer.__mro__:
        room, found, _ = cls.__module__.partition(".trainer.")
        if found:
            return sys.modules[f"{room}.callbacks"].Callback
    raise LookupError(f"{trainer.__name__} is of no library that is known")


def install(module: ModuleType, places: Places) -> None:
    """See the fits of all trainers."""
    places.method(module.Trainer, "fit", TrainerReader())
