"""Lines of journals that cannot be taken, and runs that lack theirs."""

from __future__ import annotations

import pytest

from jupyter_mlops.ids import new_run_id
from jupyter_mlops.store.index import RunQuery

DIGEST = "ab" * 32


def test_torn_line_is_dropped_and_said(index, journals):
    run_id = journals.run(journals.metric("m", 1.0), end=None)
    journals.write(run_id, b'{"e":"metric","k":"m","v":')
    (problem,) = index.catch_up().problems
    assert "torn" in problem
    assert run_id in problem
    assert index.catch_up().problems == []
    assert index.run(run_id).metrics["m"].count == 1


@pytest.mark.parametrize(
    "line",
    [
        b"garbage\n",
        b'{"e":"metric","k":"m","v":"no","s":0,"t":1}\n',
        b'{"e":"metric","k":"m","v":true,"s":0,"t":1}\n',
        b'{"e":"metric","k":[],"v":1,"s":0,"t":1}\n',
        b'{"e":"metric","k":"m","v":1,"s":1.5,"t":1}\n',
        b'{"e":"metric","k":"m","v":1,"s":0,"t":-1}\n',
        b'{"e":"param","k":"p","t":1}\n',
        b'{"e":"artifact","name":"a","format":"f","digest":"zz","size":1,"t":1}\n',
        b'{"e":"cell","n":"x","t":1}\n',
        b'{"e":[],"t":1}\n',
    ],
)
def test_bad_line_is_left_and_said(index, journals, line):
    run_id = journals.run(journals.metric("m", 1.0), line, journals.metric("m", 2.0, 1))
    (problem,) = index.catch_up().problems
    assert "1 line" in problem
    assert index.run(run_id).metrics["m"].count == 2


def test_unknown_kinds_are_passed_over(index, journals):
    run_id = journals.run(journals.line("hologram", depth=3), journals.metric("m", 1.0))
    assert index.catch_up().problems == []
    assert index.run(run_id).metrics["m"].count == 1


def test_run_without_start_is_hidden(index, journals):
    run_id = new_run_id()
    journals.write(run_id, journals.metric("m", 1.0))
    (problem,) = index.catch_up().problems
    assert "start event" in problem
    assert index.find(RunQuery()) == []
    journals.write(
        run_id,
        journals.line("start", name="n", experiment="e", kind="cell"),
        writer="2-0",
    )
    index.catch_up()
    assert index.find(RunQuery())[0].metrics["m"].last == 1.0
