"""One step as it was looked at: what it would run with, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.pipeline.spec.pipeline import Step
    from jupyter_mlops.pipeline.sweeps.space import Space
    from jupyter_mlops.pipeline.versions.facts import Facts
    from jupyter_mlops.pipeline.versions.ledger import Entry
    from jupyter_mlops.pipeline.versions.modules import LocalModules
    from jupyter_mlops.pipeline.versions.notebook import NotebookText

BEST = "best"
"""What a step that sweeps hands on: the values of its best point, by parameter."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """One step, looked at.

    Attributes
    ----------
    given : dict
        What its notebook is given.
    parameters : dict
        What it runs with: that over its literal defaults.
    inputs, outputs : dict
        Paths by name, relative to the pipeline's folder.
    local : LocalModules
        What its code imports and mentions.
    entry : Entry or None
        A run that stands for it.
    why : list of str
        Without one: why it must run.
    space : Space or None
        What it sweeps over, if it does.
    """

    step: Step
    notebook: NotebookText
    given: Mapping[str, Any]
    parameters: Mapping[str, Any]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    facts: Facts
    local: LocalModules
    executable: str
    entry: Entry | None = None
    why: list[str] = field(default_factory=list)
    space: Space | None = None

    def parameters_with(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what others see as its parameters: of a sweep, the best point's.

        Parameters
        ----------
        values : mapping
            What it handed on.
        """
        if self.space is None or BEST not in values:
            return self.parameters
        return {**self.parameters, **values[BEST]["json"]}
