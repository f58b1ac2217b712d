"""How long cells may be expected to run: as long as they did in earlier runs."""

from __future__ import annotations

import statistics
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from jupyter_mlops.records import Status

if TYPE_CHECKING:
    from jupyter_mlops.workspace.workspace import Workspace

RUNS = 10
"""Earlier runs of a notebook that are looked at."""


def expected_seconds(workspace: Workspace, notebook: str) -> dict[str, float]:
    """Return the median time of each cell in the last runs of a notebook.

    Parameters
    ----------
    notebook : str
        Its path, as recorded.

    Returns
    -------
    dict
        Seconds by `cell_key`: of a cell that was edited nothing is known.
    """
    from jupyter_mlops.store.index import RunQuery

    quoted = notebook.replace("'", "''")
    words = f"notebook = '{quoted}' and kind in ('notebook', 'step')"
    table = workspace.run_table(RunQuery(filter=words, limit=RUNS))
    spans = defaultdict(list)
    for run_id in table.columns["run_id"]:
        for cell in workspace.store.index.cells(run_id):
            if cell.status is Status.FINISHED:
                spans[cell_key(cell.source)].append(cell.seconds)
    return {key: statistics.median(found) for key, found in spans.items()}


@lru_cache(maxsize=4096)
def cell_key(source: str) -> str:
    """Return the digest of a cell, without what does not count of its source."""
    from jupyter_mlops.pipeline.versions.code import read_code

    return read_code(source).digest
