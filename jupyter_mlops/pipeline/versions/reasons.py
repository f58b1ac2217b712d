"""Why a step is not what it was, in words: two facts compared."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jupyter_mlops.pipeline.versions.facts import Facts


def reasons(before: Facts, now: Facts) -> list[str]:
    """Say what is different, code first; empty when nothing is."""
    return [
        *_cells(before, now),
        *_modules(before, now),
        *_parameters(before, now),
        *_inputs(before, now),
        *_outputs(before, now),
        *_surroundings(before, now),
    ]


def _cells(before: Facts, now: Facts) -> Iterator[str]:
    changed: list[int] = []
    added: list[int] = []
    removed: list[int] = []
    matcher = SequenceMatcher(None, before.cells, now.cells, autojunk=False)
    for word, i, j, k, end in matcher.get_opcodes():
        if word == "equal":
            continue
        common = min(j - i, end - k)
        changed += range(k, k + common)
        added += range(k + common, end)
        removed += range(i + common, j)
    if sorted(before.cells) == sorted(now.cells) and (changed or added):
        yield "cells are in another order"
        return
    if _names_only_parameters(before, now, changed):
        # The values say it better.
        changed.remove(now.parameter_position or 0)
    for positions, what in ((changed, "changed"), (added, "new"), (removed, "gone")):
        if positions:
            yield _told(positions, what)


def _names_only_parameters(before: Facts, now: Facts, changed: list[int]) -> bool:
    position = now.parameter_position
    return (
        position is not None
        and position == before.parameter_position
        and position in changed
        and bool(list(_parameters(before, now)))
    )


def _told(positions: list[int], what: str) -> str:
    if len(positions) == 1:
        return f"cell {positions[0]} {'is ' if what != 'changed' else ''}{what}"
    shown = ", ".join(map(str, positions[:5])) + (", …" if positions[5:] else "")
    return f"cells {shown} {'are ' if what != 'changed' else ''}{what}"


def _parameters(before: Facts, now: Facts) -> Iterator[str]:
    for name, (digest, shown) in now.parameters.items():
        old = before.parameters.get(name)
        if old is None:
            yield f"{name} = {shown} is new"
        elif old[0] != digest:
            same = old[1] == shown
            yield f"{name} changed" if same else f"{name} {old[1]} → {shown}"
    for name in before.parameters.keys() - now.parameters.keys():
        yield f"{name} is no parameter any more"


def _inputs(before: Facts, now: Facts) -> Iterator[str]:
    for name, (path, digest) in now.inputs.items():
        old = before.inputs.get(name)
        if old is None:
            yield f"the input {name} is new"
        elif old[0] != path:
            yield f"the input {name} is {path} now"
        elif old[1] != digest:
            yield f"the input {name} changed"
    for name in before.inputs.keys() - now.inputs.keys():
        yield f"the input {name} is gone"


def _outputs(before: Facts, now: Facts) -> Iterator[str]:
    for name, path in now.outputs.items():
        old = before.outputs.get(name)
        if old is None:
            yield f"the output {name} is new"
        elif old != path:
            yield f"the output {name} goes to {path} now"
    for name in before.outputs.keys() - now.outputs.keys():
        yield f"the output {name} is gone"


def _modules(before: Facts, now: Facts) -> Iterator[str]:
    for path, digest in now.modules.items():
        old = before.modules.get(path)
        if old is None:
            yield f"{path} is imported now"
        elif old != digest:
            yield f"{path} changed"
    for path in sorted(before.modules.keys() - now.modules.keys()):
        yield f"{path} is not imported any more"


def _surroundings(before: Facts, now: Facts) -> Iterator[str]:
    if before.notebook != now.notebook:
        yield f"its notebook is {now.notebook} now, not {before.notebook}"
    if before.kernel != now.kernel:
        yield f"its kernel is {now.kernel} now, not {before.kernel}"
    for name, digest in now.variables.items():
        if before.variables.get(name) != digest:
            yield f"the environment variable {name} changed"
    for name in before.variables.keys() - now.variables.keys():
        yield f"it does not use the environment variable {name} any more"


def joined(found: Iterable[str]) -> str:
    """Join reasons as one clause."""
    return "; ".join(found)
