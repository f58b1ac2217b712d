"""What a step sweeps over, checked, and what that adds to its version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.parameters import check_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.pipeline.parameters import DeclaredParameters
    from jupyter_mlops.pipeline.spec.pipeline import Step, Sweep
    from jupyter_mlops.pipeline.sweeps.space import Space
    from jupyter_mlops.records import JsonValue

_NAME = "sweep.{}"
"""No parameter is called so: the dot keeps them apart."""


def sweep_facts(sweep: Sweep, space: Space) -> dict[str, JsonValue]:
    """Return what counts, named as it is shown when it has changed."""
    found: dict[str, JsonValue] = {
        _NAME.format(name): value for name, value in space.to_json().items()
    }
    found[_NAME.format("metric")] = [sweep.metric, sweep.goal]
    if not sweep.is_grid:
        kind = "random" if sweep.random else "search"
        found[_NAME.format(kind)] = [sweep.random or sweep.search, sweep.seed]
    return found


def space_and_given(
    step: Step, declared: DeclaredParameters, wanted: Mapping[str, Any]
) -> tuple[Space | None, dict[str, Any]]:
    """Check what a step gets, and what it sweeps over, if it does."""
    if step.sweep is None:
        return None, check_parameters(declared, wanted)
    from jupyter_mlops.pipeline.sweeps.space import read_space

    return read_space(declared, step.sweep.values, wanted, is_grid=step.sweep.is_grid)
