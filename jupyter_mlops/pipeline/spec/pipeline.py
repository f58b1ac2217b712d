"""A pipeline as it was asked for: frozen values, texts in them not yet resolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILE_NAME = "pipeline.yaml"


@dataclass(frozen=True, kw_only=True)
class Retry:
    """How often a failed step is tried again, and after which waits.

    Attributes
    ----------
    times : int
        Further attempts, after the first.
    wait : float
        Seconds before the first of them.
    factor : float
        What each further wait is multiplied by.
    most : float
        Seconds that no wait exceeds.
    """

    times: int = 0
    wait: float = 1.0
    factor: float = 2.0
    most: float = 300.0

    def waits(self) -> Iterator[float]:
        """Give the wait before each further attempt."""
        wait = self.wait
        for _ in range(self.times):
            yield min(wait, self.most)
            wait *= self.factor


@dataclass(frozen=True, kw_only=True)
class Resources:
    """What a step takes of the machine: it bounds what runs beside it.

    Attributes
    ----------
    cpus : float
        Processors; 0 when not said.
    memory : int
        Bytes; 0 when not said.
    """

    cpus: float = 0.0
    memory: int = 0


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """What a step is run over, and what tells the best point, whose results it has.

    Attributes
    ----------
    grid : mapping
        Values by parameter: each combination is a point.
    over : mapping
        What `random` or `search` points are drawn from, by parameter.
    metric, goal : str
        What tells the best, and whether ``max`` or ``min`` of it; without a goal the
        metric's name tells.
    seed : int
        Of what is drawn.
    """

    metric: str
    grid: Mapping[str, Any] = field(default_factory=dict)
    over: Mapping[str, Any] = field(default_factory=dict)
    random: int = 0
    search: int = 0
    goal: str = ""
    seed: int = 0

    @property
    def values(self) -> dict[str, Any]:
        """What is swept over, by parameter."""
        return {**self.grid, **self.over}

    @property
    def is_grid(self) -> bool:
        """Whether each combination is a point."""
        return not (self.random or self.search)


@dataclass(frozen=True)
class Step:
    """One notebook of a pipeline.

    Texts in `parameters`, `inputs` and `when` may hold references to other steps:
    ``${train.metrics.auc}``, ``${prepare.outputs.features}``, ``${prepare.params.x}``,
    ``${prepare.values.x}``, and ``${params.x}`` to the pipeline's own parameters.

    Parameters
    ----------
    name : str
        Letters, digits, ``_`` and ``-``.
    notebook : str
        Its path, relative to the pipeline's folder.
    parameters : mapping
        Values by name; the notebook's cell tagged ``parameters`` declares them.
    inputs, outputs : mapping
        Paths of files or folders by name, relative to the pipeline's folder. The
        notebook gets each as a parameter of that name, if it declares one.
    after : tuple of str
        Steps that must have ended before, beside those that it refers to.
    retry : Retry
        What to do when it fails.
    cell_timeout, timeout : float or None
        Seconds that one cell, and the whole step, may take.
    when : str
        A condition, such as ``${train.metrics.auc} > 0.8``; else it is skipped.
    resources : Resources
        What it takes of the machine.
    kernel : str or None
        Which kernel; without it the notebook's own.
    cache : bool
        False: it runs each time.
    sweep : Sweep or None
        Run it over many values; its results are those of the best point.
    """

    name: str
    notebook: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    retry: Retry = field(default_factory=Retry)
    cell_timeout: float | None = None
    timeout: float | None = None
    when: str = ""
    resources: Resources = field(default_factory=Resources)
    kernel: str | None = None
    cache: bool = True
    description: str = ""
    sweep: Sweep | None = None


@dataclass(frozen=True)
class Pipeline:
    """Notebooks in order.

    Parameters
    ----------
    name : str
        Of its runs and their experiment.
    steps : sequence of Step
        Their order does not matter: who needs whom is told by references and paths.
    parameters : mapping
        Values that steps refer to as ``${params.x}``.
    folder : path, optional
        What paths are relative to; without it the working directory.
    file : Path, optional
        Where it was read from.

    Raises
    ------
    PipelineError
        When steps refer to what is not there, or need each other in a circle.

    Examples
    --------
    >>> pipeline = Pipeline(
    ...     "churn",
    ...     [
    ...         Step("prepare", "prepare.ipynb", outputs={"table": "out/table.csv"}),
    ...         Step("train", "train.ipynb", inputs={"table": "out/table.csv"}),
    ...     ],
    ... )
    """

    name: str
    steps: tuple[Step, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    folder: Path = field(default_factory=Path.cwd)
    file: Path | None = None
    description: str = ""

    def __post_init__(self) -> None:
        from jupyter_mlops.pipeline.spec.checks import check_pipeline

        object.__setattr__(self, "steps", tuple(self.steps))
        object.__setattr__(self, "folder", Path(self.folder).absolute())
        check_pipeline(self)

    @cached_property
    def by_name(self) -> dict[str, Step]:
        """The steps by name."""
        return {step.name: step for step in self.steps}

    @cached_property
    def needs(self) -> dict[str, list[str]]:
        """What must have ended before each step: see `pipeline.graph`."""
        from jupyter_mlops.pipeline.graph import needs_of_all

        return needs_of_all(self)

    @property
    def shown(self) -> str:
        """What to call it in errors: its file's name, else its own."""
        return self.file.name if self.file else f"The pipeline '{self.name}'"
