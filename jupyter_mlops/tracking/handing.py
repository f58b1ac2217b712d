"""Values that a step hands to the steps after it, kept with its run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.values import as_param, check_key
from jupyter_mlops.errors import InvalidParamError

if TYPE_CHECKING:
    from jupyter_mlops.tracking.run import Run

PREFIX = "value."
"""Of the observations that hold them: ``{"json": value}`` or ``{"uri": address}``."""
FOLDER = "values"
_PLAIN = ("json", "text")


def hand_on(run: Run, name: str, value: Any) -> None:
    """Keep a value under a name; an earlier one of that name is replaced.

    What has a JSON form is kept as it is; frames, arrays and models as artifacts, of
    which the next step gets the address.

    Raises
    ------
    UnstorableObjectError
        When no format is known for it.
    """
    check_key(name, "value")
    told = _as_json(value)
    if told is None:
        run.log_object(f"{FOLDER}/{name}", value)
        told = {"uri": f"runs:/{run.id}/{FOLDER}/{name}"}
    run.observe(f"{PREFIX}{name}", told)


def _as_json(value: Any) -> dict[str, Any] | None:
    if type(value).__module__.partition(".")[0] not in ("builtins", "numpy"):
        return None
    if getattr(value, "shape", ()) != ():
        # An array, however small: the next step gets one, too.
        return None
    try:
        return {"json": as_param(value)}
    except InvalidParamError:
        return None
