"""What an attempt at a step made, as values that may come from another process."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.versions.ledger import Entry, KeptOutput
from jupyter_mlops.pipeline.versions.trace import Trace

if TYPE_CHECKING:
    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.steps.look import Look


@dataclass(frozen=True, kw_only=True)
class Made:
    """What an attempt that went well left.

    Attributes
    ----------
    trace : Trace or None
        None when the run cannot stand for a later one; `notes` say why.
    notes, said : list of str
        What is to be said of it, whenever it stands for another one; and of this run
        alone.
    """

    run_id: RunId
    trace: Trace | None
    outputs: dict[str, KeptOutput]
    notes: list[str]
    seconds: float
    said: list[str] = field(default_factory=list)


def told_of(made: Made) -> dict[str, Any]:
    """Return what an attempt left as plain values."""
    return {**asdict(made), "trace": made.trace.to_json() if made.trace else None}


def made_of(told: dict[str, Any]) -> Made:
    """Make it again of what `told_of` returned."""
    trace = told["trace"]
    outputs = {name: KeptOutput(**kept) for name, kept in told["outputs"].items()}
    found = {
        **told,
        "trace": Trace.from_json(trace) if trace is not None else None,
        "outputs": outputs,
    }
    return Made(**found)


def entry_of(made: Made, look: Look, recorded: Any) -> Entry | None:
    """Make the ledger's entry of a run that went well, None when it must not have one.

    Parameters
    ----------
    recorded : RecordedRun
        The run, for its metrics and values.
    """
    if made.trace is None:
        return None
    return Entry(
        key=look.facts.key,
        run_id=made.run_id,
        facts=look.facts,
        trace=made.trace,
        outputs=made.outputs,
        metrics=dict(recorded.metrics),
        values=values_of(recorded),
        notes=made.notes,
        seconds=made.seconds,
    )


def values_of(recorded: Any) -> dict[str, Any]:
    """Return what a run handed on by `set_output`, objects with their digests."""
    from jupyter_mlops.tracking.handing import FOLDER, PREFIX

    found = {}
    for name, told in recorded.observations.items():
        if name.startswith(PREFIX) and isinstance(told, dict):
            value = dict(told)
            artifact = recorded.artifacts.get(f"{FOLDER}/{name.removeprefix(PREFIX)}")
            if "uri" in value and artifact is not None:
                value["digest"] = artifact.digest
            found[name.removeprefix(PREFIX)] = value
    return found
