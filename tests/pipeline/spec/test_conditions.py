"""Conditions of steps: what they compare, and that nothing is ever evaluated."""

from __future__ import annotations

import pytest

from jupyter_mlops.pipeline.spec.conditions import ConditionFaultError, read_condition
from jupyter_mlops.pipeline.spec.references import (
    ReferenceFaultError,
    parse_reference,
    references,
    resolve,
)

VALUES = {"${a.metrics.auc}": 0.9, "${params.kind}": "rbf", "${a.values.n}": None}
HOLDS = (
    "${a.metrics.auc} > 0.8",
    "0.8 < ${a.metrics.auc} <= 0.9",
    "${params.kind} == 'rbf' and not ${a.metrics.auc} < 0.5",
    "${params.kind} in ['rbf', 'poly']",
    "${params.kind} not in ('a', 'b') or false",
    "${a.values.n} == null",
    "${a.metrics.auc} > -1",
    "true",
)


@pytest.mark.parametrize("text", HOLDS)
def test_condition_holds(text):
    assert read_condition(text).holds(lambda item: VALUES[str(item)])
    assert not read_condition(f"not ({text})").holds(lambda item: VALUES[str(item)])


@pytest.mark.parametrize(
    "text",
    [
        "open('x')",
        "(lambda: 1)()",
        "${a.metrics.x}.__class__",
        "[x for x in 'a']",
        "1 if true else 2",
        "f'{1}'",
        "2 ** 9",
        "a",
        "1 is 1",
        "${a.metrics.x",
        "",
        "x := 1",
        "{'a': 1}",
        "(" * 300 + ")" * 300,
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises((ConditionFaultError, ReferenceFaultError)):
        read_condition(text)


def test_kinds_that_cannot_be_compared():
    with pytest.raises(ConditionFaultError, match="cannot be compared"):
        read_condition("${params.kind} > 1").holds(lambda item: VALUES[str(item)])


def test_reference_alone_keeps_its_type():
    assert resolve("${a.metrics.auc}", lambda item: 0.5) == 0.5
    assert resolve({"x": ["v${a.metrics.auc}.csv"]}, lambda item: 0.5) == {
        "x": ["v0.5.csv"]
    }
    assert resolve("$${a.b}", lambda item: 0.5) == "${a.b}"


def test_metric_names_may_hold_dots():
    (found,) = references("${a.metrics.val/auc.macro}")
    assert (found.step, found.kind, found.name) == ("a", "metrics", "val/auc.macro")


@pytest.mark.parametrize(
    "inside", ["", "a", "a.b", "a.metrics.", "1.metrics.x", "params"]
)
def test_bad_reference_is_refused(inside):
    with pytest.raises(ReferenceFaultError):
        parse_reference(inside)
