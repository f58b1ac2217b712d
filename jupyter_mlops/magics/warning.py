"""Our word to the user from beside a cell."""

from __future__ import annotations

import sys
from typing import Any


def warn(message: object) -> None:
    """Say one line, without a traceback and without raising.

    Not by `warnings`: a user may have turned those into errors.
    """
    line = " ".join(str(message).split())
    stream: Any = sys.stderr
    stream.write(f"jupyter_mlops: {line}\n")
