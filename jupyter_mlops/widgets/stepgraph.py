"""A pipeline's steps as a picture: who needs whom, coloured by how far each is."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from jupyter_mlops.widgets.palette import (
    BAD,
    FAMILY,
    GOOD,
    GROUND,
    PLAIN,
    QUIET,
    RULE,
    TEXT,
    WARM,
)
from jupyter_mlops.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlops.workspace.liveruns import LiveRun

COLOURS = {
    "finished": GOOD,
    "cached": GOOD,
    "running": PLAIN,
    "failed": BAD,
    "cancelled": WARM,
    "lost": WARM,
}
_WIDTH, _HEIGHT, _ACROSS, _DOWN, _EDGE = 136, 40, 56, 14, 8
MOST = 60
"""Steps that are drawn."""


def step_graph(
    steps: Sequence[tuple[str, Sequence[str]]], states: Mapping[str, LiveRun]
) -> str:
    """Draw steps from left to right, as an SVG.

    Parameters
    ----------
    steps : sequence of (str, sequence of str)
        Names, and those of the steps that each needs, which come before it.
    states : mapping
        How each stands, by name.
    """
    places = _places(steps[:MOST])
    columns = max((column for column, _ in places.values()), default=0) + 1
    rows = max((row for _, row in places.values()), default=0) + 1
    width = columns * (_WIDTH + _ACROSS) - _ACROSS + 2 * _EDGE
    height = rows * (_HEIGHT + _DOWN) - _DOWN + 2 * _EDGE
    lines = [
        _arrow(places[need], places[name])
        for name, needs in steps[:MOST]
        for need in needs
        if need in places
    ]
    boxes = [_box(name, states.get(name), place) for name, place in places.items()]
    said = ", ".join(f"{name} {_state(states.get(name))}" for name in places)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" style="max-width:100%" '
        f'aria-label="{escape(said)}" font-family="{FAMILY}" font-size="12">'
        f"{''.join(lines)}{''.join(boxes)}</svg>"
    )


def _places(
    steps: Sequence[tuple[str, Sequence[str]]],
) -> dict[str, tuple[int, int]]:
    """Give each step a column behind those that it needs, and a row of it."""
    places: dict[str, tuple[int, int]] = {}
    filled: dict[int, int] = {}
    for name, needs in steps:
        column = max(
            (places[need][0] + 1 for need in needs if need in places), default=0
        )
        places[name] = column, filled.get(column, 0)
        filled[column] = places[name][1] + 1
    return places


def _corner(place: tuple[int, int]) -> tuple[int, int]:
    column, row = place
    return _EDGE + column * (_WIDTH + _ACROSS), _EDGE + row * (_HEIGHT + _DOWN)


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1 = _corner(start)
    x2, y2 = _corner(end)
    x1, y1, y2 = x1 + _WIDTH, y1 + _HEIGHT // 2, y2 + _HEIGHT // 2
    half = (x1 + x2) // 2
    return (
        f'<path d="M{x1} {y1}C{half} {y1} {half} {y2} {x2 - 5} {y2}" fill="none" '
        f'style="stroke:{RULE};stroke-width:1.5"/>'
        f'<path d="M{x2} {y2}l-6 -3v6z" style="fill:{RULE}"/>'
    )


def _state(run: LiveRun | None) -> str:
    return run.status if run is not None else "waiting"


def _box(name: str, run: LiveRun | None, place: tuple[int, int]) -> str:
    x, y = _corner(place)
    state = _state(run)
    colour = COLOURS.get(state, QUIET)
    done = ""
    if run is not None and run.planned and not run.is_over:
        state = f"{run.done} of {run.planned} cells"
        share = round((_WIDTH - 2) * run.done / run.planned)
        done = (
            f'<rect x="{x + 1}" y="{y + _HEIGHT - 4}" width="{share}" height="3" '
            f'style="fill:{colour}"/>'
        )
    shown = escape(one_line(name, 18))
    return (
        f"<g><title>{escape(one_line(name, 80))}: {escape(state)}</title>"
        f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="4" '
        f'style="fill:{GROUND};stroke:{colour};stroke-width:1.5"/>{done}'
        f'<text x="{x + 10}" y="{y + 17}" style="fill:{TEXT}">{shown}</text>'
        f'<text x="{x + 10}" y="{y + 32}" style="fill:{colour}" font-size="11">'
        f"{escape(state)}</text></g>"
    )
