"""Single runs, prefixes, experiments, and figures over them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jupyter_mlops.errors import AmbiguousRunError, RunNotFoundError
from jupyter_mlops.store.index import RunQuery, tables


def test_run_is_found_by_prefix(index, journals):
    first, second = journals.run(), journals.run()
    index.catch_up()
    assert index.resolve(first.upper()) == first
    assert index.resolve("last") == second
    with pytest.raises(AmbiguousRunError) as caught:
        index.resolve(first[:4])
    assert caught.value.candidates == [first, second]
    with pytest.raises(RunNotFoundError):
        index.resolve("")


def test_no_run_yet_is_said(index):
    index.catch_up()
    with pytest.raises(RunNotFoundError, match="no run yet"):
        index.resolve("last")
    assert len(index.table(RunQuery())) == 0


def test_children_come_oldest_first(index, journals):
    parent = journals.run(kind="parent")
    names = [journals.run(name=name, parent=parent) and name for name in "abc"]
    index.catch_up()
    assert [child.name for child in index.children(parent)] == names
    assert index.children(parent)[0].parent_id == parent


def test_experiments_are_counted(index, journals):
    for experiment in ("one", "two", "one"):
        journals.run(experiment=experiment)
    index.catch_up()
    found = [(item.name, item.run_count) for item in index.experiments()]
    assert found == [("one", 2), ("two", 1)]


def test_best_is_of_its_experiment(index, journals):
    for value in (0.5, 0.7, "NaN", 0.9):
        journals.run(journals.metric("auc", value))
    journals.run(journals.metric("auc", 2.0), experiment="other")
    index.catch_up()
    now = datetime.now(UTC)
    assert index.best("exp", now)["auc"] == (0.5, 0.9)
    assert index.best("exp", datetime(2000, 1, 1, tzinfo=UTC)) == {}
    assert index.best("nothing", now) == {}


def test_table_holds_every_column(index, journals):
    journals.run(journals.param("p", 1), journals.metric("m", "NaN"), name="a")
    journals.run(journals.tag("t", "x"), name="b", end=None)
    index.catch_up()
    columns = index.table(RunQuery(order_by="name")).columns
    assert list(columns)[7:] == ["params.p", "metrics.m", "tags.t"]
    assert columns["params.p"] == [1, None]
    assert repr(columns["metrics.m"]) == "[nan, None]"
    assert columns["tags.t"] == [None, "x"]
    assert columns["status"] == ["finished", "lost"]


def test_large_table_is_whole(index, journals, monkeypatch):
    monkeypatch.setattr("jupyter_mlops.store.index.queries._FEW", 3)
    for number in range(10):
        journals.run(journals.metric("m", number), experiment=f"e{number % 2}")
    index.catch_up()
    columns = index.table(RunQuery(experiment="e1", order_by="metrics.m")).columns
    assert columns["metrics.m"] == [1, 3, 5, 7, 9]


def test_tables_match_their_migrations(index):
    import sqlalchemy as sa

    index.catch_up()
    found = sa.inspect(index._database.engine)
    made = {
        name: {c["name"] for c in found.get_columns(name)}
        for name in found.get_table_names()
        if name.partition("_")[0] != tables.WORDS
    }
    made.pop("alembic_version")
    assert made == {
        name: set(t.columns.keys()) for name, t in tables.metadata.tables.items()
    }


def test_first_look_needs_no_alembic(layout):
    import subprocess
    import sys

    from jupyter_mlops.store.index import Index

    Index(layout).catch_up()
    program = (
        "import sys; from pathlib import Path\n"
        "from jupyter_mlops.store.index import Index\n"
        "from jupyter_mlops.store.layout import Layout\n"
        "Index(Layout(Path(sys.argv[1]))).catch_up()\n"
        "assert not {'alembic', 'lark', 'pandas'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program, layout.project], check=True)
