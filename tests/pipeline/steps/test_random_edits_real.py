"""Never a wrong hit on the real worker: warm processes must not remember what was edited.

Edits as in `test_random_edits`; each time the worker's results, cached or not, are those
of a run from nothing on fresh kernels.
"""

from __future__ import annotations

import random
import shutil

import pytest

from jupyter_mlops.workspace import Workspace
from tests.pipeline.conftest import ROOT

from .conftest import TRAIN
from .test_random_edits import EDITS, OUTPUTS, PREPARE, install_version, revert

LOG = "import jupyter_mlops as run"


@pytest.fixture
def edited(project, monkeypatch):
    """The project with all that a result can depend on, for processes of its own."""
    folder = project.folder.parent / "site-packages"
    install_version(folder, 10)
    monkeypatch.setenv("DEMO_KIND", "a")
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{folder}")
    # Edits keep sizes and times: bytecode would be believed.
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    revert(project, None)
    declared = "factor = 1\nraw = ''\nfeatures = ''"
    project.notebook("prepare.ipynb", LOG, *PREPARE, parameters=declared)
    declared = "C = 1.0\nrows = 0\nfeatures = ''\nmodel = ''"
    project.notebook("train.ipynb", LOG, *TRAIN, parameters=declared)
    return project


def results(folder):
    return {name: (folder / name).read_text() for name in OUTPUTS}


def from_nothing(project, number):
    copy = project.folder.parent / f"copy{number}"
    skipped = shutil.ignore_patterns(".mlops", "out", "__pycache__")
    shutil.copytree(project.folder, copy, ignore=skipped)
    workspace = Workspace(copy)
    try:
        outcome = workspace.pipelines.run(copy, engine="nbclient")
        assert not outcome.failures, [item.why for item in outcome.failures]
    finally:
        workspace.close()
    return results(copy)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("seed", range(2))
def test_worker_equals_runs_from_nothing(edited, seed, jobs):
    choose = random.Random(seed)
    hits = 0
    for at in range(6):
        edits = choose.sample(EDITS, choose.randint(0, 2))
        for edit in edits:
            edit(edited, choose)
        outcome = edited.workspace.pipelines.run(
            edited.folder, engine="worker", jobs=jobs
        )
        assert not outcome.failures, [item.why for item in outcome.failures]
        told = {name: (item.state, item.why) for name, item in outcome.steps.items()}
        assert results(edited.folder) == from_nothing(edited, at), (seed, edits, told)
        hits += sum(str(state) == "cached" for state, _ in told.values())
    assert hits
