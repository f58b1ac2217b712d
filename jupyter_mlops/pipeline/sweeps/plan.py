"""What a sweep runs: one notebook as it was when the sweep began, and how."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.execution import is_executable
from jupyter_mlops.pipeline.executors import check_engine, kernel_of
from jupyter_mlops.pipeline.limits.budget import Budget, Limits
from jupyter_mlops.pipeline.nbclient_executor import check_kernel
from jupyter_mlops.pipeline.source_notebook import SourceNotebook
from jupyter_mlops.pipeline.sweeps.space import Space, read_space
from jupyter_mlops.pipeline.versions.code import read_code
from jupyter_mlops.store import events

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_mlops.records import JsonValue


@dataclass(frozen=True, kw_only=True)
class SweepPlan:
    """What is run for each point.

    Attributes
    ----------
    fixed : dict
        Values that all points share, checked.
    limits : Limits
        What one point may take of the machine.
    timeout : int or None
        Seconds that a cell may take.
    output : Path or None
        A folder for the points' executed notebooks.
    """

    source: SourceNotebook
    space: Space
    fixed: Mapping[str, JsonValue]
    name: str
    experiment: str
    kernel: str
    engine: str
    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    timeout: int | None = None
    output: Path | None = None

    @classmethod
    def read(
        cls,
        path: str | os.PathLike[str],
        space: Mapping[str, Any],
        fixed: Mapping[str, Any],
        *,
        is_grid: bool,
        engine: str,
        name: str | None = None,
        experiment: str | None = None,
        kernel: str | None = None,
        jobs: int = 1,
        memory: int = 0,
        **options: Any,
    ) -> SweepPlan:
        """Read a notebook, and check all that is given for it.

        Raises
        ------
        NotebookNotFoundError, UnknownParameterError, InvalidParameterError
            As when it is run once.
        InvalidInputError
            When there is nothing to sweep over, or no such engine.
        """
        source = SourceNotebook.read(path)
        found, checked = read_space(source.parameters, space, fixed, is_grid=is_grid)
        check_engine(engine)
        kernel = kernel or kernel_of(source.node)
        check_kernel(kernel)
        return cls(
            source=source,
            space=found,
            fixed=checked,
            name=name or source.path.stem,
            experiment=experiment or source.path.stem,
            kernel=kernel,
            engine=engine,
            jobs=jobs,
            limits=Budget.of_machine(jobs=jobs).limits(Limits(memory=memory)),
            **options,
        )

    def fresh_source(self) -> SourceNotebook:
        """Return the notebook as it was read: running it uses it up."""
        return replace(self.source, node=copy.deepcopy(self.source.node))

    @property
    def shown(self) -> dict[str, JsonValue]:
        """The fixed values as they may be recorded: secrets are masked."""
        shown = self.source.parameters.effective(self.fixed)
        return {name: shown[name] for name in self.fixed}

    @property
    def secrets(self) -> dict[str, JsonValue]:
        """The secrets among what all points run with."""
        return self.source.parameters.secrets(self.fixed)

    @property
    def digest(self) -> str:
        """Equal for sweeps whose points may stand for each other's.

        Code and fixed values count; files that the notebook reads are not known.
        """
        cells = [
            read_code(cell.source, tags=tuple(cell.metadata.get("tags", ()))).digest
            for cell in self.source.node.cells
            if is_executable(cell)
        ]
        shown = self.source.parameters.effective(self.fixed)
        defaults = {**shown, **self.fixed}
        fixed = {k: v for k, v in defaults.items() if k not in self.space.by_name}
        told = [cells, events.to_json(fixed), self.kernel]
        text = json.dumps(told, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
