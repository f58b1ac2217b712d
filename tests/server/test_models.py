"""The registry's routes: read, promoted, refused, archived, made again."""

import json
import threading

import pytest

from jupyter_mlops.workspace import Workspace

linear = pytest.importorskip("sklearn.linear_model")
PLACE = {"workspace": "registry"}
GATES = """
models:
  churn:
    champion: [metrics.auc >= 0.9]
    reviewed: {approvals: 1}
    slow: [{notebook: slow.ipynb}]
"""


@pytest.fixture
def project(server, server_root):
    """A workspace of its own: three versions, the last of them better."""
    folder = server_root / "registry"
    folder.mkdir(exist_ok=True)
    for file in (folder / ".mlops" / "registry").glob("*"):
        file.unlink()
    (folder / "gates.yaml").write_text(GATES)
    (folder / "data.csv").write_text("x,y\n0,0\n1,1\n")
    workspace = Workspace(folder)
    for auc in (0.8, 0.85, 0.95):
        push(workspace, auc)
    yield folder
    workspace.close()


def push(workspace, auc, name="churn"):
    with workspace.start_run("fit", experiment="churn") as run:
        run.log_model("model", linear.LogisticRegression().fit([[0.0], [auc]], [0, 1]))
        run.log_metric("auc", auc)
    return workspace.models.push(run.id, name)


def post(server, route, token="secret", **body):
    return server.ask(f"models/{route}", PLACE, method="POST", body=body, token=token)


def champion(server):
    return server.get("models/churn", **PLACE)["aliases"].get("champion")


def test_models_and_versions_are_listed(server, project):
    (model,) = server.get("models", **PLACE)["models"]
    assert (model["name"], model["versions"], model["aliases"]) == ("churn", 3, {})
    found = server.get("models/churn", **PLACE)
    assert [one["version"] for one in found["versions"]] == [1, 2, 3]
    assert found["versions"][0]["class_name"].endswith("LogisticRegression")
    assert found["you"] == {"name": "owner", "source": "jupyter"}
    rules = {one["alias"]: one for one in found["rules"]}
    assert rules["champion"]["gates"] == ["metrics.auc >= 0.9"]
    assert rules["reviewed"]["approvals"] == 1


def test_version_tells_everything(server, project):
    found = server.get("models/churn/3", **PLACE)
    assert found["uri"] == "models:/churn/3"
    assert found["run_name"] == "fit"
    assert found["load"].endswith('mlops.load_model("models:/churn/3")')
    assert [event["kind"] for event in found["events"]] == ["registered"]
    card = server.get("models/churn/3/card", **PLACE)["markdown"]
    assert card.startswith("# churn, version 3")
    kinds = {
        one["kind"] for one in server.get("models/churn/3/lineage", **PLACE)["nodes"]
    }
    assert kinds == {"version", "run"}


def test_gates_are_tried_before_anything_moves(server, project):
    answer = post(server, "churn/1/gates", alias="champion")
    assert answer.status == 200
    (gate,) = answer.json["answers"]
    assert (gate["gate"], gate["passed"]) == ("metrics.auc >= 0.9", False)
    assert champion(server) is None
    (kept,) = server.get("models/churn/1", **PLACE)["gates"]
    assert kept["detail"] == gate["detail"]


def test_failed_gate_refuses_with_its_answers(server, project):
    answer = post(server, "churn/1/promotion", alias="champion")
    assert answer.status == 409
    assert answer.json["error"] == "PromotionRefusedError"
    assert [one["passed"] for one in answer.json["answers"]] == [False]
    assert champion(server) is None


def test_passed_gate_moves_the_alias(server, project):
    answer = post(
        server, "churn/3/promotion", alias="champion", reason="best of the week", seen=0
    )
    assert answer.status == 200, answer.body
    assert champion(server) == 3
    event = server.get("models/churn/history", **PLACE)["events"][-1]
    assert (event["kind"], event["by"], event["by_source"]) == (
        "alias_set",
        "owner",
        "jupyter",
    )
    assert event["reason"] == "best of the week"
    assert [gate["passed"] for gate in event["gates"]] == [True]


def test_force_needs_a_reason_and_is_kept(server, project):
    bare = post(server, "churn/1/promotion", alias="champion", force=True)
    assert (bare.status, bare.json["error"]) == (400, "InvalidInputError")
    assert champion(server) is None
    told = {"alias": "champion", "force": True, "reason": "the others are down"}
    assert post(server, "churn/1/promotion", **told).status == 200
    assert server.get("models/churn/history", **PLACE)["events"][-1]["forced"] is True


def test_who_was_slower_is_told(server, project):
    assert post(server, "churn/3/promotion", alias="shadow", seen=0).status == 200
    late = post(
        server, "churn/2/promotion", alias="shadow", seen=0, force=True, reason="x"
    )
    assert late.status == 409
    (answer,) = late.json["answers"]
    assert "owner was faster: it was moved to version 3" in answer["detail"]
    assert server.get("models/churn", **PLACE)["aliases"] == {"shadow": 3}


def test_of_two_at_once_one_wins(server, project):
    answers = {}
    begin = threading.Barrier(2)

    def promote(version):
        begin.wait(30)
        answers[version] = post(server, f"churn/{version}/promotion", alias="b", seen=0)

    threads = [threading.Thread(target=promote, args=(one,)) for one in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    statuses = {version: answer.status for version, answer in answers.items()}
    assert sorted(statuses.values()) == [200, 409]
    winner = next(one for one, status in statuses.items() if status == 200)
    assert server.get("models/churn", **PLACE)["aliases"]["b"] == winner


def test_approval_counts_for_its_alias(server, project):
    refused = post(server, "churn/2/promotion", alias="reviewed")
    assert refused.json["answers"][-1]["gate"] == "approvals"
    given = post(server, "churn/2/approval", alias="reviewed", reason="seen")
    assert given.status == 200
    (approval,) = server.get("models/churn/2", **PLACE)["approvals"]
    assert (approval["by"], approval["reason"]) == ("owner", "seen")
    assert post(server, "churn/2/promotion", alias="reviewed").status == 200
    assert post(server, "churn/2/approval", alias="reviewed", withdraw=True).json
    assert server.get("models/churn/2", **PLACE)["approvals"] == []


def test_card_is_filled_in_the_askers_name(server, project):
    said = post(server, "churn/3/card", fields={"use": "Churn of next month."})
    assert said.json["fields"] == {"use": "Churn of next month."}
    assert "Churn of next month." in said.json["markdown"]
    (event,) = [
        one
        for one in server.get("models/churn/history", **PLACE)["events"]
        if one["version"] == 3 and one["kind"] != "registered"
    ]
    assert event["by"] == "owner"
    push(Workspace(project), 0.97)
    form = {
        one["name"]: one for one in server.get("models/churn/4/card", **PLACE)["form"]
    }
    assert (form["use"]["text"], form["use"]["carried_from"]) == (
        "Churn of next month.",
        3,
    )
    for fields in ({"nothing": "x"}, {"use": 3}, "use", None):
        assert post(server, "churn/3/card", fields=fields).status == 400
    refused = post(server, "churn/3/card", token="look", fields={"use": "x"})
    assert refused.status == 403


def test_alias_is_taken_away(server, project):
    post(server, "churn/3/promotion", alias="champion")
    assert champion(server) == 3
    gone = post(server, "churn/aliases/champion/removal")
    assert (gone.json["version"], gone.json["aliases"]) == (3, [])
    assert champion(server) is None
    again = post(server, "churn/aliases/champion/removal")
    assert (again.status, again.json["error"]) == (404, "AliasNotFoundError")


def test_archived_version_is_not_promoted(server, project):
    assert post(server, "churn/1/archive", reason="old").json["archived"] is True
    refused = post(server, "churn/1/promotion", alias="champion")
    assert (refused.status, refused.json["error"]) == (400, "InvalidInputError")
    assert post(server, "churn/1/archive", undo=True).json["archived"] is False
    assert post(server, "churn/3/promotion", alias="champion").status == 200
    pointed = post(server, "churn/3/archive")
    assert pointed.status == 400
    assert "promote another first" in pointed.json["message"]


@pytest.mark.parametrize(
    ("route", "body", "status"),
    [
        ("churn/1/promotion", {}, 400),
        ("churn/1/promotion", {"alias": "7"}, 400),
        ("churn/1/promotion", {"alias": "../x"}, 400),
        ("churn/1/promotion", {"alias": "a", "seen": -1}, 400),
        ("churn/1/promotion", {"alias": "a", "force": "yes"}, 400),
        ("churn/1/gates", {"alias": 3}, 400),
        ("churn/1/approval", {"reason": "x" * 5000}, 400),
        ("churn/9/gates", {"alias": "a"}, 404),
        ("churm/1/promotion", {"alias": "a"}, 404),
        ("churm/1/archive", {}, 404),
        ("churn/0/archive", {}, 404),
        ("churm/1/verification", {}, 404),
    ],
)
def test_bad_request_is_a_sentence(server, project, route, body, status):
    answer = post(server, route, **body)
    assert answer.status == status, answer.body
    assert answer.json["message"]


def test_unknown_model_names_the_nearest(server, project):
    answer = server.ask("models/churm", PLACE)
    assert answer.status == 404
    assert "churn" in answer.json["message"]
    assert server.ask("trials/0123456789abcdef").status == 404


def test_reader_changes_nothing(server, project):
    for verb in ("promotion", "gates", "approval", "archive", "verification"):
        answer = post(server, f"churn/3/{verb}", token="look", alias="champion")
        assert answer.status == 403, verb
    assert champion(server) is None


def test_tampered_history_is_shown_as_such(server, project):
    chain = project / ".mlops" / "registry" / "churn.jsonl"
    chain.write_bytes(chain.read_bytes().replace(b"0.95", b"0.99"))
    workspace = Workspace(project)
    push(workspace, 0.7, name="other")
    workspace.close()
    found = server.get("models", **PLACE)
    assert [one["name"] for one in found["models"]] == ["other"]
    (broken,) = found["broken"]
    assert broken["name"] == "churn"
    assert "tampered" in broken["message"]
    for answer in (
        server.ask("models/churn", PLACE),
        post(server, "churn/1/promotion", alias="champion"),
    ):
        assert (answer.status, answer.json["error"]) == (409, "ChainBrokenError")


def test_broken_gates_file_lets_nothing_pass(server, project):
    (project / "gates.yaml").write_text("models: [")
    found = server.get("models/churn", **PLACE)
    assert "gates.yaml" in found["problem"]
    assert found["rules"] == []
    assert post(server, "churn/3/promotion", alias="champion").status == 409


def test_slow_gate_is_waited_for(server, project):
    cell = {
        "cell_type": "code",
        "source": "model = None",
        "metadata": {"tags": ["parameters"]},
        "outputs": [],
        "execution_count": None,
        "id": "a",
    }
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (project / "slow.ipynb").write_text(json.dumps(book))
    asked = PLACE | {"wait": 0}
    route, body = "models/churn/1/gates", {"alias": "slow"}
    answer = server.ask(route, asked, method="POST", body=body)
    assert answer.status == 202
    trial = answer.json
    assert trial["is_running"]
    assert server.get("models/churn/1", **PLACE)["trials"][0]["id"] == trial["id"]
    for _ in range(4):
        answer = server.ask(f"trials/{trial['id']}", {"wait": 25})
        if answer.status == 200:
            break
    (gate,) = answer.json["answers"]
    assert gate["passed"], gate
    assert gate["run_id"]


def export(server, version=3, token="secret", **body):
    """Ask for an export, and wait until it has ended."""
    place = {**PLACE, "wait": 25}
    route = f"models/churn/{version}/export"
    found = server.ask(route, place, method="POST", body=body, token=token)
    while found.status == 202:
        found = server.ask(f"trials/{found.json['id']}", {"wait": 25})
    return found


def test_version_is_exported_into_the_root_only(server, server_root, project):
    assert server.get("models/churn/3", **PLACE)["exports"][:2] == ["mlflow", "onnx"]
    answer = export(server, to="docker", path="registry/out")
    assert answer.json["said"].startswith("Exported to registry/out. Use: docker")
    assert (server_root / "registry" / "out" / "Dockerfile").is_file()
    last = server.get("models/churn/history", **PLACE)["events"][-1]
    assert (last["kind"], last["by"]) == ("downloaded", "owner")
    for path, status in {
        "": 400,
        "..": 400,
        "registry": 400,
        "registry/.mlops/x": 400,
        "../../out": 404,
        "/tmp/out": 404,
    }.items():
        found = export(server, to="docker", path=path, replace=True)
        assert (path, found.status) == (path, status)
    assert export(server, to="tensorflow", path="x").status == 409
    assert export(server, to="party", path="x").status == 400
    assert export(server, token="look", to="docker", path="x").status == 403


def test_export_replaces_only_what_an_export_wrote(server, server_root, project):
    mine = server_root / "registry" / "mine"
    mine.mkdir(exist_ok=True)
    (mine / "notes.txt").write_text("mine")
    asked = {"to": "docker", "path": "registry/mine", "replace": True}
    assert "is not replaced" in export(server, **asked).json["message"]
    assert (mine / "notes.txt").read_text() == "mine"
    asked["path"] = "registry/served"
    assert export(server, version=2, **asked).status == 200
    again = {**asked, "replace": False}
    assert export(server, **again).status == 400
    assert export(server, **asked).status == 200
