"""What a notebook declares, and what fits it."""

from __future__ import annotations

import math

import nbformat
import pytest

from jupyter_mlops import errors
from jupyter_mlops.pipeline.parameter_cell import read_parameters
from jupyter_mlops.pipeline.parameters import (
    DeclaredParameters,
    RawText,
    check_parameters,
)


def declared(source):
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]})
    return read_parameters([nbformat.v4.new_code_cell("other = 1"), cell], "a.ipynb")


def checked(source, **given):
    return check_parameters(declared(source), given)


def typed(source, text):
    return checked(source, x=RawText(text))["x"]


def test_literals_become_defaults():
    found = declared("C = -0.5\nname = 'a'\nsizes = [1, 2]\nflag = True\nnone = None")
    assert found.effective({}) == {
        "C": -0.5,
        "name": "a",
        "sizes": [1, 2],
        "flag": True,
        "none": None,
    }
    kinds = [item.kind for item in found.by_name.values()]
    assert kinds == ["float", "str", "list", "bool", ""]


def test_comments_become_help():
    found = declared(
        "# how much to shrink,\n# relative to nothing\nC = 1.0\n\nn = 3  # trees\nm = 4"
    )
    helps = {name: item.help for name, item in found.by_name.items()}
    assert helps == {
        "C": "how much to shrink, relative to nothing",
        "n": "trees",
        "m": "",
    }


def test_annotations_say_the_kind():
    found = declared(
        "a: float = 1\nb: int | None = None\nc: Optional[str] = None\n"
        "d: 'list[int]' = ()\ne = 2  # type: float rate\nf: Path = 'x'"
    )
    kinds = {
        name: (item.kind, item.is_optional) for name, item in found.by_name.items()
    }
    assert kinds == {
        "a": ("float", False),
        "b": ("int", True),
        "c": ("str", True),
        "d": ("list", False),
        "e": ("float", False),
        "f": ("str", False),
    }
    assert found.by_name["e"].help == "rate"


def test_magics_and_calls_run_nothing():
    found = declared("%matplotlib inline\n!rm -rf x\nimport os\np = exit()\nn = 1")
    assert sorted(found.by_name) == ["n", "p"]
    assert found.effective({}) == {"n": 1}
    assert not found.by_name["p"].is_required


def test_pairs_are_unpacked():
    found = declared("a, b = 1, 'x'\nc = d = 2.5")
    assert found.effective({"d": 3.5}) == {"a": 1, "b": "x", "c": 2.5, "d": 3.5}


def test_broken_cell_names_the_line():
    with pytest.raises(errors.NotebookError, match=r"a\.ipynb.*line 2"):
        declared("a = 1\nb = = 2")


@pytest.mark.parametrize(
    ("source", "text", "value"),
    [
        ("x = 1", "12", 12),
        ("x = 1.0", "3", 3.0),
        ("x = 1.0", "1e-3", 1e-3),
        ("x = True", "False", False),
        ("x = False", "yes", True),
        ("x = 'a'", "12", "12"),
        ("x = 'a'", "", ""),
        ("x = [1]", "[1, 'b', null]", [1, "b", None]),
        ("x = {}", '{"a": {"b": 1.5}}', {"a": {"b": 1.5}}),
        ("x = {}", "{a: 1}", {"a": 1}),
        ("x = None", "7", 7),
        ("x = None", "rf", "rf"),
        ("x = None", "2024-01-01", "2024-01-01"),
        ("x = None", "null", None),
        ("x: int = None", "none", None),
        ("x = some()", "0.5", 0.5),
    ],
)
def test_texts_become_the_declared_kind(source, text, value):
    found = typed(source, text)
    assert found == value
    assert type(found) is type(value)


def test_nan_can_be_typed():
    assert math.isnan(typed("x = 1.0", "nan"))


@pytest.mark.parametrize(
    ("source", "text", "words"),
    [
        ("x = 1", "1.5", "a whole number"),
        ("x = 1", "many", "a whole number"),
        ("x = 1.0", "one", "a number"),
        ("x = True", "maybe", "true or false"),
        ("x = [1]", "1", "a list"),
        ("x = {}", "[1]", "a mapping"),
        ("x = [1]", "[1", "a list"),
        ("x: Literal['a', 'b'] = 'a'", "c", "one of 'a', 'b'"),
    ],
)
def test_unfit_texts_are_errors(source, text, words):
    with pytest.raises(errors.InvalidParameterError, match=words) as caught:
        typed(source, text)
    assert caught.value.name == "x"
    assert caught.value.notebook == "a.ipynb"


def test_python_values_keep_their_type():
    source = "a = 1.0\nb = None\nc = 'x'"
    assert checked(source, a=2, b="7", c="1") == {"a": 2.0, "b": "7", "c": "1"}
    with pytest.raises(errors.InvalidParameterError, match="a text"):
        checked(source, c=1)
    with pytest.raises(errors.InvalidParameterError, match="a number"):
        checked(source, a=True)


def test_misspelt_name_gets_the_nearest():
    with pytest.raises(errors.UnknownParameterError, match="'learning_rate'") as caught:
        checked("learning_rate = 0.1\nn = 3", learning_rat=0.2)
    assert caught.value.name == "learning_rat"
    assert caught.value.known == ["learning_rate", "n"]
    assert caught.value.notebook == "a.ipynb"


def test_untagged_notebook_says_how_to_tag():
    found = read_parameters([nbformat.v4.new_code_cell("C = 1")], "a.ipynb")
    with pytest.raises(errors.UnknownParameterError, match="tag 'parameters'"):
        check_parameters(found, {"C": 2})
    assert check_parameters(found, {}) == {}


def test_bare_annotation_is_required():
    with pytest.raises(errors.InvalidParameterError, match="-p data VALUE"):
        checked("data: str")
    assert checked("data: str", data="x.csv") == {"data": "x.csv"}


def test_other_languages_are_not_checked():
    found = DeclaredParameters(notebook="r.ipynb", is_python=False)
    assert check_parameters(found, {"n": RawText("3")}) == {"n": 3}
