"""What runs a notebook's cells at a worker, with what the notebook may take there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.execution import CellWatcher
    from jupyter_mlops.pipeline.limits.budget import Limits
    from jupyter_mlops.tracking.run import Run


@dataclass
class BoundedCells:
    """Runs a notebook's cells within limits; a `NotebookExecutor`.

    Attributes
    ----------
    options : mapping
        ``kernel`` and ``timeout``, as `pipeline.runner.run_notebook` takes them.
    run : Run or None
        The notebook's, once it has begun.
    """

    path: Path
    engine: str
    limits: Limits
    options: Mapping[str, Any]
    run: Run | None = None

    @property
    def is_bounded(self) -> bool:
        """Whether there are limits at all."""
        return bool(self.limits.cpus or self.limits.memory)

    def execute(self, notebook: NotebookNode, watcher: CellWatcher) -> None:
        """Run the cells."""
        from jupyter_mlops.pipeline.engine import executor_within

        assert self.run is not None, "the runner begins the run first"
        executor = executor_within(
            self.run,
            self.path,
            self.engine,
            notebook=notebook,
            kernel=self.options.get("kernel") or "",
            timeout=self.options.get("timeout"),
            limits=self.limits,
        )
        executor.execute(notebook, watcher)
