import pytest
from IPython.core.inputtransformer2 import TransformerManager

from jupyter_mlops.capture.source import bindings


@pytest.mark.parametrize(
    ("source", "literals"),
    [
        ("C = 0.5", {"C": 0.5}),
        ("shift = -2", {"shift": -2}),
        ("lr: float = 0.1", {"lr": 0.1}),
        ("a, b = 1, 'x'", {"a": 1, "b": "x"}),
        ("(a, [b, c]) = 1, (2, 3)", {"a": 1, "b": 2, "c": 3}),
        ("a = b = None", {"a": None, "b": None}),
        ("grid = {'C': [0.1, 1], 'p': ('l1', None)}", None),
        ("x = f()\nx = 3", {"x": 3}),
        ("if fast:\n    n = 1\nelse:\n    n = 2", {"n": 2}),
        ("with f() as g:\n    n = 1", {"n": 1}),
        ("print(n := 4)", {"n": 4}),
        ("await f()\nn = 1", {"n": 1}),
    ],
)
def test_literals_are_read(source, literals):
    found = bindings(source)
    literals = literals or {"grid": {"C": [0.1, 1], "p": ("l1", None)}}
    assert found.literals == literals
    assert found.computed == []


@pytest.mark.parametrize(
    ("source", "computed"),
    [
        ("auc = score(model)", ["auc"]),
        ("a, b = f()", ["a", "b"]),
        ("a, *b = 1, 2, 3", ["a", "b"]),
        ("text = f'{x}'", ["text"]),
        ("n = 0\nn += 1", ["n"]),
        ("n = 0\nfor i in x:\n    if i:\n        n += 1", ["n"]),
        ("for i in range(3):\n    loss = f(i)", ["loss"]),
        ("while True:\n    loss = f()\n    break", ["loss"]),
        ("with open('x') as fh:\n    size = len(fh.read())", ["size"]),
        ("try:\n    a = f()\nexcept OSError as e:\n    b = g()", ["a", "b"]),
        ("found = [last := v for v in x]", ["last", "found"]),
        ("match x:\n    case [y]:\n        z = f(y)", ["z"]),
    ],
)
def test_computed_names_are_read(source, computed):
    found = bindings(source)
    assert found.computed == computed
    assert found.literals == {}


@pytest.mark.parametrize(
    "source",
    [
        "for i in range(3): pass",
        "import os, numpy as np",
        "from a import b as c",
        "def f():\n    x = 1",
        "class A:\n    x = 1",
        "with f() as g: pass",
        "_x = 1\n__y = f()",
        "d['a'] = 1\no.a = 2",
        "x: int",
        "x = 1\ndel x",
        "f = lambda: (x := 1)\ndel f",
        "i = 0\nfor i in y: pass",
        "[x for x in y]",
    ],
)
def test_other_names_are_left_out(source):
    found = bindings(source)
    assert found.is_parsed
    assert (found.literals, found.computed) == ({}, [])


def test_branches_may_differ_in_kind():
    found = bindings("if fast:\n    n = 1\nelse:\n    n = f()")
    assert found.literals == {"n": 1}
    assert found.computed == ["n"]


def test_all_literals_of_a_name_are_kept():
    found = bindings("n = 1\nif fast:\n    n = 2\nelif slow:\n    n = 3")
    assert found.alternatives == {"n": [1, 2, 3]}


@pytest.mark.parametrize("source", ["x =", "x = '\0'", "(" * 500, "!ls"])
def test_broken_source_gives_nothing(source):
    found = bindings(source)
    assert not found.is_parsed
    assert (found.literals, found.computed) == ({}, [])


def test_transformed_magics_are_expressions():
    cell = "%time x = 1\nfiles = !ls\n!pip list\nn = 3\n"
    found = bindings(TransformerManager().transform_cell(cell))
    assert found.literals == {"n": 3}
    assert found.computed == ["files"]


def test_odd_escapes_warn_no_second_time(recwarn):
    assert bindings("path = 'C:\\data'").literals == {"path": "C:\\data"}
    assert len(recwarn) == 0
