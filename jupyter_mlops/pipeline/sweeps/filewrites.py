"""Files that shared cells write and points write again: points would see each other's.

Run whole, each point begins with the file as the early cell leaves it; copies that went
on from there would not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.capture.dataflow.history import History

_SURE = "writes"


def first_rewritten(
    history: History, places: Mapping[int, int], begin: int, stop: int
) -> tuple[int, str] | None:
    """Return the first shared cell whose file a later one writes again, and the file.

    Parameters
    ----------
    places : mapping
        Where each cell stands in the history, by its index.
    begin, stop : int
        Cells between these indices are shared.
    """
    writes = history.file_writes()
    for index, place in places.items():
        if not begin < index < stop:
            continue
        for path in writes.get(place, ()):
            for later, other in places.items():
                if later >= stop and any(
                    history.may_be_same_file(path, one) for one in writes.get(other, ())
                ):
                    return index, path
    return None
