"""Which gates a model must pass for which alias: what ``gates.yaml`` says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.registry.approvals import Demand

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.gates.expression import Expression

FILE_NAME = "gates.yaml"
ANY = "*"


@dataclass(frozen=True, kw_only=True)
class GateSpec:
    """One gate: an expression, a schema of a dataset, or a notebook.

    Attributes
    ----------
    dataset : str or None
        A file beside ``gates.yaml``, ``runs:/…``, or what the version's run keeps.
    target : str or None
        The column with what is to be predicted.
    positive : JSON value
        Which of two classes is the one that counts; 1 unless it is said.
    schema : str or None
        A file that pandera reads.
    notebook : str or None
        Run with the version as its parameter ``model``.
    timeout : int or None
        Seconds that a cell of the notebook may take.
    """

    name: str
    check: Expression | None = None
    schema: str | None = None
    notebook: str | None = None
    dataset: str | None = None
    target: str | None = None
    positive: Any = 1
    parameters: dict[str, Any] = field(default_factory=dict)
    timeout: int | None = None

    @property
    def kind(self) -> str:
        """``expression``, ``schema`` or ``notebook``."""
        if self.notebook is not None:
            return "notebook"
        return "schema" if self.schema is not None else "expression"


@dataclass(frozen=True, kw_only=True)
class AliasRule:
    """What stands under one alias of one model; either may be any."""

    model: str
    alias: str
    gates: tuple[GateSpec, ...] = ()
    demand: Demand | None = None

    def holds_for(self, model: str, alias: str | None) -> bool:
        """Tell whether it is about an alias of a model; None stands for every one."""
        is_alias = alias is None or self.alias in (ANY, alias)
        return self.model in (ANY, model) and is_alias


@dataclass(frozen=True, kw_only=True)
class GateBook:
    """All of ``gates.yaml``.

    Attributes
    ----------
    file : Path
        Where it is, or would be; paths in it start from its folder.
    """

    file: Path
    rules: tuple[AliasRule, ...] = ()

    def gates(self, model: str, alias: str | None) -> list[GateSpec]:
        """Return the gates for an alias of a model, each once, in their order."""
        found = {
            gate.name: gate
            for rule in self.rules
            if rule.holds_for(model, alias)
            for gate in rule.gates
        }
        return list(found.values())

    def demand(self, model: str, alias: str) -> Demand | None:
        """Return how many people must approve: the strictest of what is said.

        Raises
        ------
        InvalidInputError
            When names are to come from two sources at once.
        """
        found = [
            rule.demand
            for rule in self.rules
            if rule.demand is not None and rule.holds_for(model, alias)
        ]
        if not found:
            return None
        sources = sorted({one.source for one in found if one.source is not None})
        if len(sources) > 1:
            raise InvalidInputError(
                f"{self.file} asks for approvals for {model}@{alias} by names of "
                f"{' and of '.join(sources)}; name one source.",
                model=model,
                alias=alias,
                sources=sources,
            )
        return Demand(
            source=sources[0] if sources else None,
            count=max(one.count for one in found),
            own=all(one.own for one in found),
            told=all(one.told for one in found),
        )

    def aliases(self, model: str) -> list[str]:
        """Return the aliases of a model that it names."""
        return [
            rule.alias
            for rule in self.rules
            if rule.model in (ANY, model) and rule.alias != ANY
        ]
