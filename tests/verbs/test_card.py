"""The verbs ``card``, ``export``, ``push --to`` and ``pull``, as people type them."""

from __future__ import annotations

from pathlib import Path

import pytest

linear = pytest.importorskip("sklearn.linear_model")
URI = "models:/churn/1"


@pytest.fixture
def churn(workspace):
    with workspace.start_run("fit") as run:
        run.log_model("model", linear.LogisticRegression().fit([[0.0], [1.0]], [0, 1]))
        for value in (0.5, 0.75):
            run.log_metric("auc", value)
    return workspace.models.push(run.id, "churn")


def test_card_keeps_what_is_filled_in(mlops, mlops_json, workspace, churn):
    told = mlops_json("card", URI, "--set", "limits=Not abroad.", "--set", "use=Calls.")
    assert told["fields"] == {"limits": "Not abroad.", "use": "Calls."}
    mlops("card", URI, "--set", "limits=Not abroad.")
    events = [e for e in workspace.registry.history("churn") if e.kind == "card"]
    assert len(events) == 1
    assert workspace.registry.verify("churn") == 0


def test_edited_file_is_read_back(mlops, mlops_json, churn):
    assert "Saved" in mlops("card", URI, "-o", "churn.md").out
    card = Path("churn.md").read_text()
    assert "▁█" in card
    Path("churn.md").write_text(card.replace("*Who answers questions.*", "ann"))
    assert mlops_json("card", URI, "--read", "churn.md")["fields"] == {"contact": "ann"}


@pytest.fixture
def second(workspace, mlops, churn):
    """A second version, while the first has words on its card."""
    mlops("card", URI, "--set", "limits=Not abroad.", "--set", "use=Calls.")
    with workspace.start_run("again") as run:
        run.log_model("model", linear.LogisticRegression().fit([[0.0], [2.0]], [0, 1]))
    return "models:/churn/2"


def test_next_version_offers_the_last_ones_words(mlops, mlops_json, second):
    said = " ".join(mlops("push", "churn").out.split())
    assert "limits and use of version 1, not confirmed" in said
    told = mlops_json("card", second)
    assert told["fields"] == {}
    assert told["carried"]["use"] == {"text": "Calls.", "version": 1}
    mlops("card", second, "-o", "churn.md")
    mlops("card", second, "--read", "churn.md")
    assert "not confirmed" in mlops("promote", "churn", 2).out


def test_carried_words_are_confirmed_one_by_one(mlops, mlops_json, workspace, second):
    mlops("push", "churn")
    told = mlops_json("card", second, "--confirm", "use")
    assert (told["fields"], list(told["carried"])) == ({"use": "Calls."}, ["limits"])
    told = mlops_json("card", second, "--set", "limits=")
    assert (told["fields"], told["carried"]) == ({"use": "Calls."}, {})
    assert workspace.registry.history("churn")[-2].fields["confirmed"] == {"use": 1}
    assert "use as in version 1" in mlops("card", second).out
    history = " ".join(mlops("models", "churn", "--history").out.split())
    assert "card of version 2: use as in version 1" in history
    assert "card of version 2: limits emptied" in history
    assert "nothing to confirm" in mlops("card", second, "--confirm", "use").err


def test_gate_asks_for_confirmed_words(mlops, second):
    Path("gates.yaml").write_text(
        "models: {churn: {champion: {gates: [card confirmed]}}}\n"
    )
    mlops("push", "churn")
    refused = mlops("promote", "churn", 2)
    assert refused.code == 1
    assert "limits and use of version 1" in " ".join(refused.out.split())
    mlops("card", second, "--confirm", "all")
    assert mlops("promote", "churn", 2).code == 0


def test_page_has_the_curve(mlops, churn):
    mlops("card", URI, "-o", "churn.html")
    page = Path("churn.html").read_text()
    assert page.startswith("<!doctype html>")
    assert 'alt="Curve of auc"' in page
    assert mlops("card", URI, "--html").out.startswith("<!doctype html>")


def test_secret_on_a_card_is_masked(mlops, workspace, churn):
    mlops("card", URI, "--set", "contact=token ghp_" + "a1B2" * 9)
    assert "ghp_a1B2" not in workspace.layout.model_chain("churn").read_text()


def test_wrong_words_are_explained(mlops, churn):
    assert "Did you mean 'limits'" in mlops("card", URI, "--set", "limit=x").err
    assert "--set limits=" in mlops("card", URI, "--set", "limits").err
    assert "cannot be read" in mlops("card", URI, "--read", "none.md").err
    mlops("card", URI, "-o", "churn.md")
    assert "--force" in mlops("card", URI, "-o", "churn.md").err


def test_export_says_how_to_use_it(mlops, mlops_json, churn):
    told = mlops_json("export", URI, "--to", "mlflow", "-o", "out")
    assert told["use"] == "mlflow.pyfunc.load_model('out')"
    assert told["files"] == len([p for p in Path("out").rglob("*") if p.is_file()])
    assert (
        "onnx, torchserve" in mlops("export", URI, "--to", "tensorflow", "-o", "x").err
    )


def test_model_walks_to_a_url_and_back(mlops, mlops_json, tmp_path, churn):
    url = f"file://{tmp_path}/there"
    assert "1 version, 1 run" in mlops("push", "churn", "--to", url).out
    assert "nothing was to be done" in mlops("push", URI, "--to", url).out
    folder = tmp_path / "else"
    folder.mkdir()
    (told,) = mlops_json("-w", folder, "pull", url)
    assert (told["model"], told["versions"], told["runs"]) == ("churn", [1], 1)
    assert "here already" in mlops("-w", folder, "pull", url, "churn").out
    assert "champion" not in mlops("-w", folder, "models", "churn").out


def test_push_elsewhere_refuses_a_run(mlops, churn):
    said = mlops("push", "churn", "--from", "last", "--to", "memory://x").err
    assert "registered already" in said
    assert "is no URL" in mlops("push", "churn", "--to", "somewhere").err
