import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.ensemble import BaggingClassifier, VotingClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

LONG = "sklearn.linear_model._logistic.LogisticRegression"


def test_class_params_and_data_are_seen(seen, data):
    (fit,) = seen(lambda: LogisticRegression(C=0.5).fit(*data))
    assert (fit.kind, fit.library) == (LONG, "scikit-learn")
    assert fit.params == {"C": 0.5}
    assert (fit.rows, fit.columns, fit.count, fit.failed) == (60, 3, 1, 0)
    assert fit.profile["target"][0]["distinct"] == 2


def test_data_given_by_name_is_seen(seen, data):
    (fit,) = seen(lambda: LogisticRegression().fit(y=data[1], X=data[0]))
    assert (fit.rows, fit.columns) == (60, 3)


@pytest.mark.parametrize(
    "work",
    [
        lambda X, y: PCA(2).fit_transform(X),
        lambda X, y: KMeans(2, n_init=1).fit_predict(X),
        lambda X, y: StandardScaler().fit_transform(X),
        lambda X, y: SGDClassifier().partial_fit(X, y, classes=[0, 1]),
        lambda X, y: Pipeline([("pca", PCA(2))]).fit_transform(X),
        lambda X, y: CountVectorizer().fit_transform(["a text", "another one"]),
    ],
)
def test_every_way_to_fit_is_seen_once(seen, data, work):
    (fit,) = seen(lambda: work(*data))
    assert fit.count == 1
    assert fit.profile is not None


def test_steps_of_a_pipeline_are_flattened(seen, data):
    pipe = Pipeline([("scale", StandardScaler()), ("clf", LogisticRegression(C=3))])
    (fit,) = seen(lambda: pipe.fit(*data))
    assert fit.short == "Pipeline"
    assert fit.params == {
        "scale": "StandardScaler",
        "clf": "LogisticRegression",
        "clf__C": 3,
    }


def test_search_tells_what_was_best(seen, data):
    search = GridSearchCV(LogisticRegression(), {"C": [0.01, 1.0]}, cv=3)
    (fit,) = seen(lambda: search.fit(*data))
    assert fit.best == {"params": search.best_params_, "score": search.best_score_}
    assert fit.params["estimator"] == "LogisticRegression"
    assert fit.params["param_grid"] == {"C": [0.01, 1.0]}


@pytest.mark.parametrize(
    "outer",
    [
        BaggingClassifier(LogisticRegression(C=2), n_estimators=3),
        VotingClassifier([("a", LogisticRegression(C=2)), ("b", SGDClassifier())]),
    ],
)
def test_only_the_outermost_fit_counts(seen, data, outer):
    (fit,) = seen(lambda: outer.fit(*data))
    assert fit.short == type(outer).__name__
    assert 2 in fit.params.values()


def test_folds_of_a_validation_are_counted(seen, data):
    (fit,) = seen(lambda: cross_val_score(LogisticRegression(C=2), *data, cv=4))
    assert (fit.count, fit.params) == (4, {"C": 2})


def test_params_without_json_form_are_named(seen, data):
    state = np.random.RandomState(3)
    model = GaussianProcessRegressor(RBF(2.0), optimizer=None, random_state=state)
    (fit,) = seen(lambda: model.fit(*data))
    assert fit.params["kernel"] == "RBF"
    assert fit.params["kernel__length_scale"] == 2.0
    assert fit.params["random_state"] == "RandomState"


def test_long_params_are_cut(seen, data):
    model = LogisticRegression(class_weight=dict.fromkeys(range(5_000), 1.0))
    (fit,) = seen(lambda: model.fit(*data))
    assert fit.params["class_weight"] == "dict of 5000"


def test_failed_fit_is_seen_and_raises(seen, data):
    def work():
        with pytest.raises(ValueError, match="C"):
            LogisticRegression(C=-1).fit(*data)

    (fit,) = seen(work)
    assert (fit.failed, fit.error) == (1, "InvalidParameterError")
    assert fit.params == {"C": -1}


def test_loop_is_bounded_and_counted(seen, data):
    def work():
        for number in range(500):
            SGDClassifier(alpha=1 + number).partial_fit(*data, classes=[0, 1])

    fits = seen(work)
    assert len(fits) == 21
    assert sum(fit.count for fit in fits) == 500
    assert fits[-1].is_rest


def test_same_model_fitted_again_is_one_entry(seen, data):
    def work():
        model = SGDClassifier()
        for alpha in (1.0, 2.0, 3.0):
            model.set_params(alpha=alpha).fit(*data)

    (fit,) = seen(work)
    assert (fit.count, fit.params) == (3, {"alpha": 3.0})


def test_class_of_the_cell_itself_is_seen(seen, data):
    def work():
        class Mine(ClassifierMixin, BaseEstimator):
            def __init__(self, depth=1):
                self.depth = depth

            def fit(self, X, y, sample_weight=None):
                self.inner_ = LogisticRegression().fit(X, y)
                return self

        Mine(depth=4).fit(*data)

    (fit,) = seen(work)
    assert (fit.short, fit.params) == ("Mine", {"depth": 4})


def test_subclass_that_calls_its_parent_is_one_fit(seen, data):
    class Loud(LogisticRegression):
        def fit(self, X, y=None):
            return super().fit(X, y)

    (fit,) = seen(lambda: Loud(C=7).fit(*data))
    assert (fit.short, fit.count, fit.params["C"]) == ("Loud", 1, 7)


def test_data_of_few_fits_is_profiled(seen, data):
    def work():
        for size in range(10, 30):
            LogisticRegression(C=size).fit(data[0][:size], data[1][:size])

    fits = seen(work)
    assert sum(fit.profile is not None for fit in fits) == 4
    assert [fit.rows for fit in fits] == list(range(10, 30))
