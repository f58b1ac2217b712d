"""Steps on real engines: the worker's and nbclient's records say the same."""

from __future__ import annotations

import pytest

from jupyter_mlops.errors import InvalidInputError, SettingError
from jupyter_mlops.pipeline import executors
from jupyter_mlops.records import Status
from jupyter_mlops.settings import Settings
from jupyter_mlops.workspace import Workspace

PREPARE = (
    "from pathlib import Path\nimport jupyter_mlops as mlops\nfrom helper import scale",
    "rows = [int(line) for line in Path(raw).read_text().split()]",
    "note = Path('note.txt').read_text()\nPath('extra.txt').write_text('x')",
    "table = [scale(row) * factor for row in rows]",
    "Path(features).write_text('\\n'.join(map(str, table)) + note)",
    "mlops.log_metric('rows', len(rows))",
)


@pytest.fixture
def step(project):
    """Run the first step of the project by an engine; return its result and run."""
    declared = "factor = 1\nraw = ''\nfeatures = ''"
    project.notebook("prepare.ipynb", *PREPARE, parameters=declared)

    def step(engine, **options):
        outcome = project.workspace.pipelines.run(
            project.folder, only="prepare", force=True, engine=engine, **options
        )
        found = outcome.steps["prepare"]
        assert str(found.state) == "finished", found.why
        return found, project.workspace.get_run(found.run_id)

    return step


def test_engines_see_the_same(step):
    (one, by_worker), (other, by_nbclient) = step("worker"), step("nbclient")
    assert by_worker.observations["engine"] == {"name": "worker"}
    assert by_nbclient.observations["engine"] == {"name": "nbclient"}
    assert (one.outputs, one.metrics) == (other.outputs, other.metrics)
    assert one.notes == other.notes
    told, same = (run.observations["version"] for run in (by_worker, by_nbclient))
    assert told["facts"] == same["facts"]
    for name in ("reads", "writes", "absent", "modules", "named", "distributions"):
        assert told["trace"][name] == same["trace"][name], name
    shown, others = (
        [(cell.position, cell.source, cell.execution_count) for cell in run.cells]
        for run in (by_worker, by_nbclient)
    )
    assert shown == others


def test_steps_of_the_worker_side_by_side(project, step):
    _, run = step("worker", jobs=2)
    assert run.observations["engine"] == {"name": "worker"}
    assert str(project.workspace.pipelines.status(".")["prepare"].state) == "cached"


def test_record_says_why_not_the_worker(step, monkeypatch):
    monkeypatch.setattr(executors.sys, "platform", "darwin")
    _, run = step("worker")
    told = run.observations["engine"]
    assert told["name"] == "nbclient"
    assert "needs Linux" in told["why"]


def test_unknown_engine_is_refused(project):
    with pytest.raises(InvalidInputError, match="Use one of worker, nbclient"):
        project.workspace.pipelines.run(project.folder, engine="wroker")
    assert len(project.workspace.runs()) == 0


@pytest.mark.parametrize("engine", ["worker", "nbclient"])
def test_step_beyond_its_memory_fails(project, engine):
    grow = "held = []\nwhile True:\n    held.append(bytearray(20_000_000))"
    project.notebook("a.ipynb", "1", grow)
    text = "name: demo\nsteps:\n  a:\n    notebook: a.ipynb\n"
    project.write("pipeline.yaml", f"{text}    resources: {{memory: 400MB}}\n")
    outcome = project.workspace.pipelines.run(project.folder, engine=engine)
    assert "failed in cell 1" in outcome.steps["a"].why[0]
    assert "used more than memory: 400 MB" in outcome.steps["a"].why[0]
    run = project.workspace.get_run(outcome.steps["a"].run_id)
    assert run.status is Status.FAILED
    assert run.cells[-1].error.name == "MemoryLimitError"


def test_wrong_size_in_settings_is_said(project):
    workspace = Workspace(project.folder, settings=Settings(max_memory="much"))
    with pytest.raises(SettingError, match="must be an amount of memory"):
        workspace.pipelines.run(project.folder)
    workspace.close()
