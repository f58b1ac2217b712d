"""Two who publish one model at the same time: one wins, the other is told."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import pytest

from jupyter_mlops.errors import HistoryConflictError
from jupyter_mlops.interop.places import FsspecPlace
from jupyter_mlops.interop.publication import (
    FIRST_FOLDER,
    FOLDER,
    blob_name,
    read_publication,
)
from tests.interop.conftest import push

# Publishes, and waits for a word right before the number is taken.
PUBLISHER = """
import sys
from pathlib import Path
from jupyter_mlops.errors import HistoryConflictError
from jupyter_mlops.interop import places
from jupyter_mlops.workspace import Workspace
real = places.FsspecPlace.create
waits = [True]
def create(place, name, data):
    if waits:
        waits.clear()
        print("ready", flush=True)
        sys.stdin.readline()
    return real(place, name, data)
places.FsspecPlace.create = create
workspace = Workspace(Path(sys.argv[1]))
try:
    found = workspace.remotes.publish("churn", sys.argv[2])
    print("published", found.is_new, flush=True)
except HistoryConflictError as error:
    print("refused", error, flush=True)
"""


@pytest.fixture
def url(tmp_path):
    return f"file://{tmp_path}/there"


def publish_at_once(places, url):
    """Have a process in each place publish; return what each says."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PUBLISHER, str(place), url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for place in places
    ]
    for process in processes:
        assert process.stdout.readline().strip() == "ready"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.communicate(timeout=120)[0].strip() for process in processes]


def numbers(url, tmp_path):
    folder = tmp_path / "there" / FOLDER / "churn"
    return sorted(path.name for path in folder.iterdir())


def test_one_of_two_processes_wins(workspace, churn, other, url, tmp_path):
    workspace.remotes.publish("churn", url)
    other.remotes.pull(url)
    workspace.registry.promote("churn", 1, "mine")
    other.registry.promote("churn", 1, "theirs")
    spaces = (workspace, other)
    before = [space.registry.history("churn") for space in spaces]
    said = publish_at_once([space.layout.project for space in spaces], url)
    assert sorted(line.split()[0] for line in said) == ["published", "refused"]
    loser = [line.startswith("refused") for line in said].index(True)
    assert "two histories that are the same up to event" in said[loser]
    assert numbers(url, tmp_path) == ["00000001.json", "00000002.json"]
    # Nothing was added where it was refused.
    assert spaces[loser].registry.history("churn") == before[loser]
    winner = spaces[1 - loser].layout.model_chain("churn").read_bytes()
    place = FsspecPlace(url)
    found = read_publication(place, "churn")
    assert b"".join(place.pieces(found.history_name)) == winner


def test_loser_without_events_of_its_own_goes_on(workspace, churn, other, tmp_path):
    first, second = (f"file://{tmp_path}/{name}" for name in ("first", "there"))
    workspace.remotes.publish("churn", first)
    other.remotes.pull(first)
    spaces = (workspace, other)
    said = publish_at_once([space.layout.project for space in spaces], second)
    assert sorted(line.split()[0] for line in said) == ["published", "refused"]
    loser = spaces[[line.startswith("refused") for line in said].index(True)]
    assert "jupyter mlops pull" in " ".join(said)
    loser.remotes.pull(second)
    assert not loser.remotes.publish("churn", second).is_new
    loser.registry.promote("churn", 1, "champion")
    assert loser.remotes.publish("churn", second).is_new


def test_late_publisher_of_the_same_history_merges(workspace, churn, url, monkeypatch):
    real, calls = FsspecPlace.create, []

    def create(place, name, data):
        calls.append(name)
        if len(calls) == 1:
            # Somebody else is faster with the very same.
            assert real(place, name, data)
        return real(place, name, data)

    monkeypatch.setattr(FsspecPlace, "create", create)
    with pytest.raises(HistoryConflictError, match="jupyter mlops pull"):
        workspace.remotes.publish("churn", url)
    workspace.remotes.pull(url)
    assert not workspace.remotes.publish("churn", url).is_new
    assert len(calls) == 1


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_number_is_taken_once(kind, tmp_path):
    place = FsspecPlace(f"{kind}://{tmp_path}/there")
    gate = threading.Barrier(8)
    won = []

    def take(number):
        gate.wait()
        if place.create("publications/churn/00000001.json", b"%d" % number):
            won.append(number)

    threads = [threading.Thread(target=take, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = won
    found = b"".join(place.pieces("publications/churn/00000001.json"))
    assert found == b"%d" % winner
    assert place.names("publications/churn") == ["00000001.json"]


def test_memory_keeps_models(workspace, churn, other, tmp_path, frame):
    url = f"memory://{tmp_path}/models"
    assert workspace.remotes.publish("churn", url).is_new
    assert not workspace.remotes.publish("churn", url).is_new
    assert other.remotes.pull(url)[0].versions == (1,)


def made_first_format(there):
    """Lay a publication out as it was before publications were numbered."""
    (listed,) = (there / FOLDER / "churn").iterdir()
    told = json.loads(listed.read_text())
    parts = {"registry/churn.jsonl": told["history"]}
    for run, files in told["journals"].items():
        parts |= {f"journals/{run}/{name}": part for name, part in files.items()}
    for name, part in parts.items():
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        (there / blob_name(part["sha256"])).rename(there / name)
    for gone in ("seal", "number"):
        del told[gone]
    (there / FIRST_FOLDER).mkdir()
    text = json.dumps(told | {"format": 1}, indent=1, sort_keys=True)
    (there / FIRST_FOLDER / "churn.json").write_text(text)
    listed.unlink()
    listed.parent.rmdir()
    listed.parent.parent.rmdir()


def test_first_format_is_read_and_gone_on_with(
    workspace, churn, other, url, tmp_path, frame
):
    workspace.remotes.publish("churn", url)
    made_first_format(tmp_path / "there")
    assert other.remotes.pull(url)[0].versions == (1,)
    assert other.remotes.publish("churn", url).is_new
    assert numbers(url, tmp_path) == ["00000001.json"]
    assert not other.remotes.publish("churn", url).is_new
    assert workspace.remotes.pull(url)[0].versions == (1,)


def test_longer_journal_is_not_written_over(workspace, churn, other, url):
    linear = pytest.importorskip("sklearn.linear_model")
    workspace.remotes.publish("churn", url)
    early = read_publication(FsspecPlace(url), "churn")
    push(workspace, linear.LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0]))
    workspace.remotes.publish("churn", url)
    other.remotes.pull(url)
    from jupyter_mlops.interop.pulling import pull

    # Somebody who had looked before the second version was there.
    pull(other.store, FsspecPlace(url), early)
    assert [one.version for one in other.registry.versions("churn")] == [1, 2]
    assert other.models.load("models:/churn/2").coef_ == pytest.approx(1)
