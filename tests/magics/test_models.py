"""Models in the notebook: a real kernel trains, pushes, promotes and shows."""

from __future__ import annotations

import pytest

from tests.magics.test_answers import kernel  # noqa: F401 - a fixture
from tests.widgets.conftest import Page

TRAIN = """%%track train
from sklearn.linear_model import LogisticRegression
X, y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]
churn_model = LogisticRegression(C=10.0).fit(X, y)
mlops.log_model("model", churn_model)
auc = 0.875
"""


@pytest.fixture
def shown(kernel):  # noqa: F811 - the fixture above
    pytest.importorskip("sklearn")

    def shown(line):
        pages = [
            content["data"]
            for kind, content in kernel.run(line)
            if kind == "display_data"
        ]
        assert pages, line
        return pages[-1]

    kernel.run("import sklearn.linear_model")
    kernel.run(TRAIN)
    return shown


def test_notebook_takes_a_model_to_champion(shown):
    page = shown("%mlops push churn --from last")
    words = "".join(Page(page["text/html"]).words)
    assert "churn, version 1" in words
    assert "LogisticRegression(C=10.0).fit(X, y)" in words
    assert 'mlops.load_model("models:/churn/1")' in words
    assert "churn has version 1" in page["text/plain"]
    words = "".join(Page(shown("%mlops promote churn")["text/html"]).words)
    assert "champion" in words
    assert "alias set" in words
    table = Page(shown("%mlops models")["text/html"])
    assert "champion → 1" in "".join(table.words)
    rows = Page(shown("%mlops models churn")["text/html"]).rows
    assert any("champion" in row for row in rows)


def test_card_shows_in_the_notebook(shown):
    shown("%mlops push churn --from last")
    page = shown("%mlops card models:/churn/1 --set limits='Not <b>abroad</b>'")
    words = "".join(Page(page["text/html"]).words)
    assert "Not <b>abroad</b>" in words
    assert "churn_model = LogisticRegression" in words
