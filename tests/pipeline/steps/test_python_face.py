"""Pipelines said in Python, and objects handed on: real kernels."""

from __future__ import annotations

import jupyter_mlops as mlops
from tests.pipeline.conftest import ROOT, write_notebook

MAKE = (
    "import jupyter_mlops as mlops, pandas as pd, numpy as np",
    "mlops.set_output('table', pd.DataFrame({'x': [1, 2]}))",
    "mlops.set_output('array', np.arange(3))\nmlops.set_output('names', {'a': [1]})",
)
USE = (
    "import jupyter_mlops as mlops",
    "frame, array = mlops.load_output(table), mlops.load_output(array)",
    "mlops.log_metric('sum', frame.x.sum() + array.sum() + names['a'][0])",
)


def test_objects_go_from_step_to_step(workspace, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    folder = workspace.layout.project
    write_notebook(folder / "make.ipynb", *MAKE)
    declared = "table = ''; array = ''; names = {}"
    write_notebook(folder / "use.ipynb", *USE, parameters=declared)
    values = {name: f"${{make.values.{name}}}" for name in ("table", "array", "names")}
    steps = [
        mlops.Step("make", "make.ipynb"),
        mlops.Step("use", "use.ipynb", parameters=values),
    ]
    pipeline = mlops.Pipeline("demo", steps)
    outcome = mlops.run_pipeline(pipeline)
    assert outcome.steps["use"].metrics == {"sum": 7.0}, outcome
    again = mlops.run_pipeline(pipeline)
    assert {str(item.state) for item in again.steps.values()} == {"cached"}
