"""Checks that a promotion must pass: what one is, and how its answer is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.records import VersionRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """What one gate said about one version."""

    gate: str
    passed: bool
    detail: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the form in which it stands in a model's history."""
        return {"detail": self.detail, "gate": self.gate, "passed": self.passed}


class Gate(Protocol):
    """Anything that looks at a version and says whether it may pass."""

    @property
    def name(self) -> str:
        """What the gate is called in the history."""

    def __call__(self, version: VersionRecord, /) -> GateResult:
        """Judge a version."""


def run_gates(version: VersionRecord, gates: Iterable[Gate]) -> list[GateResult]:
    """Ask every gate; one that breaks has not been passed."""
    return [_answer(gate, version) for gate in gates]


def _answer(gate: Gate, version: VersionRecord) -> GateResult:
    try:
        return gate(version)
    except Exception as error:  # noqa: BLE001 - a gate runs a user's code
        detail = f"{type(error).__name__}: {error}"
        return GateResult(gate=gate.name, passed=False, detail=detail)
