"""Examples of what the route of one run sends."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

from jupyter_mlops.ids import Digest, RunId
from jupyter_mlops.records import (
    ArtifactRecord,
    CellRecord,
    ErrorRecord,
    FileRecord,
    Kind,
    MetricSummary,
    RunRecord,
    Status,
)
from jupyter_mlops.server import wire
from jupyter_mlops.tracking.stamps import RunStamp
from jupyter_mlops.workspace.jobs import Job
from jupyter_mlops.workspace.rundetails import (
    RecipeCell,
    RunDetails,
    RunRecipe,
    RunVerdict,
)

BEGAN = datetime(2026, 11, 1, 18, 30, 0, 250_000, tzinfo=UTC)
DIGEST = Digest("ab" * 32)
BATCH = RunRecord(
    run_id=RunId("01m82q8m46qaczxatv0zsna2ej"),
    name="nightly",
    experiment="churn",
    kind=Kind.NOTEBOOK,
    status=Status.FAILED,
    started=BEGAN,
    error=ErrorRecord(name="KeyError", value="'region'"),
)
FOREST = RunRecord(
    run_id=RunId("01m82pjmb3d26vmzmgvb2wnmbq"),
    name="forest",
    experiment="churn",
    kind=Kind.CELL,
    status=Status.FINISHED,
    started=BEGAN,
    ended=BEGAN.replace(second=2),
    parent_id=BATCH.run_id,
    notebook="work/churn.ipynb",
    cell_id="a1",
    note="deeper",
    params={"trees": 200},
    metrics={"auc": MetricSummary(count=2, last=0.75, min=0.25, max=0.75)},
    tags={"team": "risk", "mlops.verify": "differs"},
)
CELL = CellRecord(
    position=0,
    source="%%track forest\nfit(200)",
    status=Status.FINISHED,
    began=BEGAN,
    seconds=1.75,
    cell_id="a1",
    execution_count=7,
    outputs=[
        {
            "output_type": "stream",
            "name": "stdout",
            "text": {"blob": DIGEST, "size": 9},
        },
        {"output_type": "display_data", "data": {"text/plain": "0"}, "metadata": {}},
    ],
)
RECORDED = SimpleNamespace(
    record=FOREST,
    is_archived=False,
    cells=[CELL],
    artifacts={
        "model": ArtifactRecord(name="model", format="model", digest=DIGEST, size=900)
    },
    files=[FileRecord(path="work/train.csv", role="read", digest=DIGEST, size=100)],
    children=[],
)
DETAILS = RunDetails(
    run=RECORDED,
    parent=BATCH,
    stamp=RunStamp({"line": "edited since", "stale": ["Cell [3] was edited."]}),
    verdict=RunVerdict(
        word="differs",
        summary="differs in metric auc",
        differences=("metric auc: 0.75, was 0.5",),
        hints=("No seed was set.",),
        traceback="",
        digest=DIGEST,
    ),
    recipe=RunRecipe(
        cells=(
            RecipeCell(
                source="import fits", ran_as=3, cell_id="a0", reasons=("imports fits",)
            ),
        ),
        warnings=("Cell [3] reads a clock.",),
    ),
    environment={"python": {"version": "3.11.7"}, "packages": {"numpy": "2.4.6"}},
    git={"commit": "ab" * 20, "dirty": True, "diff": DIGEST},
    models=("RandomForestClassifier (n_estimators=200)",),
)
RUN_EXAMPLES = {
    "RunDetails": wire.run_details(DETAILS, str),
    "VerificationJob": wire.verification_job(
        Job(
            id="01m82q8m46qaczxatv0zsna2ej",
            kind="verify",
            target=FOREST.run_id,
            by="ada",
            began=BEGAN.timestamp(),
            code=1,
            said="It keeps nothing that it could be done again with.",
        ),
        str,
    ),
}
