import numpy as np
import pandas as pd

from jupyter_mlops.capture.source import bindings, sift


class Hostile:
    """Raises at whatever is asked of it."""

    def _refuse(self, *_):
        raise RuntimeError("no")

    __getattr__ = __eq__ = __bool__ = __float__ = __repr__ = __len__ = _refuse
    __hash__ = None


def run(source, **kwargs):
    namespace = {}
    exec(source, namespace)
    return sift(bindings(source), namespace, **kwargs)


def test_literals_become_params_and_numbers_metrics():
    found = run("C, sizes = 0.5, (64, 32)\nauc = sum([0.25, 0.5])\nname = str(3)")
    assert found.params == {"C": 0.5, "sizes": [64, 32]}
    assert found.metrics == {"auc": 0.75}
    assert found.problems == []


def test_library_scalars_become_metrics():
    namespace = {"a": np.float32(0.5), "b": pd.Series([1, 2]).max(), "c": np.ones(2)}
    found = sift(bindings("a = f()\nb = f()\nc = f()"), namespace)
    assert found.metrics == {"a": 0.5, "b": 2}
    assert {type(value) for value in found.metrics.values()} == {float, int}


def test_flags_are_no_metrics():
    found = run("done = bool(1)\nflag = False")
    assert found.metrics == {}
    assert found.params == {"flag": False}


def test_changed_literal_is_no_param():
    found = run("hits = 0\nscores = []\nglobals()['hits'] = 3\nscores.append(1)")
    assert found.params == {}
    assert found.metrics == {"hits": 3}


def test_branch_that_ran_decides():
    source = "if {}:\n    n = 1\nelse:\n    n = int('2')"
    assert run(source.format(True)).params == {"n": 1}
    assert run(source.format(False)).metrics == {"n": 2}
    assert run("n = 1\nif True:\n    n = 2\nelse:\n    n = 3").params == {"n": 2}


def test_equal_number_of_other_type_was_computed():
    assert run("n = 1\ndef f():\n    global n\n    n = 1.0\nf()").metrics == {"n": 1.0}


def test_dict_of_numbers_as_last_value_gives_metrics():
    scores = {"auc": np.float64(0.9), "f1": 1}
    assert run("x = 1", last_value=scores).metrics == {"auc": 0.9, "f1": 1}
    assert run("x = 1", last_value={"auc": 0.9, "name": "a"}).metrics == {}
    assert run("x = 1", last_value={1: 0.9}).metrics == {}


def test_asked_for_names_and_attributes_are_found():
    source = "import fractions\nmodel = fractions.Fraction(1, 3)\nx = 2\ny = int('3')"
    found = run(source, params=["y", "model.denominator"], metrics=["x"])
    assert found.params == {"y": 3, "model.denominator": 3}
    assert found.metrics["x"] == 2
    assert "y" not in found.metrics


def test_asked_for_names_that_fail_are_said():
    found = run("score = 1.5\ntext = 'a'", params=["scor"], metrics=["text", "score.x"])
    assert "Did you mean 'score'?" in found.problems[0]
    assert "of type str" in found.problems[1]
    assert "no attribute 'x'" in found.problems[2]


def test_expressions_cannot_be_asked_for():
    found = run("d = {'a': 1}", metrics=["d['a']", "class", ""], params=["d[0]"])
    assert len(found.problems) == 4
    assert found.metrics == {}


def test_hostile_objects_never_raise():
    namespace = {"a": Hostile(), "b": [Hostile()], "c": Hostile()}
    found = sift(
        bindings("a = 1\nb = [1]\nc = f()"),
        namespace,
        last_value={"x": Hostile()},
        params=["a", "a.b"],
        metrics=["c"],
    )
    assert (found.params, found.metrics) == ({}, {})
    assert len(found.problems) == 3


def test_names_deleted_since_are_passed_over():
    assert sift(bindings("x = 1\ny = f()"), {}).params == {}
