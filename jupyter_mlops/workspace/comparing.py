"""Runs compared for looking at: many by their values, two by everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops import errors
from jupyter_mlops.ids import RunId
from jupyter_mlops.tracking.sidebyside import SideBySide
from jupyter_mlops.workspace.comparedshows import Shows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.tracking.difference import RunDifference
    from jupyter_mlops.workspace.comparedshows import PicturePair, ShownPair
    from jupyter_mlops.workspace.workspace import Workspace

MOST_RUNS = 300
"""Runs that are compared at once: of more, no line can be told from another."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs side by side.

    Attributes
    ----------
    missing : tuple of str
        Ids of runs that are not here.
    """

    found: SideBySide
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TwoRuns:
    """Two runs, compared part by part.

    Attributes
    ----------
    shown : sequence of ShownPair
        What stands for each change of the outputs, in their order.
    pictures : sequence of PicturePair
        Pictures of one name that both runs keep and that are not the same.
    """

    difference: RunDifference
    shown: Sequence[ShownPair]
    pictures: Sequence[PicturePair]


def compare_many(workspace: Workspace, run_ids: Sequence[str]) -> Comparison:
    """Set runs side by side, in the order in which they are named.

    Raises
    ------
    InvalidInputError
        When these are more than anybody compares.
    """
    from jupyter_mlops.store.index import RunQuery

    asked = list(dict.fromkeys(RunId(one) for one in run_ids))
    if len(asked) > MOST_RUNS:
        raise errors.InvalidInputError(
            f"{len(asked)} runs are too many to compare; pick at most {MOST_RUNS}.",
            count=len(asked),
        )
    index = workspace.store.index
    index.catch_up()
    page = index.page(RunQuery(within=asked), 0, MOST_RUNS)
    known = {record.run_id: record for record in page.runs}
    return Comparison(
        SideBySide(
            [known[one] for one in asked if one in known],
            workspace.settings.lower_is_better,
        ),
        tuple(one for one in asked if one not in known),
    )


def compare_two(workspace: Workspace, before: str, after: str) -> TwoRuns:
    """Compare two runs with what they showed and the pictures that they keep."""
    from jupyter_mlops.tracking.difference import difference

    old, new = workspace.get_run(before), workspace.get_run(after)
    found = difference(old, new, workspace.store.blobs.get_bytes)
    shows = Shows(old, new, workspace.store.blobs)
    return TwoRuns(
        found,
        [shows.outputs(change) for change in found.outputs.changes],
        shows.pictures(found.artifacts.changes),
    )
