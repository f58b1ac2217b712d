import numpy as np
import pytest

xgboost = pytest.importorskip("xgboost", reason="pip install xgboost")
lightgbm = pytest.importorskip("lightgbm", reason="pip install lightgbm")


def test_xgboost_train_tells_params_and_losses(seen, data):
    points = []
    matrix = xgboost.DMatrix(*data)

    def work():
        params = {"max_depth": 2, "objective": "binary:logistic"}
        xgboost.train(params, matrix, 4, evals=[(matrix, "train")], verbose_eval=False)

    (fit,) = seen(work, lambda *point: points.append(point))
    assert fit.kind == "xgboost.Booster"
    assert fit.params["max_depth"] == 2
    assert fit.params["num_boost_round"] == 4
    assert [(step, list(numbers)) for _, step, numbers in points] == [
        (step, ["train.logloss"]) for step in range(4)
    ]


def test_lightgbm_train_tells_params_and_losses(seen, data):
    points, calls = [], []

    def work():
        train = lightgbm.Dataset(*data)
        params = {"num_leaves": 3, "verbosity": -1}
        lightgbm.train(
            params, train, 4, [train], ["t"], callbacks=[lambda env: calls.append(env)]
        )

    (fit,) = seen(work, lambda *point: points.append(point))
    assert fit.kind == "lightgbm.Booster"
    assert fit.params == {"num_leaves": 3, "verbosity": -1, "num_boost_round": 4}
    assert points[0][2].keys() == {"t.l2"}
    assert len(points) == len(calls) == 4


def test_users_own_history_is_filled(seen, data):
    matrix, history = xgboost.DMatrix(*data), {}
    seen(
        lambda: xgboost.train(
            {},
            matrix,
            2,
            evals=[(matrix, "a")],
            evals_result=history,
            verbose_eval=False,
        )
    )
    assert len(history["a"]["rmse"]) == 2


@pytest.mark.filterwarnings("ignore:The argument 'eval_set' is deprecated")
@pytest.mark.parametrize(
    "make",
    [
        lambda: xgboost.XGBClassifier(n_estimators=3, max_depth=2, gamma=0.1),
        lambda: lightgbm.LGBMClassifier(n_estimators=3, max_depth=2, verbose=-1),
    ],
)
def test_estimators_tell_params_and_losses(seen, data, make):
    points = []
    (fit,) = seen(
        lambda: make().fit(*data, eval_set=[data]), lambda *point: points.append(point)
    )
    assert fit.library in ("xgboost", "lightgbm")
    assert fit.params["n_estimators"] == 3
    assert fit.params["max_depth"] == 2
    assert len(fit.params) == 3
    assert [step for _, step, _ in points] == [0, 1, 2]


def test_random_state_of_the_user_is_not_drawn_from(seen, data):
    def drawn():
        state = np.random.RandomState(3)
        xgboost.XGBClassifier(n_estimators=1, random_state=state).fit(*data)
        return state.randint(1_000_000)

    expected = drawn()
    found = []
    seen(lambda: found.append(drawn()))
    assert found == [expected]
