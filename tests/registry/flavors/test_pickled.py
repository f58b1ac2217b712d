"""Pickles: only with a word, twice; and never in another format's clothes."""

import pytest

import jupyter_mlops as mlops
from jupyter_mlops import errors
from jupyter_mlops.registry import LoadWord
from jupyter_mlops.registry.flavors import _BUILT_IN, flavor_for, pickled

FILES = [(flavor.NAME, flavor.FILE) for flavor in _BUILT_IN if hasattr(flavor, "FILE")]


class Doubling:
    def predict(self, rows):
        return [row * 2 for row in rows]


def doubled(rows):
    return [row * 2 for row in rows]


@pytest.mark.parametrize("value", [doubled, Doubling(), lambda rows: doubled(rows)])
def test_pickle_needs_a_word_each_time(workspace, value):
    with mlops.start_run("own"):
        with pytest.raises(errors.UnstorableObjectError):
            mlops.log_model("own", value)
        mlops.log_model("own", value, allow_pickle=True)
    with pytest.raises(errors.UnsafeModelError, match="--allow-pickle"):
        mlops.register_model("last", "own")
    version = mlops.register_model("last", "own", allow_pickle=True)
    assert "pickle" in version.flavor_meta["unsafe"]
    with pytest.raises(errors.UnsafeModelError, match="allow_pickle=True"):
        mlops.load_model("models:/own/1")
    model = mlops.load_model("models:/own/1", allow_pickle=True)
    assert model.predict([1, 2]) == [2, 4]


def test_mark_stays_in_the_history(workspace):
    with mlops.start_run("own"):
        mlops.log_model("own", doubled, allow_pickle=True)
    mlops.register_model("last", "own", allow_pickle=True)
    (event,) = workspace.registry.history("own")
    assert event.fields["bound"]["flavor"] == "pickle"
    assert event.fields["bound"]["flavor_meta"]["unsafe"] == pickled.MARK


def test_safe_format_is_taken_though_pickle_is_allowed(workspace):
    from sklearn.linear_model import LinearRegression

    with mlops.start_run("own") as run:
        model = LinearRegression().fit([[0.0], [1.0]], [0, 1])
        mlops.log_model("own", model, allow_pickle=True)
    assert mlops.get_run(run.id).artifacts["own"].meta["flavor"] == "sklearn"


def test_nothing_is_pickled_unasked(workspace):
    assert flavor_for(doubled) is None
    with mlops.start_run("own"), pytest.raises(errors.UnstorableObjectError):
        mlops.log_object("own", doubled)


@pytest.mark.parametrize(("name", "file"), FILES, ids=[name for name, _ in FILES])
def test_dressed_pickles_are_refused(tmp_path, bomb, name, file):
    from jupyter_mlops.registry.flavors import flavor_named

    flavor = flavor_named(name)
    if name == "torch":
        pytest.importorskip("torch")
        (tmp_path / "structure.json").write_text(
            '{"class": "torch.nn.modules.linear.Identity", "modules": {}, '
            '"unknown": []}'
        )
    (tmp_path / file).write_bytes(bomb)
    with pytest.raises(errors.UnsafeModelError):
        flavor.load(tmp_path, {"class": "xgboost.core.Booster"}, LoadWord())


def test_unpicklable_says_why(workspace):
    with mlops.start_run("own"), open("here", "w") as file:
        with pytest.raises(errors.UnstorableObjectError, match="cannot be pickled"):
            mlops.log_model("own", lambda rows: file, allow_pickle=True)
