"""What a running cell shows, told in events: within bounds, and without secrets."""

from __future__ import annotations

import pytest

from jupyter_mlops.capture.masking import Masker
from jupyter_mlops.pipeline import live_outputs
from jupyter_mlops.pipeline.live_outputs import BUDGET, PIECE, LiveOutputs
from jupyter_mlops.store.showing import LIMIT, read_showing
from jupyter_mlops.workspace.liveruns import LiveCell


class Told:
    """A run that keeps what is recorded."""

    def __init__(self):
        self.events = []
        self.masker = Masker()

    def record(self, event, **fields):
        self.events.append({"e": event, **fields})


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def live(told):
    live = LiveOutputs(told)
    live.begin(3)
    return live


@pytest.fixture
def clock(monkeypatch):
    """A clock of our own, in seconds."""
    now = [0.0]
    monkeypatch.setattr(live_outputs.time, "monotonic", lambda: now[0])
    return now


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def followed(told):
    cell = LiveCell(3, "", "running", 0)
    for event in told.events:
        cell.take_output(event)
    return cell


def test_text_is_told_as_it_comes(told, live):
    output = stream("")
    for text in ("one\n", "two\nthr", "ee\n"):
        output["text"] += text
        live.look([output])
    assert "".join(event["text"] for event in told.events) == output["text"]
    assert followed(told).tail(2) == ["two", "three"]


def test_nothing_new_tells_nothing(told, live):
    output = stream("one\n")
    live.look([output])
    live.look([output])
    assert len(told.events) == 1


def test_looks_are_not_due_at_once(clock, told):
    live = LiveOutputs(told)
    live.begin(0)
    assert not live.is_due
    clock[0] = live_outputs.SECONDS
    assert live.is_due
    live.look([])
    assert not live.is_due


def test_bytes_are_bounded(clock, told):
    live, output = LiveOutputs(told), stream("")
    live.begin(0)
    for _ in range(200):
        clock[0] += 0.5
        output["text"] += "a line of some length\n" * 5000
        live.look([output])
    size = sum(len(event["text"]) for event in told.events)
    assert size <= BUDGET + 100 * live_outputs.REFILL
    assert max(len(event["text"]) for event in told.events) <= PIECE
    # The last that was told says where it stands.
    last = told.events[-1]
    at, text = last["at"], last["text"]
    assert output["text"][at : at + len(text)] == text


def test_cleared_outputs_are_forgotten(told, live):
    live.look([stream("one\n"), stream("two\n", "stderr")])
    live.look([])
    assert followed(told).outputs == {}
    live.look([stream("three\n")])
    assert followed(told).tail(3) == ["three"]


def test_rich_outputs_say_what_they_are(told, live):
    data = {"text/plain": "<Figure>", "image/png": "A" * 9999}
    output = {"output_type": "display_data", "data": data}
    live.look([output])
    live.look([output])
    (event,) = told.events
    assert event["mimes"] == ["image/png", "text/plain"]
    assert event["text"] == "<Figure>"
    output["data"] = {"text/plain": "another"}
    live.look([output])
    assert told.events[-1]["text"] == "another"


KEY = (
    "-----BEGIN RSA PRIVATE KEY-----\n"
    + "MIIEq7\n" * 9
    + "-----END RSA PRIVATE KEY-----\n"
)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("password = 'hunter2pw'\n", "hunter2pw"),
        ("PASSWORD=hunter2pw\n", "hunter2pw"),
        ("AKIAIOSFODNN7EXAMPLQ ok\n", "IOSFODNN7"),
        (KEY, "MIIEq7"),
        ("it is my own secret!\n", "own secret"),
    ],
)
@pytest.mark.parametrize("step", [1, 3, 7])
def test_secrets_that_come_by_half_are_masked(told, live, text, secret, step):
    told.masker.know({"x": "my own secret!"})
    output = stream("before\n")
    live.look([output])
    for at in range(0, len(text), step):
        output["text"] += text[at : at + step]
        live.look([output])
    whole = "".join(event["text"] for event in told.events)
    assert secret not in whole
    assert whole.startswith("before\n")
    assert "<masked:" in whole


def test_progress_bars_are_followed(told, live):
    output = stream("")
    for at in range(50):
        output["text"] += f"\r{at} of 50 |{'#' * at}"
        live.look([output])
    output["text"] += "\ndone\n"
    live.look([output])
    assert followed(told).tail(2)[1] == "done"
    assert len(followed(told).tail(9)) == 2


def test_outputs_are_drawn_while_the_cell_runs(told, tmp_path):
    live = LiveOutputs(told, tmp_path)
    live.begin(3)
    secret = "token = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'"
    data = {"text/plain": "<Figure>", "image/png": "A" * 9999, "text/html": secret}
    first = {"output_type": "display_data", "data": data}
    live.look([stream("one\n"), first])
    assert read_showing(tmp_path, 3)[1]["image/png"] == "A" * 9999
    assert "ghp_" not in read_showing(tmp_path, 3)[1]["text/html"]
    assert read_showing(tmp_path, 2) == {}
    # Too much is left out, and what is cleared is forgotten.
    first["data"] = {"text/plain": "big", "image/png": "A" * (LIMIT + 1)}
    live.look([stream("one\n"), first])
    assert read_showing(tmp_path, 3) == {1: {"text/plain": "big"}}
    live.look([])
    assert read_showing(tmp_path, 3) == {}
    live.look([first])
    live.end()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_stops_nothing(told, tmp_path):
    live = LiveOutputs(told, tmp_path / "gone")
    live.begin(0)
    live.look([{"output_type": "display_data", "data": {"text/plain": "x"}}])
    assert told.events[0]["text"] == "x"
    (tmp_path / "showing.json").write_text('{"n": 0, "bundles": [')
    assert read_showing(tmp_path, 0) == {}
