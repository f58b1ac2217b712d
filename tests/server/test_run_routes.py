"""What the routes about one run answer, and what they refuse."""

from concurrent.futures import ThreadPoolExecutor

import pytest


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
