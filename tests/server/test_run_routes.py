"""What the routes about one run answer, and what they refuse."""

import time
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest

from jupyter_mlops.records import Kind
from jupyter_mlops.tracking.recipes import ARTIFACT
from jupyter_mlops.workspace import Workspace


def say(server, body, run="last", **options):
    return server.ask(f"runs/{run}", method="POST", body=body, **options)


def test_run_is_told_whole(server):
    found = server.get("runs/last")
    assert found["environment"]["python"]["version"]
    assert (found["parent"], found["recipe"], found["verdict"]) == (None, None, None)
    assert found["is_archived"] is False


def test_note_and_tags_are_said_afterwards(server):
    answer = say(server, {"note": "deeper", "tags": {"reviewed": "yes", "by": "ada"}})
    assert answer.status == 200, answer.body
    assert answer.json["note"] == "deeper"
    say(server, {"tags": {"by": None}})
    run = server.get("runs/last")["run"]
    assert run["tags"] == {"team": "risk", "reviewed": "yes"}
    say(server, {"note": "", "tags": {"reviewed": None}})
    assert not server.get("runs/last")["run"]["note"]


def test_archived_run_is_hidden_and_comes_back(server):
    total = server.get("runs")["total"]
    run = server.get("runs/last")["run"]["run_id"]
    say(server, {"archived": True}, run)
    assert server.get("runs")["total"] == total - 1
    assert server.get("runs", archived="1")["total"] == total
    found = server.get("runs", filter="tags.`mlops.archived` = 'archived'")
    assert [one["run_id"] for one in found["runs"]] == [run]
    assert server.get(f"runs/{run}")["is_archived"]
    say(server, {"archived": False}, run)
    assert server.get("runs")["total"] == total


@pytest.mark.parametrize(
    "body",
    [
        {"note": 3},
        {"note": "x" * 200_000},
        {"tags": ["a"]},
        {"tags": {"a": 3}},
        {"tags": {"mlops.verify": "reproduced"}},
        {"tags": {"": "a"}},
        {"archived": "yes"},
    ],
)
def test_odd_words_are_refused_whole(server, body):
    before = server.get("runs/last")["run"]
    answer = say(server, {"tags": {"kept": "no"}} | body)
    assert answer.status == 400, answer.body
    assert answer.json["message"]
    assert server.get("runs/last")["run"] == before


def test_words_need_a_run_and_a_right(server):
    assert say(server, {"note": "a"}, "zzzz").status == 404
    assert say(server, {"note": "a"}, token="look").status == 403


def test_two_speak_at_once(server):
    with ThreadPoolExecutor(4) as people:
        answers = people.map(
            lambda name: say(server, {"tags": {f"seen-{name}": "yes"}}), range(4)
        )
        assert [answer.status for answer in answers] == [200] * 4
    tags = server.get("runs/last")["run"]["tags"]
    assert {f"seen-{name}" for name in range(4)} <= set(tags)
    say(server, {"tags": {f"seen-{name}": None for name in range(4)}})


def test_recipe_becomes_a_notebook_beside_its_own(server, server_root):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("C = 0.5")])
    run = record(server_root / "below", nbformat.writes(notebook).encode())
    answers = [
        server.ask(f"runs/{run}/recipe", {"workspace": "below"}, method="POST")
        for _ in range(2)
    ]
    assert [answer.status for answer in answers] == [201, 201], answers[0].body
    paths = [answer.json["path"] for answer in answers]
    assert paths[0] != paths[1]
    saved = nbformat.read(server_root / paths[0], as_version=4)
    assert saved.cells[0].source == "C = 0.5"
    found = server.get(f"runs/{run}/again", workspace="below")
    assert [one["name"] for one in found["parameters"]] == ["C"]
    odd = {"parameters": {"C": "much"}}
    answer = server.ask(
        f"runs/{run}/again", {"workspace": "below"}, method="POST", body=odd
    )
    assert answer.status == 400, answer.body
    assert "must be a number" in answer.json["message"]


def test_run_is_done_again_and_verified_by_jobs(server, server_root):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("%load_ext jupyter_mlops"),
            nbformat.v4.new_code_cell("%%track cell\nC = 0.5"),
        ],
        metadata={"kernelspec": kernel},
    )
    run = record(server_root / "below", nbformat.writes(notebook).encode())
    where = {"workspace": "below"}
    body = {"parameters": {"C": 2.5}}
    with ThreadPoolExecutor(2) as people:
        answers = list(
            people.map(
                lambda _: server.ask(
                    f"runs/{run}/again", where, method="POST", body=body
                ),
                range(2),
            )
        )
    assert sorted(answer.status for answer in answers) == [201, 409]
    (job,) = [answer.json for answer in answers if answer.status == 201]
    done = until_ended(server, job["job_id"])
    assert done["state"] == "finished", done
    assert server.get(f"runs/{done['run_id']}", **where)["run"]["name"] == "cell"
    assert server.get(f"runs/{run}/verification", **where) == {"job": None}
    started = server.ask(f"runs/{run}/verification", where, method="POST")
    assert started.status == 201, started.body
    ended = until_ended(server, started.json["job_id"])
    assert server.get(f"runs/{run}", **where)["verdict"]["word"], ended
    last = server.get(f"runs/{run}/verification", **where)["job"]
    assert last["job_id"] == started.json["job_id"]


@pytest.mark.parametrize("deed", ["recipe", "again", "verification", "push"])
def test_deeds_need_a_run_that_can_and_a_right(server, deed):
    body = {"name": "churn"}
    for run in ("zzzz", "last"):
        answer = server.ask(f"runs/{run}/{deed}", method="POST", body=body)
        assert 400 <= answer.status < 500, answer.body
        assert answer.json["message"]
    answer = server.ask(f"runs/last/{deed}", method="POST", body=body, token="look")
    assert answer.status == 403


@pytest.mark.parametrize("body", [{}, {"name": 3}, {"name": "a", "artifact": 3}])
def test_odd_push_is_refused(server, body):
    assert server.ask("runs/last/push", method="POST", body=body).status == 400


def record(project, recipe):
    """Record a cell's run with a recipe, as a kernel would."""
    workspace = Workspace(project)
    with workspace.start_run("cell", kind=Kind.CELL, params={"C": 0.5}) as run:
        path = project / ARTIFACT
        path.write_bytes(recipe)
        run.log_artifact(path, ARTIFACT)
        path.unlink()
    workspace.close()
    return run.id


def until_ended(server, job):
    until = time.monotonic() + 90
    while time.monotonic() < until:
        found = server.get(f"jobs/{job}", workspace="below")
        if found["state"] not in ("starting", "running"):
            return found
    raise AssertionError(f"the job goes on: {found}")
