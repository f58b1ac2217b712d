"""The notebook's name in Google Colab, where no file tells it."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

_SECONDS = 3


def colab_name() -> str | None:
    """Return the notebook's name, None outside of Colab.

    Colab's page is asked through Colab's own module, once a process: it answers in
    some tenths of a second. A notebook that is renamed later keeps its first name.
    """
    message = getattr(sys.modules.get("google.colab"), "_message", None)
    return None if message is None else _asked(message)


@cache
def _asked(message: Any) -> str | None:
    try:
        reply = message.blocking_request("get_ipynb", request="", timeout_sec=_SECONDS)
        name = reply["ipynb"]["metadata"]["colab"]["name"]
    except Exception:  # noqa: BLE001 - no answer, or one of another kind: nobody tells
        return None
    return name if isinstance(name, str) else None
