"""A workspace as it was before some run began, for the rerun to look at.

What was there is linked or copied into a workspace of the rerun's own: it may be read
there and added to, and nothing of it reaches the user's.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.store.layout import Layout


def link_past(source: Layout, target: Layout, run: RunId, began: int) -> None:
    """Show the workspace `source` in `target` as it was before `run` began.

    Parameters
    ----------
    began : int
        When, in microseconds since 1970: later events of models are left out.
    """
    # Ids sort by time.
    for folder in sorted(source.journals.iterdir()):
        if folder.name < run and folder.is_dir():
            _link_files(folder, target.journals / folder.name)
    for folder in source.blobs.rglob("*"):
        if folder.is_dir():
            _link_files(folder, target.blobs / folder.relative_to(source.blobs))
    for chain in source.registry.glob("*.jsonl"):
        (target.registry / chain.name).write_bytes(_links_before(chain, began))


def _link_files(source: Path, target: Path) -> None:
    """Link each file, in a folder that may also take others."""
    target.mkdir(parents=True, exist_ok=True)
    for file in source.iterdir():
        if file.is_file():
            (target / file.name).symlink_to(file)


def _links_before(chain: Path, began: int) -> bytes:
    """Return the beginning of a model's history: a whole chain as well."""
    kept = []
    for line in chain.read_bytes().splitlines(keepends=True):
        try:
            if json.loads(line)["t"] >= began:
                break
        except (ValueError, KeyError, TypeError):
            break
        kept.append(line)
    return b"".join(kept)
