"""Approvals, refusals, versions laid aside: each an event, none half done."""

from __future__ import annotations

import multiprocessing

import pytest

from jupyter_mlops import errors
from jupyter_mlops.registry import GateResult, Identity, Registry
from jupyter_mlops.registry.approvals import Demand
from jupyter_mlops.store.blobs import Blobs
from jupyter_mlops.store.layout import Layout

ANN, BOB, CAT = (Identity(name, "system") for name in ("ann", "bob", "cat"))
TWO = Demand(count=2)


class Gate:
    name = "gate"

    def __init__(self, passed=True, meanwhile=lambda: None):
        self.passed = passed
        self.meanwhile = meanwhile

    def __call__(self, version):
        self.meanwhile()
        return GateResult(gate=self.name, passed=self.passed, detail="because")


@pytest.fixture
def churn(registry, binding):
    """Three versions of ann's."""
    for number in range(3):
        registry.register("churn", binding(number), by=ANN)
    return registry


def approvals(registry, version=1, alias="champion", demand=TWO):
    try:
        found = registry.promote("churn", version, alias, demand=demand, by=ANN)
    except errors.PromotionRefusedError as error:
        return False, error.answers[-1].detail
    return True, found.answers[-1].detail


def test_people_must_be_different_and_others(churn):
    approve = churn.standing.approve
    assert approvals(churn) == (False, "0 of 2")
    approve("churn", 1, by=BOB)
    approve("churn", 1, by=BOB, reason="again")
    approve("churn", 1, by=ANN)
    said = "1 of 2: bob; not counted: ann registered it"
    assert approvals(churn) == (False, said)
    approve("churn", 1, by=CAT, alias="champion")
    assert approvals(churn)[0] is True
    assert approvals(churn, demand=Demand(count=3, own=True))[0] is True
    assert approvals(churn, version=2)[0] is False


def test_approval_for_another_alias_does_not_count(churn):
    churn.standing.approve("churn", 1, by=BOB, alias="shadow")
    assert approvals(churn, demand=Demand(count=1))[0] is False
    assert approvals(churn, alias="shadow", demand=Demand(count=1))[0] is True


def test_approval_can_be_taken_back(churn):
    churn.standing.approve("churn", 1, by=BOB)
    churn.standing.approve("churn", 1, by=BOB, withdraw=True)
    assert approvals(churn, demand=Demand(count=1)) == (False, "0 of 1")


def test_one_cannot_approve_as_many(churn):
    for name in ("bob", "cat"):
        churn.standing.approve("churn", 1, by=ANN, approver=name)
    passed, said = approvals(churn)
    assert passed is False
    assert "that of bob was entered by ann" in said
    assert approvals(churn, demand=Demand(count=2, told=True))[0] is True
    # Their own word later replaces what was entered for them.
    for person in (BOB, CAT):
        churn.standing.approve("churn", 1, by=person)
    churn.standing.approve("churn", 1, by=ANN, approver="bob")
    assert approvals(churn)[0] is True


def test_one_person_of_two_names_counts_once(churn):
    approve = churn.standing.approve
    approve("churn", 1, by=BOB)
    approve("churn", 1, by=Identity("robert", "jupyter"))
    passed, said = approvals(churn)
    assert passed is False
    assert said == (
        "1 of 2: bob (system); not counted: robert (jupyter) may be one of those by "
        "another name"
    )
    approve("churn", 1, by=Identity("cathy", "jupyter"))
    passed, said = approvals(churn)
    assert passed is True
    assert said.startswith("2 of 2: robert (jupyter), cathy (jupyter); not counted")
    assert "take care: ann (system), who registered it, may be" in said


def test_names_must_come_from_the_source_that_is_asked(churn):
    approve = churn.standing.approve
    asked = Demand(count=1, source="jupyterhub")
    approve("churn", 1, by=BOB)
    assert approvals(churn, demand=asked) == (
        False, "0 of 1; not counted: bob is a name of system, not of jupyterhub",
    )  # fmt: skip
    approve("churn", 1, by=Identity("cathy", "jupyterhub"))
    assert approvals(churn, demand=asked)[0] is True


def test_entered_approval_counts_with_its_enterers_source(churn):
    told = Demand(count=2, told=True)
    churn.standing.approve("churn", 1, by=BOB, approver="cat")
    churn.standing.approve("churn", 1, by=BOB)
    assert approvals(churn, demand=told)[0] is True


def test_forced_promotion_says_so_for_ever(churn):
    moved = churn.promote(
        "churn", 1, "champion", gates=[Gate(passed=False)], demand=TWO, force=True,
        reason="demo", by=BOB,
    )  # fmt: skip
    assert moved.record.aliases == ("champion",)
    last = churn.history("churn")[-1]
    assert (last.kind, last.fields["forced"], last.by) == ("alias_set", True, "bob")
    assert [one["passed"] for one in last.fields["gates"]] == [False, False]


def test_who_was_slower_is_refused(churn):
    churn.promote("churn", 1, "champion", by=ANN)
    faster = Gate(meanwhile=lambda: churn.promote("churn", 2, "champion", by=BOB))
    for is_forced in (False, True):
        with pytest.raises(errors.PromotionRefusedError, match="bob was faster"):
            churn.promote(
                "churn", 3, "champion", gates=[faster], by=CAT, force=is_forced,
                reason="r",
            )  # fmt: skip
        churn.promote("churn", 1, "champion", by=ANN)
    kinds = [event.kind for event in churn.history("churn")][3:]
    assert kinds == ["alias_set", "alias_set", "refused", "alias_set"] * 1 + [
        "alias_set", "refused", "alias_set",
    ]  # fmt: skip


def promote_at_once(project, version, barrier):
    layout = Layout(project)
    registry = Registry(layout, Blobs(layout.blobs))
    gate = Gate(meanwhile=barrier.wait)
    try:
        registry.promote("churn", version, "champion", gates=[gate])
    except errors.PromotionRefusedError:
        raise SystemExit(7) from None


def test_of_two_at_once_one_wins(churn, layout):
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(2)
    workers = [
        fork.Process(target=promote_at_once, args=(layout.project, version, barrier))
        for version in (1, 2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(worker.exitcode for worker in workers) == [0, 7]
    won, lost = churn.history("churn")[3:]
    assert (won.kind, lost.kind) == ("alias_set", "refused")
    assert churn.by_alias("churn", "champion").version == won.fields["version"]
    assert {won.fields["version"], lost.fields["version"]} == {1, 2}


def test_archived_version_is_out_of_use(churn):
    archive = churn.standing.archive
    assert archive("churn", 1, reason="half of the data").archived is True
    with pytest.raises(errors.InvalidInputError, match="--undo"):
        churn.promote("churn", 1, "champion")
    churn.promote("churn", 2, "champion")
    with pytest.raises(errors.InvalidInputError, match="is champion"):
        archive("churn", 2)
    assert archive("churn", 1, undo=True).archived is False
    assert len(churn.history("churn")) == 6
    archive("churn", 1, undo=True)
    assert len(churn.history("churn")) == 6


def test_verdict_and_download_are_kept(churn):
    churn.standing.keep_verdict("churn", 1, "reproduced", summary="reproduced")
    churn.standing.keep_download("churn", 1, "mlflow", "https://u:secret12@h/x")
    assert churn.version("churn", 1).verdict == "reproduced"
    assert churn.version("churn", 2).verdict is None
    last = churn.history("churn")[-1].fields
    assert last["purpose"] == "mlflow"
    assert "secret12" not in last["target"]


@pytest.mark.parametrize("verb", ["approve", "archive"])
def test_nothing_happens_to_what_is_not_there(registry, binding, layout, verb):
    with pytest.raises(errors.ModelNotFoundError):
        getattr(registry.standing, verb)("churn", 1)
    assert list(layout.registry.iterdir()) == []
    registry.register("churn", binding(1))
    with pytest.raises(errors.VersionNotFoundError, match="up to 1"):
        getattr(registry.standing, verb)("churn", 3)
    assert len(registry.history("churn")) == 1
