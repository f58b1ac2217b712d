"""``sweep`` on the command line and in the notebook."""

import json
import re

import pytest

from jupyter_mlops.errors import InvalidInputError, PipelineError
from jupyter_mlops.magics.displays import bundle_of
from jupyter_mlops.verbs import answer
from jupyter_mlops.verbs.sweep import SweepAnswer
from jupyter_mlops.verbs.sweeptable import LiveTable, points_table
from jupyter_mlops.widgets.sweeppage import sweep_page
from tests.pipeline.checkpoints.conftest import runtime_folder
from tests.pipeline.conftest import write_notebook

CELLS = (
    "import jupyter_mlops as mlops",
    "mlops.log_metric('auc', C * (1 if kind == 'a' else 2))",
)


@pytest.fixture
def swept(workspace, capsys):
    """Sweep by words; return what is printed."""
    write_notebook(
        workspace.layout.project / "n.ipynb", *CELLS, parameters="C = 1.0\nkind = 'a'"
    )

    def sweep(*words):
        answer(["sweep", "n.ipynb", *words], workspace)
        return capsys.readouterr().out

    sweep.workspace = workspace
    return sweep


def test_table_has_the_best_first_and_in_words(swept):
    said = swept("--grid", "C=1,3", "--grid", "kind=a,b", "--metric", "auc", "-j", "2")
    first = said.splitlines()[1].split()
    assert first[:4] == ["4", "3", "b", "6"]
    assert "Best: auc 6 with C=3, kind=b (point 4)." in said
    assert "1 cell ran once for all points" in said


def test_json_is_one_document(swept):
    told = json.loads(
        swept(
            "--random",
            "2",
            "--over",
            "C=log:0.1..10",
            "-p",
            "kind",
            "b",
            "--seed",
            "4",
            "--json",
        )
    )
    assert told["seed"] == 4
    assert len(told["points"]) == 2
    assert told["best"]["params"] == told["points"][0]["params"]


def test_show_lists_points_best_first(swept, capsys):
    told = json.loads(swept("--grid", "C=1,3,2", "--json"))
    answer(["show", told["run_id"]], swept.workspace)
    lines = capsys.readouterr().out.splitlines()
    head = next(at for at, line in enumerate(lines) if line.startswith("point"))
    assert [line.split()[0] for line in lines[head + 1 : head + 4]] == ["2", "3", "1"]
    answer(["show", told["run_id"], "--json"], swept.workspace)
    shown = json.loads(capsys.readouterr().out)
    assert shown["sweep"]["best"]["params"] == {"C": 3.0}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--grid", "C"], "no name with values"),
        (["--grid", "C=1", "--grid", "C=2"], "there twice"),
        (["--grid", "C=1", "--max", "--min"], "not both"),
        (["--grid", "C=1", "--memory", "lots"], "--memory"),
        (["--grid", "Cc=1"], "no parameter 'Cc'"),
        ([], "something to go over"),
    ],
)
def test_bad_words_are_said(swept, words, said):
    with pytest.raises(Exception, match=said):
        swept(*words)
    assert len(swept.workspace.runs()) == 0


def test_page_and_live_table_show_points(swept):
    told = json.loads(swept("--grid", "C=1,3", "--json"))
    result = swept.workspace.sweeps.read(told["run_id"])
    page = sweep_page(result)
    assert page.index(">3<") < page.index(">1<")
    assert "best: auc 3 with C=3" in page
    html = bundle_of(SweepAnswer(result), swept.workspace)[0]["text/html"]
    assert html == page
    live = LiveTable("auc", 40)
    live.sweep_began(2)
    live.sharing_ended(1, "")
    for item in result.points:
        live.point_began(item)
        live.point_ended(item)
    assert points_table(result.ranked, "auc").row_count == 2
    head, shared, table = live.__rich__().renderables
    assert (str(head), str(shared)) == (
        "2 of 2 points",
        "1 cell ran once for all points.",
    )
    assert table.row_count == 2


PIPELINE = """\
steps:
  prepare:
    notebook: p.ipynb
    outputs: {table: out/t.txt}
  train:
    notebook: n.ipynb
    parameters: {kind: b}
    inputs: {table: "${prepare.outputs.table}"}
"""


def test_step_is_swept_with_what_its_pipeline_gives(swept, capsys):
    folder = swept.workspace.layout.project
    (folder / "pipeline.yaml").write_text(PIPELINE)
    write = "from pathlib import Path\nPath(table).write_text('5')"
    write_notebook(folder / "p.ipynb", write, parameters="table = ''")
    read = "from pathlib import Path\nrows = int(Path(table).read_text())"
    logged = "import jupyter_mlops as mlops\nmlops.log_metric('auc', C * rows)"
    write_notebook(
        folder / "n.ipynb", read, logged, parameters="C = 1.0\nkind = 'a'\ntable = ''"
    )
    with pytest.raises(PipelineError, match="not up to date"):
        answer(["sweep", "train", "--grid", "C=1,2"], swept.workspace)
    answer(["run", "pipeline.yaml", "--only", "prepare"], swept.workspace)
    capsys.readouterr()
    answer(["sweep", "train", "--grid", "C=1,2", "--json"], swept.workspace)
    told = json.loads(capsys.readouterr().out)
    assert told["best"]["metrics"] == {"auc": 10.0}
    assert swept.workspace.get_run(told["best"]["run_id"]).params["kind"] == "b"
    with pytest.raises(PipelineError, match="at the same time"):
        answer(
            ["sweep", "pipeline.yaml:prepare", "--grid", "table=a,b", "-j", "2"],
            swept.workspace,
        )


@pytest.fixture
def left(workspace):
    """A sweep whose second point failed, and can be mended."""
    folder = workspace.layout.project
    write_notebook(
        folder / "n.ipynb",
        "import jupyter_mlops as mlops, os",
        "assert C < 2 or os.path.exists('mended')",
        parameters="C = 1.0",
    )
    with runtime_folder():
        found = workspace.sweeps.run(
            folder / "n.ipynb", grid={"C": [1, 2, 3]}, engine="worker"
        )
        assert found.status == "failed"
        (folder / "mended").touch()
        yield found.run_id


def test_resume_takes_sweeps(mlops, left):
    refused = mlops("resume", left, "--from-cell", "1")
    assert refused.code == 2
    assert "behind the cells that all of them share" in " ".join(refused.err.split())
    found = mlops("resume", left)
    assert (found.code, found.err) == (0, "")
    said = " ".join(found.out.split())
    assert f"Resumed from {left}, whose 1 shared cell was not run again." in said
    told = mlops("show", re.search(r"mlops show (\w+)", said)[1])
    assert f"from {left}, whose 1 shared cell" in " ".join(told.out.split())


def test_resume_of_a_sweep_as_json(mlops_json, left):
    told = mlops_json("resume", left)
    assert told["resumed"] == {
        "origin": left,
        "restored": 1,
        "why": "",
        "is_sweep": True,
        "points": 0,
    }
    assert {item["state"] for item in told["points"]} == {"finished"}


def test_sweep_is_gone_on_with_in_python(left):
    import jupyter_mlops as mlops

    with pytest.raises(InvalidInputError, match="behind the cells"):
        mlops.resume(left, from_cell=1)
    assert mlops.resume(left).status == "finished"
