"""The losses that a boosting measured round by round, as metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_mlops.capture.fits.reader import Epochs

_ROUND_LIMIT = 10_000


def tell_evals(evals: dict[str, Any], subject: object, epochs: Epochs) -> None:
    """Tell a history such as ``{"valid": {"auc": [0.7, 0.8]}}`` by rounds."""
    series = {
        f"{data}.{metric}": values
        for data, metrics in evals.items()
        for metric, values in metrics.items()
    }
    count = max(map(len, series.values()), default=0)
    for step in range(min(count, _ROUND_LIMIT)):
        numbers = {
            # XGBoost's cv gives (mean, std).
            key: values[step][0] if isinstance(values[step], tuple) else values[step]
            for key, values in series.items()
            if step < len(values)
        }
        epochs(subject, step, numbers)
