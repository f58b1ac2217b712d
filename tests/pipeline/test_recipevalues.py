"""Literals of a recipe's cells found, and replaced."""

import pytest

from jupyter_mlops.pipeline.recipevalues import recipe_parameters, with_values


def document(*sources):
    cells = [{"cell_type": "code", "source": source} for source in sources]
    return {"cells": [{"cell_type": "markdown", "source": "C = 9"}, *cells]}


def sources(found):
    return [cell["source"] for cell in found["cells"][1:]]


def test_params_of_the_run_come_first():
    found = recipe_parameters(document("path = 'a.csv'", "C = 0.1"), {"C": 0.1})
    assert [(one.name, one.kind, one.default) for one in found] == [
        ("C", "float", 0.1),
        ("path", "str", "a.csv"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("C = 0.1  # weak", "C = 10  # weak"),
        ("%%track fit -p C\nC: float = -1", "%%track fit -p C\nC: float = 10"),
        ("naïve = 'é'; C = 1; D = 2", "naïve = 'é'; C = 10; D = 2"),
        ("C = [\n  1,\n  2,\n]\nfit(C)", "C = 10\nfit(C)"),
        ("C = 1\nC = 2", "C = 10\nC = 10"),
        ("if x:\n    C = 1", "if x:\n    C = 1"),
        ("C = f(1)", "C = f(1)"),
        ("C = 1 +", "C = 1 +"),
        ("%time fit()\nC = 1", "%time fit()\nC = 10"),
    ],
)
def test_value_takes_the_literals_place(before, after):
    assert sources(with_values(document(before), {"C": 10})) == [after]


def test_text_is_written_as_code():
    found = with_values(document("C = 1"), {"C": "a'b\n"})
    assert sources(found) == ['C = "a\'b\\n"']
