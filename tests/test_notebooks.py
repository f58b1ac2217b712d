"""The examples: each runs, and the main job walks from notebook to prediction."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_mlops.workspace import Workspace

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(
        NOTEBOOKS, tmp_path / "notebooks", ignore=shutil.ignore_patterns("out")
    )


@pytest.mark.parametrize("name", sorted(p.name for p in NOTEBOOKS.glob("*.ipynb")))
def test_example_is_kept_without_outputs(name):
    text = (NOTEBOOKS / name).read_text(encoding="utf-8")
    assert '"execution_count": null' in text
    assert '"output_type"' not in text


@pytest.mark.slow
def test_main_job_ends_in_a_prediction(copy):
    pytest.importorskip("skops")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", copy / "tour.sh"],
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "tumours has version 1: sklearn" in done.stdout
    assert "Pipeline is right on 9" in done.stdout.splitlines()[-1]
    workspace = Workspace(copy)
    version = workspace.registry.by_alias("tumours", "champion")
    run = workspace.get_run(version.run_id)
    best = workspace.runs("metrics.auc > 0", order_by="metrics.auc desc", limit=1)
    assert run.id == best["run_id"][0]
    assert version.environment == run.record.environment
    workspace.close()
