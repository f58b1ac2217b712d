"""Examples of what is sent of models: see test_examples."""

from datetime import UTC, datetime
from pathlib import Path

from jupyter_mlops.errors import ChainBrokenError
from jupyter_mlops.ids import Digest, RunId
from jupyter_mlops.records import (
    Kind,
    ModelEvent,
    ModelRecord,
    RunRecord,
    Status,
    VersionRecord,
)
from jupyter_mlops.registry import GateResult, Identity
from jupyter_mlops.registry.approvals import Demand
from jupyter_mlops.registry.cards import CardFacts, Carried, RecipeCell
from jupyter_mlops.registry.gates.spec import AliasRule, GateBook, GateSpec
from jupyter_mlops.registry.signatures import Signature
from jupyter_mlops.registry.signatures.signature import Column
from jupyter_mlops.server import wire
from jupyter_mlops.server.trials import About, Outcome, Trial
from jupyter_mlops.store.manifest import ManifestEntry
from jupyter_mlops.workspace.lineage import Lineage, LineageNode

MOMENT = datetime(2026, 11, 1, 18, 30, 0, 250_000, tzinfo=UTC)
DIGEST = Digest("ab" * 32)
FIRST = RunRecord(
    run_id=RunId("01m82pjmb3d26vmzmgvb2wnmbq"),
    name="forest",
    experiment="churn",
    kind=Kind.CELL,
    status=Status.FINISHED,
    started=MOMENT,
)
VERSION = VersionRecord(
    model="churn",
    version=1,
    digest=DIGEST,
    files=DIGEST,
    flavor="sklearn",
    flavor_meta={},
    size=36_600,
    registered=MOMENT,
    by="ada",
    run_id=FIRST.run_id,
    artifact="model",
    metrics={"auc": 0.75},
    params={"trees": 200},
    aliases=("champion",),
)
REFUSED = GateResult(gate="metrics.auc >= 0.9", passed=False, detail="it is 0.75")
BOOK = GateBook(
    file=Path("gates.yaml"),
    rules=(
        AliasRule(
            model="churn",
            alias="champion",
            gates=(GateSpec(name="metrics.auc >= 0.9"),),
            demand=Demand(count=1),
        ),
    ),
)
EVENTS = [
    ModelEvent(
        number=number,
        time=MOMENT,
        kind=kind,
        by="ada",
        by_source="jupyter",
        fields={"version": 1, **fields},
        digest=DIGEST,
    )
    for number, (kind, fields) in enumerate(
        [
            ("registered", {"note": "first"}),
            ("approved", {"alias": "champion", "reason": "seen"}),
            ("alias_set", {"alias": "champion", "gates": [REFUSED.to_json()]}),
            ("downloaded", {"purpose": "mlflow", "target": "https://models"}),
        ],
        start=1,
    )
]
FACTS = CardFacts(
    version=VERSION,
    run=FIRST,
    events=EVENTS,
    fields={"use": "Churn of next month."},
    recipe=[RecipeCell(source="fit(200)", ran_as=3, reasons=("asked for",))],
    lock="scikit-learn==1.7.0\n",
)
SIGNATURE = Signature(
    container="pandas.DataFrame",
    columns=(Column(name="age", kind="integer", dtype="int64", optional=True),),
)


def graph():
    found = Lineage()
    version = LineageNode(id="version:1", kind="version", label="churn 1")
    found.add(version)
    run = LineageNode(
        id="run:1", kind="run", label="forest", run_id=FIRST.run_id, cells=3
    )
    found.add(run, before=version.id)
    found.add(
        LineageNode(
            id="file:1", kind="file", label="churn.csv", digest=DIGEST, size=12
        ),
        before=run.id,
    )
    return found


def ended():
    about = About(
        verb="gates", workspace="", model="churn", version=1, alias="champion"
    )
    found = Trial("0123456789abcdef", about)
    found.work(lambda: Outcome(answers=[REFUSED]))
    return found


MODEL_EXAMPLES = {
    "Models": wire.models(
        [
            ModelRecord(
                name="churn", versions=1, latest=VERSION, aliases={"champion": 1}
            )
        ],
        {"fraud": ChainBrokenError("Line 2 of fraud was changed.")},
    ),
    "Versions": wire.versions(
        "churn", [VERSION], who=Identity("ada", "jupyter"), book=BOOK
    ),
    "VersionDetails": wire.version_details(
        FACTS,
        signature=SIGNATURE,
        approvals=EVENTS[1:2],
        files=[ManifestEntry(path="model.skops", digest=DIGEST, size=36_600)],
        exports=["mlflow", "onnx"],
    ),
    "History": wire.history(EVENTS),
    "Card": wire.card(
        "# churn, version 2\n",
        {"use": "Churn of next month."},
        {"limits": Carried("Not for companies.", 1)},
        {"use": "What it is for.", "limits": "Where it must not be used."},
    ),
    "Lineage": wire.lineage(graph()),
    "Trial": wire.trial(ended()),
}
