"""statsmodels: what comes back predicts as the original, and runs no formula."""

import json

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf

from jupyter_mlops import errors
from jupyter_mlops.registry import LoadWord


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    found = pd.DataFrame({"x": rng.normal(size=90), "z": rng.normal(size=90)})
    found["g"] = rng.choice(list("abc"), 90)
    found["y"] = found["x"] + (found["g"] == "b") + rng.normal(size=90)
    found["c"] = (found["y"] > rng.normal(size=90)).astype(int)
    found["k"] = rng.poisson(2, 90)
    return found


FORMULAS = {
    "ols": lambda d: smf.ols("y ~ x * z + C(g) + np.log(np.abs(x) + 1)", d).fit(),
    "interaction": lambda d: smf.ols("y ~ g:z + I(x**2)", d).fit(),
    "logit": lambda d: smf.logit("c ~ x", d).fit(disp=0),
    "binomial": lambda d: smf.glm("c ~ x", d, family=sm.families.Binomial()).fit(),
    "poisson": lambda d: smf.poisson("k ~ x + g", d).fit(disp=0),
    "quantile": lambda d: smf.quantreg("y ~ x", d).fit(),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_formulas_predict_the_same(again, data, name):
    model = FORMULAS[name](data)
    found = again(model)
    pd.testing.assert_series_equal(
        found.predict(data), model.predict(data), rtol=1e-12, check_names=False
    )
    assert found.params.index.tolist() == model.params.index.tolist()


def test_arrays_predict_the_same(again, data):
    columns = sm.add_constant(data[["x", "z"]])
    model = sm.OLS(data["y"], columns).fit()
    found = again(model).predict(columns.to_numpy())
    np.testing.assert_allclose(found, model.predict(columns))


def test_new_category_is_named(again, data):
    found = again(smf.ols("y ~ g", data).fit())
    with pytest.raises(errors.InvalidInputError, match="'g' has the value 'q'"):
        found.predict(data.assign(g="q"))


@pytest.mark.parametrize(
    "fit",
    [
        lambda d: smf.ols("y ~ center(x)", d).fit(),
        lambda d: smf.poisson("k ~ x", d, offset=d["z"]).fit(disp=0),
        lambda d: sm.tsa.ARIMA(d["y"], order=(1, 0, 0)).fit(),
    ],
    ids=["state", "offset", "series"],
)
def test_what_is_more_than_coefficients_needs_pickle(saved, data, fit):
    with pytest.raises(errors.UnstorableObjectError, match="allow_pickle=True"):
        saved(fit(data))


@pytest.mark.parametrize(
    "code",
    [
        "__import__('os').system('touch exploded')",
        "open('exploded', 'w')",
        "x.__class__",
        "[i for i in x]",
        "np.load('exploded')",
        "np.log.__globals__",
        "(lambda: x)()",
    ],
)
def test_code_in_a_design_is_refused(saved, data, canary, code):
    flavor, folder, meta = saved(smf.ols("y ~ x", data).fit())
    path = folder / "model.json"
    kept = json.loads(path.read_text())
    kept["design"]["factors"] = {code: {"type": "numerical"}}
    path.write_text(json.dumps(kept))
    with pytest.raises(errors.UnsafeModelError, match="refused"):
        flavor.load(folder, meta, LoadWord())
