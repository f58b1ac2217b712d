"""Entries of the ledger made again from what runs recorded: journals are the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.steps.attempt import OBSERVATION
from jupyter_mlops.pipeline.steps.made import values_of
from jupyter_mlops.pipeline.versions.facts import Facts
from jupyter_mlops.pipeline.versions.ledger import Entry, KeptOutput
from jupyter_mlops.pipeline.versions.trace import Trace

if TYPE_CHECKING:
    from jupyter_mlops.tracking.recorded import RecordedRun


def entry_of_run(recorded: RecordedRun) -> Entry | None:
    """Make a run's entry again, None when it cannot stand for a later one."""
    told = recorded.observations.get(OBSERVATION)
    if not isinstance(told, dict) or not told.get("trace"):
        return None
    try:
        facts = Facts.from_json(told["facts"])
        trace = Trace.from_json(told["trace"])
        outputs = {
            name: _output(recorded, name, path) for name, path in facts.outputs.items()
        }
    except (KeyError, TypeError, AttributeError):
        # Of another version, or not all of it is there.
        return None
    if facts.key != told.get("key"):
        # Something of it was masked: it is not what it was.
        return None
    return Entry(
        key=facts.key,
        run_id=recorded.id,
        facts=facts,
        trace=trace,
        outputs=outputs,
        metrics=recorded.metrics,
        values=values_of(recorded),
        notes=list(told.get("notes", ())),
        seconds=recorded.record.seconds or 0.0,
    )


def _output(recorded: RecordedRun, name: str, path: str) -> KeptOutput:
    kept = recorded.artifacts[f"outputs/{name}"]
    return KeptOutput(
        path=path, digest=kept.digest, size=kept.size, is_folder=kept.is_folder
    )
