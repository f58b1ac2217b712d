"""What a run's cell shows at this moment: one small file, replaced again and again.

It lies beside the run's journals, is never forced to disk and goes with the cell's end.
What the cell showed in all is in the journal; who is slow to look has missed nothing.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_NAME = "showing.json"
LIMIT = 1_000_000
"""Bytes of all that is shown so."""


def write_showing(
    folder: Path, cell: int, bundles: Mapping[int, dict[str, Any]]
) -> dict[int, dict[str, Any]]:
    """Put in place what a cell shows: MIME bundles by the output's number.

    Nothing is said when the disk refuses: work goes on without being looked at.

    Returns
    -------
    dict
        Those for which there was room, the latest first.
    """
    import orjson

    kept: dict[int, dict[str, Any]] = {}
    parts: list[bytes] = []
    room = LIMIT
    for number in sorted(bundles, reverse=True):
        try:
            part = orjson.dumps(bundles[number], option=orjson.OPT_NON_STR_KEYS)
        except TypeError:
            continue
        room -= len(part)
        if room < 0:
            break
        kept[number] = bundles[number]
        parts.append(b'"%d":%b' % (number, part))
    text = b'{"n":%d,"bundles":{%b}}' % (cell, b",".join(parts))
    beside = folder / f"{_NAME}.{os.getpid()}.part"
    with suppress(OSError):
        try:
            beside.write_bytes(text)
            beside.replace(folder / _NAME)
        finally:
            beside.unlink(missing_ok=True)
    return kept


def forget_showing(folder: Path) -> None:
    """Take away what a cell showed, since it has ended."""
    with suppress(OSError):
        (folder / _NAME).unlink(missing_ok=True)


def read_showing(folder: Path, cell: int) -> dict[int, dict[str, Any]]:
    """Return what a cell shows: MIME bundles by the output's number."""
    import orjson

    try:
        told = orjson.loads((folder / _NAME).read_bytes())
        if told["n"] != cell:
            return {}
        return {
            int(number): bundle
            for number, bundle in told["bundles"].items()
            if isinstance(bundle, dict)
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
