"""Watches for fits between `start` and `stop`."""

from __future__ import annotations

import functools
import os
import time
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.example import example_of
from jupyter_mlops.capture.fits import keras, lightgbm, lightning, sklearn, xgboost
from jupyter_mlops.capture.fits.arrivals import Arrivals
from jupyter_mlops.capture.fits.nesting import forget
from jupyter_mlops.capture.fits.places import PatchedPlaces
from jupyter_mlops.capture.fits.seen import FitList, Reference, SeenFit
from jupyter_mlops.capture.profile import profile
from jupyter_mlops.capture.signature import signature_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.capture.fits.reader import Call, Reader

PROFILE_LIMIT = 4
"""Different data profiled in one cell."""
READ_LIMIT = 100
"""Fits whose params are read in one cell; further ones are counted by class."""

_LIBRARIES = (sklearn, xgboost, lightgbm, keras, lightning)
_watches: list[FitWatch] = []


class FitWatch:
    """Collects the fits of this process, in all its threads.

    Several may be on at once, for a cell that runs another one: the innermost sees.

    Parameters
    ----------
    on_epoch : callable, optional
        Called with (the model or None, step, metrics) as a training goes on.

    Attributes
    ----------
    fits : FitList
        What was seen so far.
    problems : list of str
        What could not be read of a fit; each sentence once.
    """

    def __init__(
        self, on_epoch: Callable[[object, int, dict[str, Any]], None] | None = None
    ) -> None:
        self.fits = FitList()
        self.problems: list[str] = []
        self._on_epoch = on_epoch
        self._profiled: list[tuple[Reference, Reference, dict[str, Any]]] = []
        self._profiles = 0
        self._read = 0
        self._arrivals = Arrivals({})

    def start(self) -> FitWatch:
        """Begin to watch; returns itself."""
        _watches.append(self)
        waiting = {
            name: functools.partial(library.install, places=_places)
            for library in _LIBRARIES
            for name in library.ARRIVALS
        }
        self._arrivals = Arrivals(waiting)
        self._arrivals.start()
        return self

    def stop(self) -> list[SeenFit]:
        """Stop watching, and return what was seen."""
        self._arrivals.stop()
        if self in _watches:
            _watches.remove(self)
        if not _watches:
            _places.take_back()
        return list(self.fits)

    # --- one fit -----------------------------------------------------------------

    def begin(self, reader: Reader, call: Call) -> tuple[Fitting, Call]:
        """Look at a fit that is about to begin."""
        fitting = Fitting(reader, call)
        self._guarded(lambda: self._look(fitting), "its data")
        self._guarded(lambda: self._prepare(fitting), "its epochs")
        fitting.began = time.perf_counter()
        return fitting, fitting.call

    def end(
        self, fitting: Any, result: Any, error: BaseException | None = None
    ) -> None:
        """Note a fit that has ended."""
        seconds = time.perf_counter() - fitting.began
        self._guarded(lambda: fitting.reader.leave(fitting.call), "")
        self._guarded(lambda: self._note(fitting, seconds, result, error), "it")

    def epoch(self, model: object, step: int, numbers: dict[str, Any], /) -> None:
        """Pass on the metrics of one step."""
        on_epoch = self._on_epoch
        if on_epoch is not None and self in _watches:
            self._guarded(lambda: on_epoch(model, step, numbers), "its metrics")

    def _look(self, fitting: Fitting) -> None:
        features, target = fitting.reader.data(fitting.call)
        fitting.rows, fitting.columns = _size(features)
        if features is None:
            return
        for known_features, known_target, found in self._profiled:
            if known_features() is features and known_target() is target:
                fitting.profile = found
                return
        if self._profiles >= PROFILE_LIMIT:
            return
        self._profiles += 1
        made = fitting.profile = profile(features, target)
        if made is not None:
            _add_signature(made, features)
            fitting.rows, fitting.columns = made["rows"], made["columns"]
            self._profiled.append((Reference(features), Reference(target), made))

    def _prepare(self, fitting: Fitting) -> None:
        fitting.call = fitting.reader.begin(fitting.call, self.epoch)

    def _note(
        self,
        fitting: Fitting,
        seconds: float,
        result: Any,
        error: BaseException | None,
    ) -> None:
        reader, call = fitting.reader, fitting.call
        subject = reader.subject(call)
        model = result if subject is None else subject
        again = None if subject is None else self.fits.last_of(subject)
        if again is not None and error is None:
            again.count += 1
            self._read_params(again, fitting)
            fit = again
        else:
            fit = self.fits.add(self._described(fitting, model))
        fit.seconds += seconds
        if error is not None:
            fit.failed += 1
            fit.error = type(error).__name__
        else:
            fit.best = reader.best(call) or fit.best
            reader.ended(call, result, self.epoch)

    def _described(self, fitting: Fitting, model: Any) -> SeenFit:
        reader = fitting.reader
        fit = SeenFit(
            reader.kind(model),
            reader.library_of(model),
            rows=fitting.rows,
            columns=fitting.columns,
            profile=fitting.profile,
            subject=Reference(model),
        )
        self._read_params(fit, fitting)
        return fit

    def _read_params(self, fit: SeenFit, fitting: Fitting) -> None:
        self._read += 1
        if self._read > READ_LIMIT:
            return

        def read() -> None:
            fit.params = fitting.reader.params(fitting.call)

        self._guarded(read, "its params")

    def _guarded(self, step: Callable[[], None], what: str) -> None:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - a fault of ours never breaks a fit
            reason = str(error) or type(error).__name__
            told = f"a fit was seen, but {what} could not be read: {reason}"
            if what and told not in self.problems and len(self.problems) < READ_LIMIT:
                self.problems.append(told)


class Fitting:
    """A fit that runs now."""

    __slots__ = ("began", "call", "columns", "profile", "reader", "rows")

    def __init__(self, reader: Reader, call: Call) -> None:
        self.reader = reader
        self.call = call
        self.began = 0.0
        self.rows: int | None = None
        self.columns: int | None = None
        self.profile: dict[str, Any] | None = None


def current() -> FitWatch | None:
    """Return the innermost watch that is on."""
    return _watches[-1] if _watches else None


_places = PatchedPlaces(current)


def _add_signature(made: dict[str, Any], features: Any) -> None:
    """Say what a model takes that is fitted to this, with a few rows."""
    signature = signature_of(features, made)
    if signature is not None:
        made["signature"] = signature
        example = example_of(features, signature)
        if example is not None:
            made["example"] = example


def _size(features: Any) -> tuple[int | None, int | None]:
    shape = getattr(features, "shape", None)
    if isinstance(shape, tuple) and shape and isinstance(shape[0], int):
        return shape[0], shape[1] if len(shape) > 1 else 1
    return (len(features) if isinstance(features, list) else None), None


def _forget() -> None:
    _watches.clear()
    forget()


# A forked child is another process: what it fits is no part of this cell's record.
os.register_at_fork(after_in_child=_forget)
