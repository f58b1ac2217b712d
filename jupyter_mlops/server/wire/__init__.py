"""The JSON that the sidebar reads: every shape is made here, and nowhere else.

Times are ISO 8601 in UTC; NaN and infinities their names, since JSON has no numbers
for them; a shape's name here is its name in openapi.json and in TypeScript.
"""

from jupyter_mlops.server.wire.batch import attached, batch, job, parameters
from jupyter_mlops.server.wire.compare import comparison, difference
from jupyter_mlops.server.wire.details import (
    artifact,
    cell,
    file,
    recipe,
    run_details,
    verdict,
)
from jupyter_mlops.server.wire.live import live
from jupyter_mlops.server.wire.marks import mark, marks
from jupyter_mlops.server.wire.messages import changed, problem
from jupyter_mlops.server.wire.models import model, models, version, versions
from jupyter_mlops.server.wire.pipelines import pipeline
from jupyter_mlops.server.wire.registry import (
    answers,
    card,
    history,
    lineage,
    trial,
    version_details,
)
from jupyter_mlops.server.wire.runactions import (
    cancelled,
    pushed,
    saved_notebook,
    verification_job,
)
from jupyter_mlops.server.wire.runs import group, hits, names, run, run_page, values
from jupyter_mlops.server.wire.series import curve, curves, series
from jupyter_mlops.server.wire.sweeps import sweep
from jupyter_mlops.server.wire.workspaces import place, status, workspaces

__all__ = [
    "answers",
    "artifact",
    "attached",
    "batch",
    "cancelled",
    "card",
    "cell",
    "changed",
    "comparison",
    "curve",
    "curves",
    "difference",
    "file",
    "group",
    "history",
    "hits",
    "job",
    "lineage",
    "live",
    "mark",
    "marks",
    "model",
    "models",
    "names",
    "parameters",
    "pipeline",
    "place",
    "problem",
    "pushed",
    "recipe",
    "run",
    "run_details",
    "run_page",
    "saved_notebook",
    "series",
    "status",
    "sweep",
    "trial",
    "values",
    "verdict",
    "verification_job",
    "version",
    "version_details",
    "versions",
    "workspaces",
]
