"""The same journals give the same index, however they come in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_mlops.ids import RunId, new_run_id
from jupyter_mlops.store import events
from jupyter_mlops.store.index import Index
from jupyter_mlops.store.journal import ring
from jupyter_mlops.store.layout import Layout

DIGEST = "cd" * 32
NAMES = st.sampled_from(["a", "b"])
NUMBERS = st.one_of(
    st.sampled_from(["NaN", "Infinity", "-Infinity"]),
    st.integers(-3, 3),
    st.floats(-9, 9),
)
# Few moments, so that many events of both writers fall on the same one.
TIMES = st.integers(1_790_000_000_000_000, 1_790_000_000_000_003)


def event(kind, /, **fields):
    return st.fixed_dictionaries({"e": st.just(kind), "t": TIMES, **fields})


EVENTS = st.one_of(
    event("metric", k=NAMES, v=NUMBERS, s=st.integers(-1, 2)),
    event(
        "param",
        k=NAMES,
        v=st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3)),
    ),
    event("tag", k=NAMES, v=st.one_of(st.none(), NAMES)),
    event("note", text=NAMES),
    event("environment", digest=st.sampled_from([DIGEST, "ef" * 32])),
    event(
        "artifact",
        name=NAMES,
        format=NAMES,
        digest=st.just(DIGEST),
        size=st.integers(0, 9),
    ),
    event(
        "cell",
        n=st.integers(0, 1),
        source=NAMES,
        status=st.just("finished"),
        began=TIMES,
        seconds=st.just(1),
    ),
    event("file", path=NAMES, role=st.just("read"), size=st.integers(0, 3)),
    event("start", name=NAMES, experiment=NAMES, kind=st.just("cell")),
    event("end", status=st.sampled_from(["finished", "failed"])),
    event("later", x=st.integers()),
)
START = {
    "e": "start",
    "t": 1_790_000_000_000_000,
    "name": "n",
    "experiment": "e",
    "kind": "cell",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """One workspace for all examples: each is two runs in it."""
    layout = Layout(tmp_path_factory.mktemp("order") / "project")
    layout.create()
    index = Index(layout)
    yield layout, index
    index.close()


def append(layout, run_id, name, data):
    """Let a journal grow, as a process does that joins a run."""
    folder = layout.journal_folder(run_id)
    folder.mkdir(exist_ok=True)
    with (folder / name).open("ab") as file:
        file.write(data)
    ring(layout, run_id)


def has_word(index, run_id, word):
    """Ask the table of words alone: what was replaced must have left it."""
    sql = (
        "SELECT count(*) FROM words w JOIN runs r ON r.id = w.rowid "
        "WHERE w.words MATCH ? AND r.run_id = ?"
    )
    return index._ask(lambda c: c.exec_driver_sql(sql, (f'"{word}"', run_id)).scalar())


def everything(index, run_id):
    record = index.run(run_id)
    return repr(
        (
            replace(record, run_id=RunId("")),
            [index.history(run_id, key) for key in record.metrics],
            index.cells(run_id),
            index.artifacts(run_id),
            index.files(run_id),
            [has_word(index, run_id, word) for word in ("a", "b", "n", "e", "true")],
        )
    )


@settings(max_examples=100, deadline=None)
@given(
    first=st.lists(EVENTS, max_size=12),
    second=st.lists(EVENTS, max_size=12),
    start_place=st.integers(0, 12),
    cuts=st.lists(st.tuples(st.booleans(), st.integers(1, 400)), max_size=8),
)
def test_any_split_and_order_is_the_same(workspace, first, second, start_place, cuts):
    layout, index = workspace
    lines = [*first[:start_place], START, *first[start_place:]]
    rest = {
        "1-a.jsonl": b"".join(map(events.dump, lines)),
        "2-b.jsonl": b"".join(map(events.dump, second)),
    }
    whole, pieces = new_run_id(), new_run_id()
    for name, data in rest.items():
        append(layout, whole, name, data)
    for is_first, size in [*cuts, (True, 1 << 20), (False, 1 << 20)]:
        name = "1-a.jsonl" if is_first else "2-b.jsonl"
        append(layout, pieces, name, rest[name][:size])
        rest[name] = rest[name][size:]
        index.catch_up()
    assert everything(index, pieces) == everything(index, whole)
