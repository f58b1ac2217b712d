"""What runs a step's cells, with what the step may take of the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.limits.budget import Limits

if TYPE_CHECKING:
    from jupyter_mlops.pipeline.execution import NotebookExecutor
    from jupyter_mlops.pipeline.limits.budget import Budget
    from jupyter_mlops.pipeline.spec.pipeline import Step
    from jupyter_mlops.pipeline.steps.look import Look
    from jupyter_mlops.tracking.run import Run


@dataclass(frozen=True, kw_only=True)
class StepExecutors:
    """Makes the executor of a step; a `MakeExecutor`.

    Attributes
    ----------
    engine : str
        ``worker`` or ``nbclient``; see `pipeline.executors.executor_for`.
    budget : Budget
        What all steps may take together.
    """

    engine: str
    budget: Budget

    def __call__(self, run: Run, look: Look) -> NotebookExecutor:
        """Make it; the run's record says which engine it came to."""
        from jupyter_mlops.pipeline.engine import executor_within

        return executor_within(
            run,
            look.notebook.path,
            self.engine,
            kernel=look.facts.kernel,
            timeout=look.step.cell_timeout,
            limits=self.budget.limits(limits_of(look.step)),
        )


def limits_of(step: Step) -> Limits:
    """Return what a step asks for."""
    return Limits(cpus=step.resources.cpus, memory=step.resources.memory)
