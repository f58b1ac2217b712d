"""Pipelines' runs gone on with: asked for as before, known steps stay cached."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jupyter_mlops import errors
from jupyter_mlops.pipeline.parameters import RawText
from jupyter_mlops.workspace.pipelineresuming import resume_pipeline

from .conftest import BOTH, in_process

FAULT = ("Path(model).write_text", "1 / 0; Path(model).write_text")


def resumed(project, run, *given):
    found = resume_pipeline(project.workspace, run, *given, make_executor=in_process)
    return {name: str(item.state) for name, item in found.steps.items()}


def failed(project, *given, **options):
    """Run the pipeline with a fault in its second step, and mend that."""
    project.edit("train.ipynb", *FAULT)
    outcome = project.run(*given, **options)
    assert str(outcome.steps["train"].state) == "failed"
    project.edit("train.ipynb", *reversed(FAULT))
    return outcome


def test_what_is_left_runs_with_values_as_before(project):
    outcome = failed(project, {"train.C": RawText("0.25"), "prepare.factor": 3})
    left = {"prepare": "cached", "train": "finished"}
    assert resumed(project, outcome.run_id) == left
    assert project.read("out/model.txt").startswith("0.25 3 6\n")
    assert resumed(project, outcome.run_id) == BOTH


def test_step_by_its_own_run(project):
    outcome = failed(project)
    run = outcome.steps["train"].run_id
    left = {"prepare": "cached", "train": "finished"}
    assert resumed(project, run, {"C": RawText("0.75")}) == left
    assert project.read("out/model.txt").startswith("0.75 ")


def test_changed_input_is_no_hit(project):
    outcome = failed(project)
    project.write("data/raw.csv", "7\n")
    run = outcome.steps["train"].run_id
    assert set(resumed(project, run).values()) == {"finished"}
    assert "28" in project.read("out/model.txt")


def test_only_is_as_before(project):
    failed(project)
    again = failed(project, only="train")
    assert resumed(project, again.run_id)["train"] == "finished"


def test_secret_is_asked_for_once_more(project):
    declared = "C = 1.0\nrows = 0\nfeatures = ''\nmodel = ''\napi_token = ''"
    cells = ("from pathlib import Path", "Path(model).write_text(str(1 / 0))")
    project.notebook("train.ipynb", *cells, parameters=declared)
    outcome = project.run({"train.api_token": "s3cr3t-word"})
    with pytest.raises(errors.InvalidParameterError, match=r"-p train\.api_token"):
        resume_pipeline(project.workspace, outcome.run_id)
    journals = project.folder / ".mlops" / "journals"
    texts = [file.read_text() for file in journals.rglob("*.jsonl")]
    assert not any("s3cr3t-word" in text for text in texts)


def test_pipeline_of_a_program_says_so(project):
    pipeline = project.workspace.pipelines.read(project.folder)
    pipeline = replace(pipeline, file=None)
    outcome = project.workspace.pipelines.run(pipeline, make_executor=in_process)
    with pytest.raises(errors.InvalidInputError, match="started by a program"):
        resume_pipeline(project.workspace, outcome.run_id)


def test_what_is_no_pipeline_is_refused(project):
    with project.workspace.start_run("alone") as run:
        pass
    with pytest.raises(errors.InvalidInputError, match="none of a pipeline"):
        resume_pipeline(project.workspace, run.id)
