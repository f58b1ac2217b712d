"""A watched library is to its user what it was before."""

import copy
import inspect
import os
import pickle
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import cloudpickle
import joblib
import numpy as np
import pytest
import sklearn
from joblib.externals.loky import get_reusable_executor
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.svm import SVC

from jupyter_mlops.capture.fits import FitWatch, without_our_frames
from jupyter_mlops.capture.fits import watch as watching


@pytest.fixture
def watch():
    watch = FitWatch().start()
    yield watch
    watch.stop()


def own_dict(cls):
    return {name: id(value) for name, value in vars(cls).items() if "doc" not in name}


def test_everything_is_as_before_afterwards(data):
    classes = [BaseEstimator, LogisticRegression, Pipeline, SVC]
    before = [own_dict(cls) for cls in classes], list(sys.meta_path)
    watch = FitWatch().start()
    LogisticRegression().fit(*data)
    assert own_dict(LogisticRegression) != before[0][1]
    watch.stop()
    assert ([own_dict(cls) for cls in classes], list(sys.meta_path)) == before


def test_signature_source_and_names_are_the_same(watch):
    model = LogisticRegression()
    assert str(inspect.signature(model.fit)) == "(X, y, sample_weight=None)"
    assert inspect.isfunction(LogisticRegression.fit)
    assert "sample_weight" in inspect.getsource(model.fit)
    assert model.fit.__name__ == "fit"
    assert model.fit.__self__ is model
    assert model.fit == model.fit
    assert model.fit.__doc__ == LogisticRegression.fit.__doc__


def test_copies_and_pickles_hold_nothing_of_ours(watch, data):
    model = LogisticRegression(C=2).fit(*data)
    for twin in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert np.array_equal(twin.coef_, model.coef_)
    assert clone(model).get_params() == model.get_params()
    assert b"jupyter_mlops" not in pickle.dumps(model)
    assert b"jupyter_mlops" not in pickle.dumps(model.fit)


def test_class_of_a_notebook_pickles_without_us(watch, data):
    space = {"__name__": "__main__"}
    exec(
        "from sklearn.base import BaseEstimator\n"
        "class Mine(BaseEstimator):\n"
        "    def fit(self, X, y=None):\n"
        "        return self\n",
        space,
    )
    sent = cloudpickle.dumps(space["Mine"]())
    assert b"jupyter_mlops" not in sent
    assert pickle.loads(sent).fit([[1]]) is not None


def test_parallel_search_works_in_processes(watch, data):
    class Mine(ClassifierMixin, BaseEstimator):
        def __init__(self, share=0.5):
            self.share = share

        def fit(self, X, y):
            self.classes_ = np.unique(y)
            return self

        def predict(self, X):
            return (X[:, 0] > self.share).astype(int)

    Mine.__module__ = "__main__"
    with joblib.parallel_backend("loky", n_jobs=2):
        search = GridSearchCV(Mine(), {"share": [0.0, 3.0]}, cv=2).fit(*data)
    # Else its workers stay, and count as children of whatever is watched later.
    get_reusable_executor().shutdown(wait=True)
    assert search.best_params_ == {"share": 0.0}
    assert [fit.short for fit in watch.stop()] == ["GridSearchCV"]


def test_fits_in_threads_of_joblib_are_inner(watch, data):
    with joblib.parallel_backend("threading", n_jobs=2):
        GridSearchCV(LogisticRegression(), {"C": [0.1, 1]}, cv=2).fit(*data)
    assert [(fit.short, fit.count) for fit in watch.stop()] == [("GridSearchCV", 1)]


def test_fits_in_threads_of_the_user_all_count(watch, data):
    barrier = threading.Barrier(3)

    class Slow(LogisticRegression):
        def fit(self, X, y):
            barrier.wait(10)
            return super().fit(X, y)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda C: Slow(C=C).fit(*data), (1, 2, 3)))
    assert sorted(fit.params.get("C", 1.0) for fit in watch.stop()) == [1, 2, 3]


def test_metadata_routing_works(watch, data):
    with sklearn.config_context(enable_metadata_routing=True):
        model = LogisticRegression().set_fit_request(sample_weight=True)
        pipe = Pipeline([("clf", model)])
        pipe.fit(*data, sample_weight=np.ones(60))
    (fit,) = watch.stop()
    assert fit.params == {"clf": "LogisticRegression"}


def test_method_that_is_not_there_stays_away(watch):
    assert not hasattr(Pipeline([("clf", LogisticRegression())]), "fit_predict")
    assert hasattr(Pipeline([("clf", LogisticRegression())]), "fit")


def test_someone_elses_patch_is_kept(data):
    watch = FitWatch().start()
    with mock.patch.object(LogisticRegression, "fit", return_value="mine"):
        watch.stop()
        assert LogisticRegression().fit(*data) == "mine"
    # What was put back may be ours: it sees nothing any more.
    LogisticRegression().fit(*data)
    assert watch.stop() == []
    second = FitWatch().start()
    LogisticRegression().fit(*data)
    assert [fit.short for fit in second.stop()] == ["LogisticRegression"]
    while hasattr(vars(LogisticRegression)["fit"], "_mlops_original"):
        LogisticRegression.fit = vars(LogisticRegression)["fit"]._mlops_original


def test_traceback_is_freed_of_our_frames(watch, data):
    with pytest.raises(ValueError, match="C") as caught:
        LogisticRegression(C=-1).fit(*data)
    assert "jupyter_mlops" in "".join(traceback.format_exception(caught.value))
    without_our_frames(caught.value)
    assert "jupyter_mlops" not in "".join(traceback.format_exception(caught.value))
    assert "test_transparency" in "".join(traceback.format_exception(caught.value))


def test_fault_of_ours_never_reaches_the_user(watch, data, monkeypatch):
    def broken(*_args):
        raise RuntimeError("ours")

    monkeypatch.setattr(watching, "profile", broken)
    monkeypatch.setattr(watching.sklearn, "set_params", broken)
    assert LogisticRegression().fit(*data).coef_.shape == (1, 3)
    (fit,) = watch.stop()
    assert fit.count == 1
    assert len(watch.problems) == 2


def test_inner_watch_sees_what_the_outer_does_not(data):
    outer, inner = FitWatch().start(), FitWatch().start()
    SVC().fit(*data)
    assert [fit.short for fit in inner.stop()] == ["SVC"]
    LogisticRegression().fit(*data)
    assert [fit.short for fit in outer.stop()] == ["LogisticRegression"]


@pytest.mark.filterwarnings("ignore:This process.*multi-threaded:DeprecationWarning")
def test_forked_child_tells_nothing(watch, data):
    child = os.fork()
    if not child:
        LogisticRegression().fit(*data)
        os._exit(len(watch.fits))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    LogisticRegression().fit(*data)
    assert len(watch.fits) == 1
