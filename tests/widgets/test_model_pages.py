"""Pages of models: escaped, closed, and telling."""

from __future__ import annotations

from dataclasses import replace

from jupyter_mlops.records import ModelRecord
from jupyter_mlops.registry.cards import Carried
from jupyter_mlops.widgets.modelspage import models_page, versions_page
from jupyter_mlops.widgets.versionpage import version_page
from tests.registry.cards.test_cards import FACTS, VERSION
from tests.widgets.conftest import NASTY


def test_models_are_listed(read_page):
    model = ModelRecord(
        name=NASTY, versions=3, latest=VERSION, aliases={"champion": 3, NASTY: 1}
    )
    words = "".join(read_page(models_page([model])).words)
    assert NASTY in words
    assert "champion → 3" in words
    assert "Push one" in models_page([])


def test_versions_have_a_column_a_metric(read_page):
    nasty = replace(VERSION, by=NASTY, note=NASTY, run_id="0" * 26, archived=True)
    page = read_page(versions_page([VERSION, nasty]))
    assert {"auc", "loss"} <= set(page.rows[0])
    assert "archived" in "".join(page.words)
    assert "No versions" in versions_page([])


def test_version_says_what_nobody_confirmed(read_page):
    facts = replace(FACTS, carried={"use": Carried("Calls.", 2)})
    words = "".join(read_page(version_page(facts, {})).words)
    assert "use of version 2, not confirmed" in words


def test_version_shows_cells_and_gates(read_page):
    version = replace(VERSION, model=NASTY, note=NASTY, verdict="reproduced")
    facts = replace(FACTS, version=version)
    curves = {"auc": ([0, 1], [0.5, 0.91])}
    page = version_page(facts, curves, headline=NASTY)
    words = "".join(read_page(page).words)
    for word in ("model.fit(X, y)", "it is 0.91", "reproduced", "customers.csv"):
        assert word in words, word
    assert "Curve of auc" in page
