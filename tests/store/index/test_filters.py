"""The search language, on both databases."""

from __future__ import annotations

import pytest

from jupyter_mlops.errors import ExperimentNotFoundError, FilterSyntaxError
from jupyter_mlops.store.index import RunQuery


@pytest.fixture
def names(index, journals):
    """Ask for the names of the runs that a filter finds, among four runs."""
    j = journals
    j.run(
        j.metric("auc", 0.9), j.metric("val loss", 0.1), j.param("C", 0.5),
        j.param("model", "svc"), j.tag("team", "risk"), name="A", kind="cell",
    )  # fmt: skip
    j.run(
        j.metric("auc", 0.8), j.param("C", 2), j.param("model", "Tree_1"),
        j.param("warm", True), name="B", experiment="other", end="failed",
    )  # fmt: skip
    j.run(j.metric("auc", "NaN"), j.param("C", "0.5"), j.tag("team", "ops"), name="C")
    j.run(j.param("warm", False), j.param("none", None), name="D", end=None)
    index.catch_up()

    def ask(text, order="name", **more):
        found = index.table(RunQuery(filter=text, order_by=order, **more))
        return "".join(found.columns["name"])

    return ask


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "ABCD"),
        ("metrics.auc > 0.85 and params.C < 1 and tags.team = 'risk'", "A"),
        ("METRICS.auc >= 8e-1 AND params.C >= .5", "AB"),
        ('metrics."val loss" < 1', "A"),
        ("metrics.`val loss` <= 0.1", "A"),
        ("metric.auc != 0.9", "B"),
        ("metrics.nothing > 0", ""),
        ("metrics.auc < inf", "AB"),
        ("metrics.auc is null", "D"),
        ("metrics.auc is not null", "ABC"),
        ("metrics.auc > 0.85 or metrics.auc < 0.85", "AB"),
        ("not metrics.auc > 0.85", "BCD"),
        ("not (params.C = 2 or params.C = '0.5')", "AD"),
        ("params.C = '0.5'", "C"),
        ("params.C = 0.5", "A"),
        ("params.C in (0.5, 2)", "AB"),
        ("params.C in (2, '0.5')", "BC"),
        ("params.C not in (2)", "A"),
        ("params.warm = true", "B"),
        ("params.warm != true", "D"),
        ("params.warm = 1", ""),
        ("params.none is null", "ABCD"),
        ("params.model like 'tree%'", ""),
        ("params.model like 'Tree_1'", "B"),
        (r"params.model like 'Tree\_1'", "B"),
        (r"params.model like 'sv\_'", ""),
        ("params.model ilike 'tree%'", "B"),
        ("params.model not like 'T%'", "A"),
        ("tags.team != 'risk'", "C"),
        ("tags.team is null", "BD"),
        ("status = 'finished'", "AC"),
        ("attributes.status = 'FINISHED'", "AC"),
        ("status in ('failed', 'lost')", "BD"),
        ("experiment = 'other'", "B"),
        ("experiment != 'other' and kind = 'cell'", "A"),
        ("name = 'A' or name = 'D'", "AD"),
        ("ended is null", "D"),
        ("not seconds > 100", "ABCD"),
        ("seconds < 1", "ABC"),
        ("started > '2020-01-01' and started < '2030-01-01 10:00'", "ABCD"),
        ("started < '2020-01-01T00:00:00+02:00'", ""),
        ("parent is null and notebook is null", "ABCD"),
        ("name = 'it''s' or name = \"B\"", "B"),
        ("tags.team = '''; DROP TABLE runs; --'", ""),
    ],
)
def test_filter_finds(names, text, found):
    assert names(text) == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("", "DCBA"),
        ("started", "ABCD"),
        ("metrics.auc", "BADC"),
        ("metrics.auc desc", "ABDC"),
        ("METRICS.auc DESC, name asc", "ABCD"),
        (["metrics.auc", "name desc"], "BADC"),
        ("params.C, name", "ABCD"),
        ("params.C desc, name", "BACD"),
        ("tags.team, name", "CABD"),
        ("tags.team desc, metrics.auc desc", "ACBD"),
        ("experiment desc, name", "BACD"),
    ],
)
def test_order_puts_lacking_last(names, order, found):
    assert names("", order) == found
    assert names("", order, limit=3) == found[:3]


def test_query_narrows_without_a_filter(names):
    assert names("", experiment="other") == "B"
    assert names("", kinds=["cell"]) == "A"
    with pytest.raises(ExperimentNotFoundError, match="'other'"):
        names("", experiment="othr")


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("metrics.auc >", 13, "a value"),
        ("metrics.auc > 'x'", 14, "numbers"),
        ("metrics.auc 0.9", 12, "a comparison"),
        ("foo.x = 1", 0, "'foo.'"),
        ("statu = 'x'", 0, "'status'"),
        ("attributes.statu = 'x'", 11, "'status'"),
        ("status = finished", 9, "in quotes"),
        ("params.a = 1 and and", 17, "a name"),
        ("params.a = 'x", 11, "closing quote"),
        ("(params.a = 1", 13, "')'"),
        ("params.a = 1 params.b = 2", 13, "'and'"),
        ("tags.a = 1", 9, "text"),
        ("started > 'soon'", 10, "dates"),
        ("name like 3", 10, "a text in quotes"),
        ("`a b` = 1", 0, "kind before it"),
        ("name in ('a'", 12, "comma"),
        ("name is 3", 8, "null"),
    ],
)
def test_fault_is_pointed_at(index, text, position, reason):
    index.catch_up()
    with pytest.raises(FilterSyntaxError) as caught:
        index.find(RunQuery(filter=text))
    assert caught.value.position == position
    assert reason in caught.value.reason
    assert str(caught.value).splitlines()[-1] == "  " + " " * position + "^"


def test_bad_order_is_pointed_at(index):
    with pytest.raises(FilterSyntaxError, match="asc"):
        index.find(RunQuery(order_by="metrics.auc down"))
