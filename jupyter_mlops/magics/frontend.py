"""Whether someone looks on through more than a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def has_front_end(shell: InteractiveShell) -> bool:
    """Tell whether what a shell publishes goes to a kernel's front ends."""
    return getattr(shell, "kernel", None) is not None
