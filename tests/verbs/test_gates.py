"""Gates at the command line: listed, added, asked, and in the way of a promotion."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from jupyter_mlops import errors

linear = pytest.importorskip("sklearn.linear_model")


@pytest.fixture
def churn(workspace):
    """Two versions of a model, and rows to try it on."""
    import pandas as pd

    frame = pd.DataFrame({"x": [0.0, 1.0, 0.2, 0.9], "sex": ["f", "f", "m", "m"]})
    frame["y"] = [0, 1, 0, 1]
    frame.to_csv("test.csv", index=False)
    for auc in (0.7, 0.9):
        with workspace.start_run("fit", tags={"team": "risk"}) as run:
            model = linear.LogisticRegression(C=100).fit(frame[["x"]], frame["y"])
            run.log_model("model", model)
            run.log_metric("auc", auc)
        workspace.models.push("last", "churn")
    return workspace


def gates(text):
    Path("gates.yaml").write_text(text)


def test_gates_are_added_and_listed(mlops, mlops_json, churn):
    assert "No gates" in mlops("gate").out
    said = mlops("gate", "churn", "--add", "metrics.auc >= 0.8").out
    assert "churn@champion must pass 'metrics.auc >= 0.8'" in said
    mlops("gate", "churn", "--alias", "shadow", "--add", "reproduced")
    rules = mlops_json("gate", "churn")["rules"]
    assert [rule["alias"] for rule in rules] == ["shadow", "champion"]
    assert "metrics.auc" not in mlops("gate", "churn", "--alias", "shadow").out
    assert "mean 'metrics'" in mlops("gate", "churn", "--add", "metrcs.auc > 1").err
    assert mlops("gate", "--add", "reproduced").code == 1


def test_promotion_shows_what_stood_in_its_way(mlops, mlops_json, churn):
    gates(
        "models: {churn: {champion: ["
        "metrics.auc >= 0.8, \"metrics.auc > models['@champion'].metrics.auc\", "
        "tags.team == 'risk', no secrets, size < 1 MB]}}"
    )
    refused = mlops("promote", "churn", 1)
    assert refused.code == 1
    assert "metrics.auc is 0.7" in refused.out
    assert "no champion of 'churn' yet" in refused.out
    assert "was not moved to version 1: 1 gate not passed" in refused.out
    found = mlops_json("promote", "churn", 2)
    assert (found["promoted"], len(found["gates"])) == (True, 5)
    assert "needs a reason" in mlops("promote", "churn", 1, "--force").err
    forced = mlops("promote", "churn", 1, "--force", "--reason", "demo").out
    assert "is now version 1, was 2; forced" in forced
    assert "forced to version 1" in mlops("models", "churn", "--history").out


def test_gates_over_a_dataset(mlops_json, churn):
    pytest.importorskip("fairlearn")
    gates(
        "gates:\n"
        "  fair: {check: min over groups(sex) of recall >= 0.8 * max,"
        " dataset: test.csv, target: y}\n"
        "  quick: {check: p99 predict < 5 s, dataset: test.csv, target: y}\n"
        "models: {churn: {champion: [fair, quick]}}"
    )
    found = mlops_json("gate", "churn", 1)
    assert found["passed"] is True
    assert found["gates"][0]["detail"] == "recall by group: f 1, m 1"


def test_gate_that_breaks_is_not_passed(mlops, churn):
    gates("models: {churn: {champion: [{schema: s.yaml, dataset: tset.csv}]}}")
    found = mlops("gate", "churn", 1)
    assert found.code == 1
    assert "no dataset 'tset.csv'" in found.out
    gates("models: {churn: {champion: [metrics.aux > 1]}}")
    assert "has no metric 'aux'" in mlops("gate", "churn", 1).out
    gates("models: {churn: {champion: [\"size < models['@champoin'].size\"]}}")
    assert "no alias 'champoin'" in mlops("gate", "churn", 1, "--alias", "champion").out


def test_notebook_is_run_once_for_a_model(mlops_json, churn):
    cells = [
        nbformat.v4.new_code_cell(
            "model = ''\nlimit = 1.0", metadata={"tags": ["parameters"]}
        ),
        nbformat.v4.new_code_cell(
            "import jupyter_mlops as mlops\n"
            "from pathlib import Path\n"
            "with Path('asked').open('a') as file: file.write(model + '\\n')\n"
            "assert model.endswith('/2') or limit > 5, 'too early'"
        ),
    ]
    node = nbformat.v4.new_notebook(cells=cells)
    nbformat.write(node, "judge.ipynb")
    gates("models: {churn: {champion: [{notebook: judge.ipynb, name: judged}]}}")
    first, again = (mlops_json("promote", "churn", 2) for _ in range(2))
    assert (first["gates"][0]["is_cached"], again["gates"][0]["is_cached"]) == (
        False, True,
    )  # fmt: skip
    assert Path("asked").read_text() == "models:/churn/2\n"
    assert first["gates"][0]["run_id"] == again["gates"][0]["run_id"]
    with pytest.raises(errors.PromotionRefusedError, match="too early"):
        churn.models.promote("churn", 1)


def test_approvals_are_asked_for(mlops, churn, monkeypatch):
    gates("models: {churn: {champion: {approvals: 1}}}")
    monkeypatch.setenv("JUPYTERHUB_USER", "bob")
    asked = mlops("promote", "churn", 2, "--approve-by", "cat", "--reason", "seen")
    assert asked.code == 1
    assert "that of cat was entered by bob" in asked.out
    said = " ".join(mlops("approve", "churn", 2).out.split())
    assert "bob (jupyterhub) approves" in said
    assert "For champion: 1 of 1: bob; not counted: that of cat" in said
    assert "may be bob (jupyterhub) by another name" in said
    assert mlops("promote", "churn", 2).code == 0
    mlops("promote", "churn", "--remove")
    mlops("approve", "churn", 2, "--withdraw")
    assert mlops("promote", "churn", 2).code == 1


def test_archived_version_is_not_listed(mlops, mlops_json, churn):
    mlops("archive", "churn", 2, "--reason", "half of the data")
    assert [item["version"] for item in mlops_json("models", "churn")] == [1]
    assert "archived" in mlops("models", "churn", "--all").out
    assert mlops_json("promote", "churn")["version"]["version"] == 1
    assert mlops_json("archive", "churn", 2, "--undo")["archived"] is False


def test_python_face_does_the_same(churn):
    import jupyter_mlops as mlops

    gates("models: {churn: {champion: {gates: [metrics.auc > 0.8], approvals: 1}}}")
    assert mlops.push("churn").version == 2
    mlops.approve("churn", 2, reason="seen")
    with pytest.raises(errors.PromotionRefusedError, match="approvals: 0 of 1"):
        mlops.promote("churn", 2)
    forced = mlops.promote("churn", 1, "shadow", force=True, reason="demo")
    assert forced.aliases == ("shadow",)
    assert mlops.promote("churn", 2, force=True, reason="r").aliases == ("champion",)
    mlops.promote("churn", 2, "shadow")
    assert mlops.archive("churn", 1).archived is True
