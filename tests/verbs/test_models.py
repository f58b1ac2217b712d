"""Registering and promoting by verbs."""

from __future__ import annotations

import pytest

sklearn = pytest.importorskip("sklearn.linear_model")


@pytest.fixture
def fitted(workspace):
    """A run that keeps a model."""
    with workspace.start_run("fit") as run:
        run.log_model("model", sklearn.LogisticRegression().fit([[0.0], [1.0]], [0, 1]))
        run.log_metric("auc", 0.75)
    return run


def test_model_walks_to_champion(mlops, mlops_json, fitted):
    assert "churn has version 1" in mlops("push", "churn", "--note", "first").out
    assert "is version 1 of churn already" in " ".join(
        mlops("push", "churn").out.split()
    )
    assert "churn@champion is now version 1" in mlops("promote", "churn", 1).out
    (model,) = mlops_json("models")
    assert (model["name"], model["aliases"]) == ("churn", {"champion": 1})
    (version,) = mlops_json("models", "churn")
    assert version["run_id"] == fitted.id
    assert version["note"] == "first"
    out = mlops("models", "churn").out
    assert "champion" in out
    assert "auc 0.75" in out


def test_second_push_changes_the_note_only(mlops, mlops_json, fitted, workspace):
    mlops("push", "churn", "--note", "first")
    said = " ".join(mlops("push", "churn", "--note", "all of 2025").out.split())
    assert "version 1 of churn already; it has the new note" in said
    (version,) = mlops_json("models", "churn")
    assert version["note"] == "all of 2025"
    assert workspace.registry.models()[0].latest.note == "all of 2025"
    told = [
        event["fields"]["note"] for event in mlops_json("models", "churn", "--history")
    ]
    assert told == ["first", "all of 2025"]
    for again in ((), ("--note", "all of 2025")):
        assert "nothing was added" in mlops("push", "churn", *again).out
    assert "taken off" in mlops("push", "churn", "--note", "").out
    assert workspace.registry.version("churn", 1).note is None
    assert "note of version 1, taken off" in mlops("models", "churn", "--history").out
    assert mlops("doctor").code == 0


def test_other_alias_keeps_its_reason(mlops, workspace, fitted):
    mlops("push", "churn", "--from", f"runs:/{fitted.id}/model")
    mlops("promote", "churn", 1, "--alias", "shadow", "--reason", "to compare")
    assert workspace.registry.history("churn")[-1].fields["reason"] == "to compare"


def test_unknown_names_are_explained(mlops, fitted):
    mlops("push", "churn", "--from", "last")
    assert "'churn'" in mlops("models", "chrun").err
    assert mlops("promote", "churn", 7).code == 1
    assert mlops("promote", "churn", "seven").code == 2


def test_no_model_says_how_to_push(mlops, workspace):
    workspace.layout.create()
    assert "jupyter mlops push" in mlops("models").out


def test_best_run_is_pushed(mlops, mlops_json, workspace, fitted):
    with workspace.start_run("worse", experiment="other") as worse:
        worse.log_metric("auc", 0.5)
    mlops("push", "churn", "--best", "auc")
    (version,) = mlops_json("models", "churn")
    assert version["run_id"] == fitted.id


def test_latest_version_is_promoted_unasked(mlops, workspace, fitted):
    mlops("push", "churn")
    assert "churn@champion is now version 1" in mlops("promote", "churn").out
    assert mlops("promote", "nothing").code == 1


def test_choice_of_run_must_be_one(mlops, fitted):
    assert "not both" in mlops("push", "churn", "--best", "auc", "--from", "last").err
    assert mlops("push", "churn", "-e", "other").code == 1
    assert "auc" in mlops("push", "churn", "--best", "aux").err
