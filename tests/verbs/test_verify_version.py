"""A version made again from its recipe, in a real kernel, and the gate that asks it."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

pytest.importorskip("sklearn")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
FIT = """%%track -s model
import pandas as pd
import jupyter_mlops as mlops
from sklearn.linear_model import LogisticRegression
frame = pd.DataFrame({'x': [0.0, 1.0, 2.0, 3.0]})
model = LogisticRegression(C=strength).fit(frame, [0, 0, 1, 1])
mlops.log_metric('top', float(model.predict_proba(frame)[-1, 1]))"""


@pytest.fixture
def train(workspace):
    """Run a notebook that trains, and push its model."""

    def train(strength):
        sources = ("%load_ext jupyter_mlops", strength, FIT)
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), "train.ipynb")
        workspace.notebooks.run("train.ipynb")
        (cell,) = workspace.get_run("last").children or [workspace.get_run("last")]
        return workspace.models.push(cell.id, "churn")

    return train


def test_version_is_made_again(mlops, mlops_json, workspace, train):
    version = train("strength = 1.0")
    assert version.recipe_kind == "recipe"
    assert version.example is not None
    Path("gates.yaml").write_text("models: {churn: {champion: [reproduced]}}")
    (asked,) = mlops_json("promote", "churn", 1)["gates"]
    assert asked["detail"] == "reproduced"
    assert workspace.registry.version("churn", 1).verdict == "reproduced"
    kinds = [event.kind for event in workspace.registry.history("churn")]
    assert kinds == ["registered", "verified", "alias_set"]
    # What is known is not tried again.
    (again,) = mlops_json("promote", "churn", 1)["gates"]
    assert again["detail"] == "reproduced, as verified before"


def test_version_that_hangs_on_chance_differs(mlops, mlops_json, workspace, train):
    version = train("import random\nstrength = random.SystemRandom().uniform(0.01, 9)")
    found = mlops("verify", "models:/churn/1", "--json")
    assert found.code == 1
    assert '"verdict": "differs"' in found.out
    last = workspace.registry.history("churn")[-1]
    assert (last.kind, last.fields["verdict"]) == ("verified", "differs")
    assert workspace.store.blobs.exists(last.fields["document"])
    Path("gates.yaml").write_text("models: {churn: {champion: [reproduced]}}")
    assert "differs, as verified before" in mlops("promote", "churn", 1).out
    assert version.run_id is not None
