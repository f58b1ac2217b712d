"""Expressions of gates: what can be written, what it means, what a fault says."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from jupyter_mlops.registry.gates.evaluation import Evaluation
from jupyter_mlops.registry.gates.expression import (
    ExpressionFaultError,
    read_expression,
)
from jupyter_mlops.registry.gates.subject import GateFaultError, NothingYet

VERSION = SimpleNamespace(
    model="churn",
    version=2,
    size=1_500_000,
    metrics={"auc": 0.9, "val loss": 0.2, "max": 3.0, "bad": float("nan")},
    params={"kind": "tree", "deep": [1, 2]},
    tags={"team": "risk"},
)
CHAMPION = SimpleNamespace(**{**vars(VERSION), "metrics": {"auc": 0.8}, "version": 1})


class Subject:
    version = VERSION

    def __init__(self, champion=CHAMPION):
        self.champion = champion

    def other(self, name):
        return self.champion

    def reproduced(self):
        return True, "reproduced"

    def secrets(self):
        return ["a secret in its note"]

    def unconfirmed(self):
        return "use of version 2"

    def compatible(self, other):
        return other is CHAMPION, "alike"

    def latency(self, quantile):
        return 0.010 if quantile is None else quantile / 10

    def groups(self, columns, metric):
        by_group = {"f": 0.6, "m": 0.8}
        return SimpleNamespace(by_group=by_group, overall=0.7)


def judge(text, **subject):
    return Evaluation(read_expression(text), Subject(**subject)).judge()


@pytest.mark.parametrize(
    "text",
    [
        "metrics.auc >= 0.9",
        "0.1 < metrics['val loss'] <= 20 %",
        "metrics.auc > models['churn@champion'].metrics.auc",
        "metrics.auc - models['@champion'].metrics.auc > 0.05",
        "metrics.max == 3 and not metrics.auc < 0.5",
        "reproduced",
        "not no secrets",
        "not card confirmed",
        "signature compatible with champion",
        "signature compatible with models['churn/1']",
        "size < 200 MB",
        "size > 1 MiB or size <= models['churn/1'].size",
        "tags.team == 'risk' and params.kind in ['tree', \"forest\"]",
        "params.kind not in ['net']",
        "params.deep == [1, 2]",
        "p99 predict < 100 ms",
        "mean predict <= 10 ms",
        "p99.9 predict < 0.1 s",
        "min over groups(sex) of recall >= 0.7 * max",
        "max - 0.3 < min over groups(sex, 'age group') of recall",
        "ratio over groups(sex) of selection_rate >= 0.74",
        "difference over groups(sex) of accuracy < 0.25",
        "mean over groups(sex) of recall == overall",
        "-metrics.auc < -0.5 * (1 + 0.5)",
    ],
)
def test_what_holds(text):
    passed, said = judge(text)
    assert passed is True
    assert said or text.startswith("params.deep")


@pytest.mark.parametrize(
    "text",
    [
        "metrics.auc > 0.9",
        "metrics.bad > 0 or metrics.bad <= 0",
        "no secrets",
        "size < 1 MB",
        "p50 predict < 20 ms",
        "min over groups(sex) of recall >= 0.8 * max",
        "reproduced and metrics.auc > 1",
    ],
)
def test_what_does_not_hold(text):
    assert judge(text)[0] is False


@pytest.mark.parametrize(
    "text",
    [
        "metrics.auc > models['churn@champion'].metrics.auc",
        "not metrics.auc > models['@champion'].metrics.auc",
        "signature compatible with champion",
        "metrics.auc + models['@champion'].size > 2",
    ],
)
def test_nothing_to_compare_with_passes(text):
    passed, said = judge(text, champion=NothingYet("no champion yet"))
    assert passed is True
    assert "no champion yet" in said


def test_nothing_yet_hides_no_failure():
    text = "metrics.auc > models['@champion'].metrics.auc and metrics.auc > 0.95"
    assert judge(text, champion=NothingYet("none"))[0] is False


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("metrics.auk > 1", "no metric 'auk'.*mean 'auc'"),
        ("metrics.auc > 'a'", "0.9 cannot be compared with 'a'"),
        ("metrics.auc / 0 > 1", "cannot be computed"),
        ("params.kind * 2.5 == 1", "cannot be computed"),
        ("metrics.auc", "is no condition, but 0.9"),
        ("-params.kind == 1", "is no number"),
    ],
)
def test_what_cannot_be_judged(text, said):
    with pytest.raises(GateFaultError, match=said):
        judge(text)


@pytest.mark.parametrize(
    ("text", "said", "position"),
    [
        ("metrcs.auc > 1", "mean 'metrics'", 0),
        ("metrics.auc >", "ends too early", 13),
        ("", "empty", 0),
        ("min over groups(sex) of recal > 1", "mean 'recall'", 24),
        ("max > 1", "needs groups", 0),
        ("reproducd", "mean 'reproduced'", 0),
        ("size < 200 XB", "'XB'", 11),
        ("__import__('os').system('x')", "not known", 0),
        ("metrics.__class__.x > 1", "makes no sense", 17),
        ("tags.team == risk", "in quotes", 13),
        ("(" * 900 + "1", "too early|too deeply", None),
        ("a" * 3000, "2000 characters", None),
    ],
)
def test_fault_says_where(text, said, position):
    with pytest.raises(ExpressionFaultError, match=said) as caught:
        read_expression(text)
    assert position is None or caught.value.position == position
