"""Checks that a promotion must pass."""

from jupyter_mlops.registry.gates.result import Gate, GateResult, run_gates

__all__ = ["Gate", "GateResult", "run_gates"]
