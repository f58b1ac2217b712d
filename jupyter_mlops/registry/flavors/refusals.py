"""What a flavor says when it will not load a file, or cannot write one."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.errors import UnsafeModelError, UnstorableObjectError
from jupyter_mlops.registry.flavors.described import class_name


def refused(reason: str, **values: Any) -> UnsafeModelError:
    """Make the error for a file that was not made a model of."""
    return UnsafeModelError(
        f"The model file was refused: {reason}. Nothing was run; register the model "
        f"again from the run that made it.",
        reason=reason,
        **values,
    )


def unreadable(error: Exception) -> UnsafeModelError:
    """Make the error for a file that the library itself gives up on."""
    return refused(f"it cannot be read ({type(error).__name__}: {error})")


def unstorable(value: Any, reason: str, advice: str = "") -> UnstorableObjectError:
    """Make the error for a value that no safe format holds."""
    advice = advice or (
        "Keep its bytes with LoaderModel, or pickle it knowingly: "
        "log_model(…, allow_pickle=True)."
    )
    return UnstorableObjectError(
        f"A {class_name(value)} cannot be kept without pickle: {reason}. {advice}",
        type=type(value),
        reason=reason,
    )
