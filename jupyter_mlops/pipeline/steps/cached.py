"""The run of a step that did not have to run: written in one go, marked ``cached``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.capture.masking import Masker
from jupyter_mlops.ids import new_run_id
from jupyter_mlops.kinds import Kind, Status
from jupyter_mlops.store import events
from jupyter_mlops.tracking.handing import PREFIX
from jupyter_mlops.tracking.words import check_params, param_lines, tag_lines

if TYPE_CHECKING:
    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.steps.attempt import Room
    from jupyter_mlops.pipeline.steps.look import Look
    from jupyter_mlops.pipeline.versions.ledger import Entry

CACHED_TAG = "mlops.cached"


def record_cached(room: Room, look: Look, entry: Entry, said: list[str]) -> RunId:
    """Record that a step stands on an earlier run, with that one's metrics and values.

    Parameters
    ----------
    said : list of str
        What was done to its outputs.
    """
    masker = Masker()
    told = {
        "name": look.step.name,
        "experiment": room.planner.pipeline.name,
        "notebook": str(look.notebook.path),
    }
    lines = [
        events.encode(
            "start", **masker.texts(told), kind=str(Kind.STEP), parent=room.parent
        ),
        param_lines(check_params(look.parameters, masker)),
        tag_lines({CACHED_TAG: entry.run_id}),
        *(events.encode_metric(key, value, 0) for key, value in entry.metrics.items()),
        *(
            events.encode("observation", k=f"{PREFIX}{name}", v=events.to_json(value))
            for name, value in entry.values.items()
        ),
    ]
    for name, kept in entry.outputs.items():
        lines.append(events.encode("artifact", **kept.artifact_fields(name)))
    if said:
        lines.append(events.encode("observation", k="restored", v=masker.value(said)))
    lines.append(events.encode("end", status=str(Status.FINISHED)))
    run_id = new_run_id()
    journal = room.store.journal(run_id)
    journal.append(b"".join(lines))
    journal.close(wait=False)
    return run_id
