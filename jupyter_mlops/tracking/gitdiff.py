"""What git said of two runs: commit, branch, and what was not committed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import StoreError
from jupyter_mlops.tracking.changes import Change, Part, compare_values, line_changes
from jupyter_mlops.tracking.surroundings import DIFF, OBSERVATION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_mlops.ids import Digest
    from jupyter_mlops.tracking.recorded import RecordedRun

    GetBytes = Callable[[Digest], bytes]

_FACTS = ("dirty", "changed", "untracked")
"""Of the observation: the rest of it counts, or is told by the lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GitPart(Part[Change]):
    """Commit, branch and remote, and the state of the files that differed from it.

    Attributes
    ----------
    lines : tuple of str
        How the uncommitted changes differ, as a diff of two diffs; of a run that had
        none the other's as added or removed lines.
    """

    lines: tuple[str, ...] = ()


def compare_git(
    before: RecordedRun,
    after: RecordedRun,
    states: tuple[Mapping[str, Any], Mapping[str, Any]],
    get: GetBytes,
) -> GitPart:
    """Compare what git said.

    Parameters
    ----------
    states : pair of dict
        ``git`` of both environments.
    """
    facts = [
        {name: value for name, value in state.items() if value is not None}
        | _uncommitted(run)
        for run, state in zip((before, after), states, strict=True)
    ]
    part = compare_values(*facts)
    return GitPart(
        changes=part.changes, equal=part.equal, lines=_lines(before, after, get)
    )


def _uncommitted(run: RecordedRun) -> dict[str, Any]:
    seen = run.observations.get(OBSERVATION)
    if not isinstance(seen, dict):
        return {}
    found = {name: seen[name] for name in _FACTS if name in seen}
    if DIFF in run.artifacts:
        found["diff"] = run.artifacts[DIFF].digest[:12]
    return found


def _lines(before: RecordedRun, after: RecordedRun, get: GetBytes) -> tuple[str, ...]:
    kept = before.artifacts.get(DIFF), after.artifacts.get(DIFF)
    if kept[0] is not None and kept[1] is not None and kept[0].digest == kept[1].digest:
        return ()
    try:
        old, new = (
            get(item.digest).decode("utf-8", "replace") if item else "" for item in kept
        )
    except StoreError:
        return ()
    return line_changes(old, new)
