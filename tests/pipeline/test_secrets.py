"""Secret parameters: no byte of what is stored, anywhere, holds their values."""

from __future__ import annotations

import base64
import html
import json
import urllib.parse

import papermill
import pytest

from jupyter_mlops import errors
from jupyter_mlops.api.secrets import Secret
from jupyter_mlops.pipeline.parameter_cell import read_parameters
from jupyter_mlops.pipeline.parameters import MASK, RawText, check_parameters
from jupyter_mlops.verbs.run import list_parameters

from .conftest import code, write_notebook

VALUE = "zebra'9/\"quartz&+x"
FORMS = (
    VALUE,
    repr(VALUE)[1:-1],
    json.dumps(VALUE)[1:-1],
    html.escape(VALUE),
    urllib.parse.quote(VALUE),
    base64.b64encode(VALUE.encode()).decode(),
    # What any of them, cut or escaped in some other way, would still hold.
    "quartz",
)
DECLARED = "from jupyter_mlops import Secret\nopener: Secret  # opens the door\nn = 1"
CELLS = (
    "import base64, json, sys, logging, time\nprint(opener)",
    "print(opener[:6], end=''); time.sleep(0.7); print(opener[6:])",
    "print([opener], json.dumps(opener), base64.b64encode(opener.encode()))",
    "import pandas as pd\npd.DataFrame({'a': [opener]})",
    "logging.warning('with %s', opener)\nopener",
    "%load_ext jupyter_mlops",
    "%%track inner\ncopied = opener\nprint(copied); copied",
    "import jupyter_mlops as mlops\nmlops.set_tag('who', opener); mlops.log_param('p', {'x': opener})",
    "raise ValueError('no ' + opener)",
)


def stored(*places):
    """Give all bytes below some folders, and of some files."""
    for place in places:
        files = [place] if place.is_file() else place.rglob("*")
        yield from ((path, path.read_bytes()) for path in files if path.is_file())


def leaks(*places):
    return [
        (path, form)
        for path, data in stored(*places)
        for form in FORMS
        if form.encode() in data
    ]


@pytest.mark.parametrize("engine", ["worker", "nbclient"])
def test_no_byte_holds_the_value(workspace, engine):
    project = workspace.layout.project
    path = write_notebook(project / "a.ipynb", *CELLS, parameters=DECLARED)
    with pytest.raises(errors.NotebookFailedError) as caught:
        workspace.notebooks.run(
            path, {"opener": VALUE}, output=project / "out.ipynb", engine=engine
        )
    assert "quartz" not in str(caught.value)
    assert len(workspace.runs()) == 2
    assert leaks(project / ".mlops", project / "out.ipynb") == []
    found = workspace.get_run(caught.value.run_id)
    assert found.params["opener"] == MASK
    # It ran with the value all the same.
    assert found.cells[2].outputs[0]["text"] == f"{MASK}\n"


def test_papermills_own_file_is_masked(workspace):
    project = workspace.layout.project
    write_notebook(project / "a.ipynb", CELLS[0], parameters=DECLARED)
    papermill.execute_notebook(
        "a.ipynb", "b.ipynb", {"opener": VALUE}, engine_name="mlops", progress_bar=False
    )
    assert leaks(project / ".mlops", project / "b.ipynb") == []
    assert MASK in (project / "b.ipynb").read_text()


def test_pipelines_keep_no_secret(workspace):
    project = workspace.layout.project
    write_notebook(project / "a.ipynb", CELLS[0], parameters=DECLARED)
    (project / "pipeline.yaml").write_text(
        "name: p\nparameters: {door: none}\nsteps:\n"
        "  one: {notebook: a.ipynb, parameters: {opener: '${params.door}'}}\n"
        "  two: {notebook: a.ipynb, parameters: {n: 2}}\n"
    )
    given = {"door": VALUE, "two.opener": RawText(VALUE)}
    first = workspace.pipelines.run("pipeline.yaml", given)
    assert not first.failures
    assert leaks(project / ".mlops") == []
    # Another value may lead to other data.
    other = workspace.pipelines.run("pipeline.yaml", {**given, "door": "another1"})
    assert {name: item.state for name, item in other.steps.items()} == {
        "one": "finished",
        "two": "cached",
    }


def declared(source):
    return read_parameters([code(source, "parameters")], "a.ipynb").by_name


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("x: SecretStr = ''", "str"),
        ("x: mlops.Secret", "str"),
        ("x: Secret[int] = 1234", "int"),
        ("x: 'Secret[str] | None' = None", "str"),
        ("x: Optional[SecretStr] = None", "str"),
        ("x: Annotated[str, 'secret']", "str"),
        ("api_key: str", None),
        ("password = 'your-password'", None),
    ],
)
def test_secrets_are_told_by_type_and_name(line, kind):
    (found,) = declared(line).values()
    assert found.is_secret
    assert found.secret == ("type" if kind else "name")
    assert found.kind == (kind or "str")


@pytest.mark.parametrize("line", ["max_tokens = 5", "token = 'word'", "key: str = 'a'"])
def test_others_are_no_secrets(line):
    (found,) = declared(line).values()
    assert not found.is_secret


def test_short_secrets_are_refused(tmp_path):
    found = read_parameters([code("x: Secret = ''", "parameters")], "a.ipynb")
    with pytest.raises(errors.InvalidParameterError, match="4 letters") as caught:
        check_parameters(found, {"x": "q7"})
    assert "q7" not in str(caught.value)
    assert check_parameters(found, {"x": ""}) == {"x": ""}


def test_help_shows_no_default(workspace):
    path = write_notebook(
        workspace.layout.project / "a.ipynb", parameters=f"x: Secret = {VALUE!r}  # it"
    )
    answer = list_parameters(path)
    (told,) = answer.to_json()
    assert told["secret"]
    assert told["default"] == MASK
    assert "quartz" not in str(answer.to_json())


def test_secret_text_is_not_shown():
    assert VALUE not in repr(Secret(VALUE))
    assert Secret(VALUE) == VALUE
    assert Secret[int] is int
