"""Models are registered, promoted and found; nothing of it can be half done."""

import dataclasses
import math
import multiprocessing
import os
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from jupyter_mlops import errors
from jupyter_mlops.ids import new_run_id
from jupyter_mlops.records import (
    ArtifactRecord,
    Kind,
    MetricSummary,
    RunRecord,
    Status,
)
from jupyter_mlops.registry import GateResult, Identity, Registry, binding_of
from jupyter_mlops.store.blobs import Blobs
from jupyter_mlops.store.layout import Layout

ANN = Identity("ann", "told")


class Gate:
    def __init__(self, name, passed):
        self.name = name
        self.passed = passed

    def __call__(self, version):
        return GateResult(gate=self.name, passed=self.passed, detail="because")


def test_versions_count_up(registry, binding):
    first = registry.register("churn", binding(1), note="first", by=ANN)
    second = registry.register("churn", binding(2))
    assert (first.version, second.version) == (1, 2)
    assert (first.by, first.by_source, first.note) == ("ann", "told", "first")
    assert registry.versions("churn") == [first, second]
    assert registry.version("churn", 1) == first


def test_secret_in_a_note_or_a_reason_is_masked(registry, binding, layout):
    token = "ghp_" + "a8Kd02LmQpX7vBnT4cYsW1eRzU9iOj3HgFxN"
    registry.register("churn", binding(1), note=f"got with {token}")
    registry.promote("churn", 1, "champion", force=True, reason=f"token {token}")
    assert token not in layout.model_chain("churn").read_text()
    assert "<masked:github-token>" in registry.version("churn", 1).note


def test_same_bytes_register_once(registry, binding):
    first = registry.register("churn", binding(1))
    assert registry.register("churn", binding(1)) == first
    assert len(registry.history("churn")) == 1


def test_same_bytes_of_another_run(registry, binding):
    one = dataclasses.replace(binding(1), run_id=new_run_id())
    two = dataclasses.replace(binding(1), run_id=new_run_id())
    versions = [registry.register("churn", item).version for item in (one, two, one)]
    assert versions == [1, 2, 1]


def test_version_binds_its_run(registry, blobs):
    artifact = ArtifactRecord(
        name="clf", format="file", digest=blobs.put_bytes(b"x"), size=1
    )
    run = RunRecord(
        run_id=new_run_id(),
        name="train",
        experiment="churn",
        kind=Kind.CELL,
        status=Status.FINISHED,
        started=datetime.now(UTC),
        environment=blobs.put_bytes(b"{}"),
        params={"C": 0.1, "deep": {"rate": math.inf}, "names": ["a"]},
        metrics={
            "auc": MetricSummary(count=1, last=0.9, min=0.9, max=0.9),
            "nan": MetricSummary(count=1, last=math.nan, min=0, max=0),
        },
    )
    bound = binding_of(artifact, blobs, run=run, data={"t": "0" * 64}, loader="io:open")
    registry.register("churn", bound)
    found = registry.version("churn", 1)
    assert found.run_id == run.run_id
    assert found.params == run.params
    assert found.metrics["auc"] == 0.9
    assert math.isnan(found.metrics["nan"])
    assert found.environment == run.environment
    assert found.data == {"t": "0" * 64}
    assert registry.verify("churn") == 0


def test_new_process_reads_the_same(registry, binding, layout, blobs):
    registry.register("churn", binding(1))
    registry.promote("churn", 1, "champion")
    again = Registry(layout, blobs)
    assert again.versions("churn") == registry.versions("churn")
    assert again.find("models:/churn@champion") == registry.find("models:/churn/1")


def test_models_in_one_line_each(registry, binding):
    for number in range(3):
        registry.register("churn", binding(number))
    registry.register("fraud", binding(9))
    registry.promote("churn", 2, "champion")
    churn, fraud = registry.models()
    assert (churn.name, churn.versions, churn.aliases) == ("churn", 3, {"champion": 2})
    assert churn.latest.version == 3
    assert fraud.aliases == {}


def test_alias_moves_and_goes(registry, binding):
    registry.register("churn", binding(1))
    registry.register("churn", binding(2))
    registry.promote("churn", 1, "champion", by=ANN)
    moved = registry.promote("churn", 2, "champion", by=ANN)
    assert moved.record.aliases == ("champion",)
    assert registry.by_alias("churn", "champion").version == 2
    assert registry.version("churn", 1).aliases == ()
    registry.remove_alias("churn", "champion", by=ANN)
    with pytest.raises(errors.AliasNotFoundError):
        registry.by_alias("churn", "champion")
    kinds = [event.kind for event in registry.history("churn")]
    assert kinds == ["registered"] * 2 + ["alias_set"] * 2 + ["alias_removed"]


def test_gate_refuses_and_is_recorded(registry, binding):
    registry.register("churn", binding(1))
    gates = [Gate("auc", True), Gate("size", False)]
    with pytest.raises(errors.PromotionRefusedError, match="size: because"):
        registry.promote("churn", 1, "champion", gates=gates)
    assert registry.models()[0].aliases == {}
    last = registry.history("churn")[-1]
    assert last.kind == "refused"
    assert [item["passed"] for item in last.fields["gates"]] == [True, False]


def test_force_needs_a_reason(registry, binding):
    registry.register("churn", binding(1))
    gates = [Gate("size", False)]
    with pytest.raises(errors.InvalidInputError, match="reason"):
        registry.promote("churn", 1, "champion", gates=gates, force=True)
    registry.promote("churn", 1, "champion", gates=gates, force=True, reason="demo")
    last = registry.history("churn")[-1].fields
    assert (last["forced"], last["reason"]) == (True, "demo")


def test_broken_gate_is_not_passed(registry, binding):
    registry.register("churn", binding(1))
    gate = Gate("broken", True)
    gate.__class__ = type("Broken", (Gate,), {"__call__": lambda self, version: 1 / 0})
    with pytest.raises(errors.PromotionRefusedError, match="ZeroDivisionError"):
        registry.promote("churn", 1, "champion", gates=[gate])


def test_wrong_names_are_helped(registry, binding):
    with pytest.raises(errors.ModelNotFoundError, match="None is yet"):
        registry.versions("churn")
    registry.register("churn", binding(1))
    registry.promote("churn", 1, "champion")
    with pytest.raises(errors.ModelNotFoundError, match="mean 'churn'"):
        registry.find("models:/chrun/1")
    with pytest.raises(errors.VersionNotFoundError, match="up to 1"):
        registry.promote("churn", 7, "champion")
    with pytest.raises(errors.AliasNotFoundError, match="mean 'champion'"):
        registry.by_alias("churn", "champoin")


@pytest.mark.parametrize("name", ["../evil", "a/b", "", ".hidden", "a\0b"])
def test_escaping_names_are_refused(registry, binding, layout, name):
    bound = binding(1)
    with pytest.raises(errors.InvalidNameError):
        registry.register(name, bound)
    registry.register("churn", bound)
    with pytest.raises(errors.InvalidNameError):
        registry.promote("churn", 1, name)
    assert sorted(os.listdir(layout.registry)) == ["churn.jsonl", "churn.lock"]


def test_missing_bytes_are_not_registered(registry, binding, blobs):
    bound = binding(1)
    os.unlink(blobs.where(blobs.files(bound.files)[0].digest))
    with pytest.raises(errors.BlobNotFoundError):
        registry.register("churn", bound)
    assert registry.models() == []


def test_renamed_history_is_noticed(registry, binding, layout):
    registry.register("churn", binding(1))
    layout.model_chain("churn").rename(layout.model_chain("fraud"))
    with pytest.raises(errors.ChainBrokenError, match="renamed or replaced"):
        registry.versions("fraud")


def test_torn_history_warns_and_heals(registry, binding, layout):
    registry.register("churn", binding(1))
    with layout.model_chain("churn").open("ab") as file:
        file.write(b'{"alias":"cham')
    assert registry.verify("churn") == 14
    with pytest.warns(errors.MlopsWarning, match="torn by a crash"):
        registry.promote("churn", 1, "champion")
    assert registry.verify("churn") == 0
    assert registry.by_alias("churn", "champion").version == 1


def test_reading_needs_no_writing(registry, binding, layout, blobs):
    registry.register("churn", binding(1))
    before = sorted(os.listdir(layout.registry))
    reader = Registry(layout, blobs)
    assert reader.models()[0].versions == 1
    assert reader.history("churn")[0].kind == "registered"
    assert sorted(os.listdir(layout.registry)) == before


def promote_often(project, version, barrier):
    layout = Layout(project)
    registry = Registry(layout, Blobs(layout.blobs))
    barrier.wait()
    for _ in range(5):
        with suppress(errors.PromotionRefusedError):
            registry.promote("churn", version, "champion", by=f"process {version}")


def test_two_processes_promote_at_once(registry, binding, layout):
    registry.register("churn", binding(1))
    registry.register("churn", binding(2))
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(2)
    workers = [
        spawn.Process(target=promote_often, args=(layout.project, version, barrier))
        for version in (1, 2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    tries = registry.history("churn")[2:]
    assert sorted(e.fields["version"] for e in tries) == [1] * 5 + [2] * 5
    last = [e for e in tries if e.kind == "alias_set"][-1].fields["version"]
    assert registry.by_alias("churn", "champion").version == last


def register_in_child(project, step):
    """Die right before or after the named step of registering."""
    from jupyter_mlops.registry import chain

    from .conftest import make_binding

    layout = Layout(project)
    blobs = Blobs(layout.blobs)
    bound = make_binding(blobs)
    targets = {
        "put": (blobs, "put_bytes"),
        "settle": (blobs, "settle"),
        "write": (chain, "_write"),
    }
    when, name = step.split()
    owner, attribute = targets[name]
    real = getattr(owner, attribute)

    def dying(*args):
        if when == "after":
            real(*args)
        os._exit(9)

    setattr(owner, attribute, dying)
    Registry(layout, blobs).register("churn", bound)


@pytest.mark.parametrize(
    "step",
    ["before put", "after put", "after settle", "before write", "after write"],
)
def test_crash_is_done_or_not(registry, binding, layout, step):
    pid = os.fork()
    if pid == 0:
        try:
            register_in_child(layout.project, step)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    done = len(registry.models())
    assert done == (1 if step == "after write" else 0)
    assert registry.register("churn", binding()).version == 1
    assert len(registry.history("churn")) == 1
