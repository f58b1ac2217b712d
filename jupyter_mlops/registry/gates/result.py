"""What a gate is, and how its answer is kept."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_mlops.capture.masking import Masker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.records import VersionRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """What one gate said about one version.

    Attributes
    ----------
    key : str or None
        Of what the answer hangs on, when it need not be asked for again.
    run_id : str or None
        The run of a gate's notebook.
    is_cached : bool
        The answer is that of an earlier time.
    seconds : float
        How long it took.
    """

    gate: str
    passed: bool
    detail: str = ""
    key: str | None = None
    run_id: str | None = None
    is_cached: bool = False
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the form in which it stands in a model's history."""
        told: dict[str, Any] = {
            "detail": Masker().text(self.detail),
            "gate": self.gate,
            "passed": self.passed,
        }
        more = {"key": self.key, "run": self.run_id, "cached": self.is_cached or None}
        return told | {name: value for name, value in more.items() if value is not None}


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
    began = time.perf_counter()
    try:
        found = gate(version)
    except Exception as error:  # noqa: BLE001 - a gate runs a user's code
        detail = f"{type(error).__name__}: {error}"
        found = GateResult(gate=gate.name, passed=False, detail=detail)
    return replace(found, seconds=time.perf_counter() - began)
