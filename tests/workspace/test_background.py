"""Work in the background: real processes, which outlive nobody's wish to end them."""

import json
import os
import signal
import subprocess
import sys
import time

import nbformat
import pytest

from jupyter_mlops import errors
from jupyter_mlops.records import Status
from jupyter_mlops.workspace import Workspace
from jupyter_mlops.workspace.processes import birth_of, send_signal

pytestmark = pytest.mark.timeout(120)
PARAMETERS = "C: float = 0.5\npassword: str = ''\nwords = None"
LONG = "import time\nprint('begun', flush=True)\ntime.sleep(300)"


def write(path, *sources, parameters=PARAMETERS):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    if parameters:
        tagged = nbformat.v4.new_code_cell(parameters)
        tagged.metadata["tags"] = ["parameters"]
        cells.insert(0, tagged)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def until(condition, seconds=90):
    """Wait for what another process does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        with pytest.raises(subprocess.TimeoutExpired):
            subprocess.run(["sleep", "5"], timeout=0.05, check=False)
    raise AssertionError("it never came true")


def ended(workspace, job):
    def look():
        found = workspace.background.job(job.id)
        return None if found.is_alive else found

    return until(look)


def has_run(workspace, job):
    return until(lambda: workspace.background.job(job.id).run)


@pytest.fixture
def long_job(workspace, tmp_path):
    """A notebook that runs for minutes."""
    path = write(tmp_path / "project" / "long.ipynb", LONG)
    job = workspace.background.start_notebook(path, {"C": 0.25}, by="ada")
    yield job
    send_signal(job.process, job.birth, signal.SIGKILL)
    ended(workspace, job)


def test_notebook_runs_as_on_the_command_line(workspace, tmp_path):
    path = write(tmp_path / "project" / "fit.ipynb", "auc = C * 2", "print(words)")
    told = {"C": 0.25, "words": "[1, 2]", "password": "correct horse battery"}
    job = workspace.background.start_notebook(path, told, name="again", by="ada")
    assert (job.state, job.target, job.by) == ("starting", "fit.ipynb", "ada")
    found = ended(workspace, job)
    assert (found.state, found.code) == ("finished", 0), found.said
    run = workspace.get_run(found.run)
    assert (run.name, run.status) == ("again", Status.FINISHED)
    assert (run.params["C"], run.params["words"]) == (0.25, [1, 2])
    for file in (tmp_path / "project" / ".mlops" / "jobs").iterdir():
        assert "correct horse" not in file.read_text()


def test_failure_is_told_with_its_run(workspace, tmp_path):
    path = write(tmp_path / "project" / "bad.ipynb", "1 / 0")
    found = ended(workspace, workspace.background.start_notebook(path))
    assert found.state == "failed"
    assert "ZeroDivisionError" in found.said
    assert workspace.get_run(found.run).status is Status.FAILED


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"D": 1}, errors.UnknownParameterError),
        ({"C": "much"}, errors.InvalidParameterError),
        ({"a=b": 1}, errors.InvalidInputError),
    ],
)
def test_bad_parameters_start_nothing(workspace, tmp_path, parameters, error):
    path = write(tmp_path / "project" / "fit.ipynb", "auc = C")
    with pytest.raises(error):
        workspace.background.start_notebook(path, parameters)
    assert workspace.background.jobs() == []


def test_same_work_is_started_once(workspace, long_job, tmp_path):
    background = workspace.background
    path = tmp_path / "project" / "long.ipynb"
    with pytest.raises(errors.AlreadyRunningError, match="ada started it") as caught:
        background.start_notebook(path, {"C": 0.25})
    assert caught.value.job == long_job.id
    other = background.start_notebook(path, {"C": 0.5})
    background.cancel(other.id)
    assert ended(workspace, other).state == "cancelled"


def test_cancel_ends_a_run_once(workspace, long_job):
    run = has_run(workspace, long_job)
    assert workspace.background.cancel(long_job.id).state in ("stopping", "cancelled")
    assert ended(workspace, long_job).state == "cancelled"
    assert workspace.get_run(run).status is Status.CANCELLED
    with pytest.raises(errors.JobEndedError, match="it is cancelled"):
        workspace.background.cancel(long_job.id)
    with pytest.raises(errors.JobNotFoundError):
        workspace.background.cancel("0" * 26)


def test_job_outlives_who_started_it(workspace, tmp_path):
    project = tmp_path / "project"
    path = write(project / "long.ipynb", LONG)
    code = (
        "from jupyter_mlops.workspace import Workspace\n"
        f"job = Workspace({str(project)!r}).background.start_notebook({str(path)!r})\n"
        "print(job.id)"
    )
    words = [sys.executable, "-c", code]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    other = Workspace(project)
    job = other.background.job(told.strip())
    run = has_run(other, job)
    until(lambda: other.get_run(run).status is Status.RUNNING)
    other.background.cancel(job.id)
    assert ended(other, job).state == "cancelled"
    other.close()


def test_no_stranger_is_signalled(workspace, long_job):
    file = workspace.background._folder.file(long_job.id)
    mine = json.dumps({"process": os.getpid(), "birth": "another boot:1"})
    kept = file.read_text()
    file.write_text(f"{kept}{mine}\n")
    assert workspace.background.job(long_job.id).state == "lost"
    with pytest.raises(errors.JobEndedError):
        workspace.background.cancel(long_job.id)
    file.write_text(kept)
    assert birth_of(long_job.process) == long_job.birth


def test_killed_job_is_lost(workspace, long_job):
    has_run(workspace, long_job)
    send_signal(long_job.process, long_job.birth, signal.SIGKILL)
    assert ended(workspace, long_job).state == "lost"


def test_pipeline_is_run_by_one(workspace, tmp_path):
    project = tmp_path / "project"
    write(project / "a.ipynb", "x = C", parameters="C = 1")
    write(project / "b.ipynb", LONG, parameters="")
    (project / "pipeline.yaml").write_text(
        "steps:\n  a: {notebook: a.ipynb}\n"
        "  b: {notebook: b.ipynb, after: [a]}\n  c: {notebook: a.ipynb, after: [a]}\n"
    )
    background = workspace.background
    for wrong in ({"z.C": 1}, {"a.D": 1}):
        with pytest.raises((errors.PipelineError, errors.NotebookError)):
            background.start_pipeline(project, wrong)
    with pytest.raises(errors.PipelineError, match="no step 'z'"):
        background.start_pipeline(project, until="z")
    first = ended(workspace, background.start_pipeline(project, {"a.C": 2}, until="c"))
    assert first.state == "finished", first.said
    children = workspace.get_run(first.run).children
    assert {child.name for child in children} == {"a", "c"}
    second = background.start_pipeline(project)
    with pytest.raises(errors.AlreadyRunningError):
        background.start_pipeline(project, {"a.C": 3})
    has_run(workspace, second)
    background.cancel(second.id)
    assert ended(workspace, second).state == "cancelled"


def test_failed_run_is_gone_on_with(workspace, tmp_path):
    path = write(tmp_path / "project" / "bad.ipynb", "1 / 0")
    failed = ended(workspace, workspace.background.start_notebook(path, {"C": 0.25}))
    write(path, "1 / 1")
    job = workspace.background.start_resume(failed.run)
    assert (job.kind, job.target) == ("resume", failed.run)
    found = ended(workspace, job)
    assert workspace.get_run(found.run).params["C"] == 0.25
    with pytest.raises(errors.RunNotFoundError):
        workspace.background.start_resume("nothing")


def test_sweep_runs_its_points(workspace, tmp_path):
    path = write(tmp_path / "project" / "fit.ipynb", "auc = C * 2")
    with pytest.raises(errors.InvalidInputError):
        workspace.background.start_sweep(path)
    job = workspace.background.start_sweep(path, grid={"C": "0.25,0.5"}, jobs=2)
    found = ended(workspace, job)
    assert found.state == "finished", found.said
    assert len(workspace.sweeps.read(found.run).points) == 2
