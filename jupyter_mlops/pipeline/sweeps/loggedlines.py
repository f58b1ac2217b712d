"""What shared cells logged, for the journals of the points that go on from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_KINDS = tuple(
    f'{{"e":"{kind}"'.encode()
    for kind in ("metric", "param", "tag", "note", "artifact", "observation", "file")
)
_START = b'{"e":"start"'


def logged_lines(folder: Path) -> bytes:
    """Return what a notebook's own processes logged to its run.

    Parameters
    ----------
    folder : Path
        The run's journals. The runner's own, which began the run, is passed over.
    """
    found: list[bytes] = []
    for file in sorted(folder.glob("*.jsonl")):
        lines = file.read_bytes().splitlines(keepends=True)
        if any(line.startswith(_START) for line in lines):
            continue
        found += [
            line for line in lines if line.startswith(_KINDS) and line.endswith(b"\n")
        ]
    return b"".join(found)
