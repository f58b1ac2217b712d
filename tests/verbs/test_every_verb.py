"""What holds for all verbs."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
import typer

from jupyter_mlops import verbs
from jupyter_mlops.errors import MagicUsageError, RunNotFoundError
from jupyter_mlops.records import Kind
from jupyter_mlops.tracking.recipes import ARTIFACT
from jupyter_mlops.verbs.app import app

EARLY = "(the run before)"
BATCH = "(a notebook's run)"
QUICK = "(a run that is soon made again)"
PUBLISHED = "(where models are published)"
APART = {"attach", "cancel"}
"""Need a notebook that failed, in memory, and a process that goes on: see
pipeline/checkpoints/test_attach.py and workspace/test_cancelling.py."""
COMMANDS = typer.main.get_command(app).commands
WORDS = {
    "init": ["init"],
    "run": ["run", "a.ipynb", "--help-parameters"],
    "resume": ["resume", BATCH],
    "sweep": ["sweep", "swept.ipynb", "--grid", "C=1,2", "--engine", "nbclient"],
    "status": ["status"],
    "runs": ["runs"],
    "show": ["show", "last"],
    "follow": ["follow", "last", "--once"],
    "compare": ["compare", "last", EARLY],
    "plot": ["plot", "loss"],
    "search": ["search", "fit"],
    "diff": ["diff", "last", "last"],
    "recipe": ["recipe", "last"],
    "verify": ["verify", QUICK],
    "rerun": ["rerun", "last", "--help-parameters"],
    "note": ["note", "last", "overfits"],
    "tag": ["tag", "last", "team=risk"],
    "push": ["push", "churn"],
    "models": ["models"],
    "gate": ["gate", "churn", "1"],
    "approve": ["approve", "churn", "1"],
    "promote": ["promote", "churn", "1"],
    "archive": ["archive", "churn", "1"],
    "pull": ["pull", PUBLISHED, "churn"],
    "card": ["card", "models:/churn/1"],
    "export": ["export", "models:/churn/1", "--to", "docker", "-o", "out", "--force"],
    "index": ["index"],
    "doctor": ["doctor"],
}
FIT = """%%track
import jupyter_mlops as mlops
from sklearn.linear_model import LogisticRegression
mlops.log_model("model", LogisticRegression().fit([[0.0], [1.0]], [0, 1]))"""
PARAMETERS = nbformat.v4.new_code_cell("C = 0", metadata={"tags": ["parameters"]})
SWEPT = nbformat.v4.new_notebook(cells=[PARAMETERS])
PASS = "%%track\npass"


def record(run, source):
    """Record a cell, and the notebook that makes it again."""
    sources = ["%load_ext jupyter_mlops", source]
    recipe = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(each) for each in sources],
        metadata={"jupyter_mlops": {"warnings": ["none"]}},
    )
    run.log_object(ARTIFACT, nbformat.writes(recipe))
    cell = {"source": source, "status": "finished", "began": 0, "seconds": 0.1}
    run.record("cell", n=0, **cell)


@pytest.fixture
def walked(workspace):
    """A workspace in which each verb has something to do."""
    linear = pytest.importorskip("sklearn.linear_model")
    nbformat.write(nbformat.v4.new_notebook(), "a.ipynb")
    nbformat.write(SWEPT, "swept.ipynb")
    Path("pipeline.yaml").write_text("steps: {a: {notebook: a.ipynb}}")
    with workspace.start_run("early") as run:
        run.log_metric("loss", 1)
    workspace.early = run.id
    with workspace.start_run("a", kind=Kind.NOTEBOOK, notebook="a.ipynb") as run:
        workspace.batch = run.id
    with workspace.start_run("quick") as run:
        record(run, PASS)
        workspace.quick = run.id
    with workspace.start_run("fit") as run:
        run.log_model("model", linear.LogisticRegression().fit([[0.0], [1.0]], [0, 1]))
        record(run, FIT)
    workspace.models.push("last", "churn")
    return workspace


def test_all_verbs_are_tried_here():
    assert set(WORDS) | APART == set(COMMANDS)


@pytest.mark.parametrize("verb", COMMANDS)
def test_verb_has_help_and_example(mlops, verb):
    said = mlops(verb, "--help")
    assert said.code == 0
    assert "Example:" in said.out
    assert f"\n    jupyter mlops {verb}" in said.out
    assert "--json" in said.out


@pytest.mark.parametrize("verb", COMMANDS)
def test_each_option_has_help(verb):
    for parameter in COMMANDS[verb].params:
        assert parameter.help, parameter.name


def words_of(verb, walked):
    url = f"file://{walked.layout.project}/published"
    if PUBLISHED in WORDS[verb]:
        walked.remotes.publish("churn", url)
    known = {EARLY: walked.early, BATCH: walked.batch, PUBLISHED: url}
    known[QUICK] = walked.quick
    return [known.get(word, word) for word in WORDS[verb]]


@pytest.mark.parametrize("verb", WORDS)
def test_json_is_one_document(mlops_json, walked, verb):
    assert mlops_json(*words_of(verb, walked)) is not None


@pytest.mark.parametrize("verb", WORDS)
def test_plain_answer_has_no_colour(mlops, walked, verb):
    said = mlops(*words_of(verb, walked))
    assert (said.code, said.err) == (0, ""), said.out
    assert said.out.strip()
    assert "\x1b" not in said.out


def test_notebook_gets_the_same_answer(walked, capsys):
    verbs.answer(["runs", "--json"], walked)
    run, *_ = json.loads(capsys.readouterr().out)
    assert run["name"] == "fit"


def test_notebook_gets_our_errors(walked):
    with pytest.raises(MagicUsageError, match="'runs'"):
        verbs.answer(["rnus"], walked)
    with pytest.raises(RunNotFoundError):
        verbs.answer(["show", "zzz"], walked)


def test_notebook_gets_the_list_of_verbs(walked, capsys):
    verbs.answer([], walked)
    assert "promote" in capsys.readouterr().out
