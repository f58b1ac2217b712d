"""The example payloads: what Python sends is what TypeScript's tests read.

``REMAKE_WIRE=1`` writes them anew after a shape was changed on purpose.
"""

import json
import math
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jupyter_mlops.errors import FilterSyntaxError
from jupyter_mlops.ids import Digest, RunId
from jupyter_mlops.records import (
    CellRecord,
    ErrorRecord,
    Kind,
    MetricSummary,
    RunRecord,
    Status,
)
from jupyter_mlops.server import wire
from jupyter_mlops.server.places import Place
from jupyter_mlops.server.routes.handler import json_bytes
from jupyter_mlops.server.statuses import error_json
from jupyter_mlops.store.index import (
    ExperimentRecord,
    KnownNames,
    MarkedCell,
    MetricCurve,
    MetricSeries,
    RunGroup,
    RunPage,
    SearchHit,
)
from jupyter_mlops.tracking.changes import Part, compare_values
from jupyter_mlops.tracking.codediff import CodePart, SourceCell, compare_code
from jupyter_mlops.tracking.datadiff import FileChange
from jupyter_mlops.tracking.difference import RunDifference
from jupyter_mlops.tracking.gitdiff import GitPart
from jupyter_mlops.tracking.outputdiff import compare_outputs
from jupyter_mlops.tracking.sidebyside import SideBySide
from jupyter_mlops.workspace.comparedshows import Picture, PicturePair, ShownPair
from jupyter_mlops.workspace.comparing import Comparison, TwoRuns
from tests.server.batch_examples import BATCH_EXAMPLES
from tests.server.modelexamples import MODEL_EXAMPLES
from tests.server.run_examples import RUN_EXAMPLES

WIRE = Path(__file__).parents[1] / "wire"
MOMENT = datetime(2026, 11, 1, 18, 30, 0, 250_000, tzinfo=UTC)
DIGEST = Digest("ab" * 32)


def summary(value):
    return MetricSummary(count=2, last=value, min=0.25, max=0.75)


FIRST = RunRecord(
    run_id=RunId("01m82pjmb3d26vmzmgvb2wnmbq"),
    name="forest",
    experiment="churn",
    kind=Kind.CELL,
    status=Status.FINISHED,
    started=MOMENT,
    ended=MOMENT.replace(second=2),
    notebook="work/churn.ipynb",
    cell_id="a1",
    note="deeper",
    params={"trees": 200, "kind": "gini", "sizes": [1, math.inf], "deep": None},
    metrics={"auc": summary(0.75), "odd": summary(math.nan)},
    tags={"team": "risk", "mlops.stamp": "edited since", "mlops.verify": "reproduced"},
)
SECOND = RunRecord(
    run_id=RunId("01m82q8m46qaczxatv0zsna2ej"),
    name="boosting",
    experiment="churn",
    kind=Kind.NOTEBOOK,
    status=Status.FAILED,
    started=MOMENT,
    parent_id=FIRST.run_id,
    error=ErrorRecord(name="KeyError", value="'region'"),
    params={"trees": 100},
    metrics={"auc": summary(-math.inf)},
)
HIT = SearchHit(
    run_id=FIRST.run_id,
    name="forest",
    experiment="churn",
    kind=Kind.CELL,
    status=Status.FINISHED,
    started=MOMENT,
    field="cell 0 source",
    snippet="trees = 200  # 🌲 forest",
    marks=((17, 23),),
)


def cell(source):
    return SourceCell(position=0, source=source)


def showed(text):
    output = {"output_type": "stream", "name": "stdout", "text": text}
    return CellRecord(
        position=0,
        source="",
        status=Status.FINISHED,
        began=MOMENT,
        seconds=0.5,
        outputs=[output],
    )


TWO = TwoRuns(
    RunDifference(
        before=FIRST,
        after=SECOND,
        outcome=compare_values({"status": "finished"}, {"status": "failed"}),
        code=compare_code([(cell("trees = 200\nfit()"), cell("trees = 100\nfit()"))]),
        recipe=CodePart(equal=3),
        params=Part(),
        metrics=Part(),
        tags=Part(),
        packages=compare_values({"pandas": "2.3.1"}, {"pandas": "3.0.0"}),
        git=GitPart(equal=2, lines=("@@ -0,0 +1 @@", "+++ fit.py")),
        environment=compare_values({"python": "3.12"}, {"python": "3.12"}),
        files=Part(
            changes=(FileChange(path="churn.csv", role="input", how="unknown"),)
        ),
        artifacts=Part(),
        outputs=compare_outputs([(showed("auc 0.75\n"), showed("auc 0.5\n"))], bytes),
        remarks=("Runs within are not compared.",),
    ),
    [ShownPair(*(showed(text).outputs[0] for text in ("auc 0.75\n", "auc 0.5\n")))],
    [
        PicturePair(
            "roc",
            Picture("image/png", 3, b"old"),
            Picture("image/png", 3_000_000, None),
        )
    ],
)
CURVE = MetricCurve(
    run_id=FIRST.run_id,
    key="loss",
    status=Status.RUNNING,
    began=1_790_000_000_000_000,
    total=1000,
    series=MetricSeries(
        steps=[0, 400, 401, 999],
        values=[2.0, math.nan, math.inf, 0.125],
        times=[1_790_000_000_000_000 + at * 250_000 for at in (0, 400, 401, 999)],
    ),
    means=[(250.0, 1.5), (750.0, 0.25)],
)
GROUP = RunGroup(key="churn", label="churn", count=2, extremes=(0.25, 0.75))
PAGE = RunPage(total=2, offset=0, runs=[FIRST, SECOND], groups=[GROUP])
FILTER = "metrics.auc >"
EXAMPLES = {
    "Status": wire.status("0.1.0"),
    "Workspaces": wire.workspaces(
        [Place("", "root"), Place("work/churn", "churn")], None, Place("", "root")
    ),
    "RunPage": wire.run_page(PAGE, str, {FIRST.run_id: HIT}, is_capped=True),
    "Names": wire.names(
        KnownNames(params=("trees",), metrics=("auc", "odd"), tags=("team",)),
        [ExperimentRecord(name="churn", run_count=2, last_started=MOMENT)],
    ),
    "Values": wire.values("params.kind", ["gini", "entropy"]),
    "Hits": wire.hits([HIT], is_capped=False),
    "Series": wire.series(CURVE),
    "Curves": wire.curves([CURVE], "step"),
    "Marks": wire.marks(
        [MarkedCell(run=FIRST, source="%%track forest\nfit(200)")],
        {"churn": {"auc": (0.25, 0.875)}},
        ("loss",),
    ),
    "Comparison": wire.comparison(
        Comparison(SideBySide([FIRST, SECOND], ("loss",)), ("gone",)), str
    ),
    "Difference": wire.difference(TWO, str),
    **MODEL_EXAMPLES,
    **BATCH_EXAMPLES,
    **RUN_EXAMPLES,
    "Changed": wire.changed("work/churn", ["runs", "models"]),
    "Problem": wire.problem("work/churn", "The index cannot be used."),
    "Error": error_json(FilterSyntaxError(FILTER, len(FILTER), "a value was expected")),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_is_what_is_sent(name):
    file = WIRE / f"{name}.json"
    sent = json.loads(json_bytes(EXAMPLES[name]))
    if os.environ.get("REMAKE_WIRE"):
        file.write_text(json.dumps(sent, indent=2, ensure_ascii=False) + "\n")
    assert json.loads(file.read_text()) == sent


def test_no_example_is_left_over():
    assert {file.stem for file in WIRE.glob("*.json")} == set(EXAMPLES)
