"""Runs compared over the routes, each answer held against openapi.json."""

import base64
import io

import pytest

from jupyter_mlops.workspace import Workspace

PLACE = {"workspace": "compared"}


@pytest.fixture(scope="module")
def pair(server):
    """Ids of two runs that keep a picture and a note, and differ in a param.

    In a workspace of their own: other tests count the runs of the root's.
    """
    folder = server.root / "compared"
    folder.mkdir()
    workspace = Workspace(folder)
    ids = []
    for depth in (3, 5):
        run = workspace.start_run(f"fit {depth}", params={"depth": depth, "seed": 1})
        run.log_metrics({"auc": depth / 10, "val_loss": 1 / depth})
        run.log_artifact(picture(folder, depth * 40), "roc.png")
        run.end()
        ids.append(run.id)
    workspace.close()
    return ids


def picture(folder, level):
    image = pytest.importorskip("PIL.Image")
    written = io.BytesIO()
    image.new("RGB", (8, 8), (level, 0, 0)).save(written, "PNG")
    (folder / "roc.png").write_bytes(written.getvalue())
    return folder / "roc.png"


def test_what_differs_is_told_from_what_is_equal(server, pair):
    found = server.get("compare", **PLACE, runs=",".join([*pair, "nowhere"]))
    assert [run["run_id"] for run in found["runs"]] == pair
    assert found["missing"] == ["nowhere"]
    assert found["differing"]["params"] == ["depth"]
    assert found["equal"]["params"] == ["seed"]
    assert found["best"] == {"auc": [pair[1]], "val_loss": [pair[1]]}
    assert found["lower_is_better"] == ["val_loss"]


def test_more_runs_than_anybody_compares_are_refused(server):
    for count in (301, 3000):
        runs = ",".join(f"run{number:07}" for number in range(count))
        answer = server.ask("compare", {"runs": runs})
        assert answer.status == 400
        assert "too many" in answer.json["message"]


def test_pictures_of_one_name_are_paired(server, pair):
    found = server.get("diff", **PLACE, before=pair[0], after=pair[1])
    (change,) = found["data"]["changes"]
    assert (change["name"], change["how"]) == ("roc.png", "changed")
    (shown,) = found["pictures"]
    assert shown["before"]["mime"] == "image/png"
    old, new = (base64.b64decode(shown[at]["data"]) for at in ("before", "after"))
    assert old.startswith(b"\x89PNG")
    assert old != new


def test_difference_of_one_run_is_none(server, pair):
    found = server.get("diff", **PLACE, before=pair[0], after=pair[0])
    assert found["is_equal"] is True
    assert found["data"]["equal"] == 1


def test_run_that_is_not_there_is_said(server, pair):
    answer = server.ask("diff", PLACE | {"before": pair[0], "after": "zzzz"})
    assert answer.status == 404
    assert "zzzz" in answer.json["message"]
    assert server.ask("diff", PLACE | {"before": pair[0], "after": ""}).status in (
        400,
        404,
    )
