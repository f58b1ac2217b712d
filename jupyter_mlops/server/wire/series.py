"""One metric of one run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.wire.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence


def series(
    key: str,
    total: int,
    steps: Sequence[float],
    values: Sequence[float],
    times: Sequence[float],
) -> dict[str, Any]:
    """Return points by column; `total` is how many there are before the reduction.

    `times` are seconds since 1970, and in the order of `steps`.
    """
    return {
        "key": key,
        "total": total,
        "steps": list(steps),
        "values": plain(list(values)),
        "times": list(times),
    }
