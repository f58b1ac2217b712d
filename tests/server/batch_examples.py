"""Examples of what the routes of batch work send."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from jupyter_mlops.ids import RunId
from jupyter_mlops.pipeline.checkpoints.attach import AttachedKernel
from jupyter_mlops.pipeline.parameters import Parameter
from jupyter_mlops.pipeline.spec import Pipeline, Step
from jupyter_mlops.pipeline.steps.results import State, StepResult
from jupyter_mlops.pipeline.sweeps.results import PointResult, PointState, SweepResult
from jupyter_mlops.records import ErrorRecord, Kind, RunRecord, Status
from jupyter_mlops.server import wire
from jupyter_mlops.workspace.jobs import Job
from jupyter_mlops.workspace.livebooks import Page, ShownCell
from jupyter_mlops.workspace.liveruns import LiveCell, LiveRun
from jupyter_mlops.workspace.pipelinestates import (
    FoundPipeline,
    PipelineState,
    StepState,
)

BEGAN = datetime(2026, 11, 1, 18, 30, tzinfo=UTC)
MICROSECONDS = int(BEGAN.timestamp() * 1e6)
PROJECT = Path("/work/churn")
NIGHTLY = RunRecord(
    run_id=RunId("01m82pjmb3d26vmzmgvb2wnmbq"),
    name="nightly",
    experiment="nightly",
    kind=Kind.PARENT,
    status=Status.FAILED,
    started=BEGAN,
    ended=BEGAN.replace(minute=31),
)
TRAINED = RunRecord(
    run_id=RunId("01m82q8m46qaczxatv0zsna2ej"),
    name="train",
    experiment="nightly",
    kind=Kind.STEP,
    status=Status.FAILED,
    started=BEGAN,
    ended=BEGAN.replace(second=2),
    parent_id=NIGHTLY.run_id,
    notebook="train.ipynb",
    error=ErrorRecord(name="KeyError", value="'region'"),
)
RATE = Parameter(
    name="C",
    kind="float",
    default=0.5,
    has_default=True,
    default_source="0.5",
    help="strength",
)
TOKEN = Parameter(name="token", kind="str", default_source="", secret="name")
JOB = Job(
    id="01m82r0000qaczxatv0zsna2ej",
    kind="pipeline",
    target="pipeline.yaml",
    parameters={"train.C": 0.5, "token": "<masked:parameter>"},
    options={"until": "train"},
    by="ada",
    began=BEGAN.timestamp(),
    run=NIGHTLY.run_id,
    code=1,
    said="nightly failed",
)
PIPELINE = Pipeline(
    "nightly",
    [
        Step("prepare", "prepare.ipynb"),
        Step("train", "train.ipynb", after=("prepare",)),
    ],
    parameters={"days": 30},
    folder=PROJECT,
    file=PROJECT / "pipeline.yaml",
)
STATE = PipelineState(
    pipeline=PIPELINE,
    last=NIGHTLY,
    steps=[
        StepState(
            step=PIPELINE.steps[0],
            needs=[],
            result=StepResult(
                name="prepare",
                state=State.CACHED,
                metrics={"rows": 1200.0},
                run_id="01m82pjmb4d26vmzmgvb2wnmbq",
            ),
        ),
        StepState(
            step=PIPELINE.steps[1],
            needs=["prepare"],
            result=StepResult(name="train", state=State.RUNS, why=["cell 4 changed"]),
            attempt=TRAINED,
        ),
    ],
)
RUNNING = LiveRun(
    TRAINED.run_id,
    name="train",
    kind="notebook",
    notebook="train.ipynb",
    began=MICROSECONDS,
    planned=3,
    cells={
        0: LiveCell(0, "import pandas", "finished", MICROSECONDS, 0.5, count=1),
        1: LiveCell(1, "fit()", "running", MICROSECONDS + 500_000),
    },
    metrics={"auc": 0.75},
)
TEXT = {"output_type": "stream", "name": "stdout", "text": "epoch 1\n"}
PAGE = Page(
    run=RUNNING,
    seconds=12.5,
    left=30.0,
    seen=4,
    cells=[
        ShownCell(RUNNING.cells[0], []),
        ShownCell(RUNNING.cells[1], [TEXT], 42.5),
    ],
)
SWEEP = SweepResult(
    run_id=NIGHTLY.run_id,
    name="train",
    status=Status.RUNNING,
    metric="auc",
    shared=2,
    points=[
        PointResult(
            number=0,
            values={"C": 0.1, "kind": "rbf"},
            state=PointState.FINISHED,
            run_id=TRAINED.run_id,
            seconds=1.5,
            metrics={"auc": 0.75},
        ),
        PointResult(
            number=1,
            values={"C": 1, "kind": "rbf"},
            state=PointState.FAILED,
            seconds=0.5,
            why="ValueError: no",
        ),
        PointResult(number=2, values={"C": 10}, state=PointState.RUNNING),
    ],
)


def _from_root(path: str) -> str:
    return path.removeprefix(f"{PROJECT}/")


BATCH_EXAMPLES = {
    "Batch": wire.batch(
        [
            FoundPipeline(
                file=PROJECT / "pipeline.yaml", pipeline=PIPELINE, last=NIGHTLY
            ),
            FoundPipeline(
                file=PROJECT / "old/pipeline.yaml", problem="line 2: no 'steps'."
            ),
        ],
        [JOB],
        [NIGHTLY],
        _from_root,
        held=[TRAINED.run_id],
    ),
    "Job": wire.job(JOB, _from_root),
    "Cancelled": wire.cancelled(
        SimpleNamespace(run=SimpleNamespace(id=NIGHTLY.run_id), process=4711, job=JOB),
        _from_root,
    ),
    "Parameters": wire.parameters("train.ipynb", [RATE, TOKEN]),
    "Pipeline": wire.pipeline(STATE, "pipeline.yaml", JOB, {}, _from_root),
    "Live": wire.live(
        PAGE,
        None,
        "a1b2c3d4",
        is_held=False,
        pipeline=None,
        sweep=None,
        locate=_from_root,
    ),
    "Sweep": wire.sweep(SWEEP, NIGHTLY, 6, None, _from_root, is_resumable=True),
    "Attached": wire.attached(
        AttachedKernel(
            run=TRAINED.run_id,
            file=Path("/run/user/1000/kernels/kernel-1.json"),
            after=True,
            cells=4,
            process=4712,
            idle_minutes=30.0,
        ),
        kernel_id="4f1c",
        notebook="train-attached-zsna2ej.ipynb",
    ),
}
