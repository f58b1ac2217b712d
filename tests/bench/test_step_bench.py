"""A pipeline of several steps: the worker beside nbclient, in the same run."""

from __future__ import annotations

import pytest

from jupyter_mlops.workspace import Workspace
from tests.bench.conftest import seconds
from tests.pipeline.conftest import write_notebook

STEPS = 6
CELLS = (
    "import pandas as pd\nimport jupyter_mlops as mlops",
    "frame = pd.DataFrame({'a': range(1000)})",
    "frame.to_csv(made, index=False)\nmlops.log_metric('sum', frame.a.sum())",
)


@pytest.fixture
def chain(tmp_path):
    """Steps that each need the one before."""
    lines = ["steps:"]
    for number in range(STEPS):
        name = f"s{number}"
        write_notebook(tmp_path / f"{name}.ipynb", *CELLS, parameters="made = ''")
        lines += [f"  {name}:", f"    notebook: {name}.ipynb"]
        lines += [f"    outputs: {{made: out/{name}.csv}}"]
        lines += [f"    after: s{number - 1}"] if number else []
    (tmp_path / "pipeline.yaml").write_text("\n".join(lines) + "\n")
    workspace = Workspace(tmp_path)
    yield workspace
    workspace.close()


@pytest.mark.bench
@pytest.mark.timeout(900)
def test_steps_of_the_worker_are_quicker(chain, said):
    def run(engine):
        return chain.pipelines.run(chain.layout.project, force=True, engine=engine)

    run("worker")
    took = {
        engine: min(seconds(lambda: run(engine)) for _ in range(2))  # noqa: B023 - called at once
        for engine in ("worker", "nbclient")
    }
    said(
        f"pipeline of {STEPS} steps with pandas: worker {took['worker']:.2f} s, "
        f"nbclient {took['nbclient']:.2f} s: {took['nbclient'] / took['worker']:.1f} x"
    )
    assert took["worker"] * 2 < took["nbclient"]
