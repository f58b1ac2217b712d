import json
import random

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse

from jupyter_mlops.capture.profile import profile

GENERATOR = np.random.default_rng(0)


def column(values, name="v"):
    return profile(pd.DataFrame({name: values}))["features"][0]


def test_numbers_agree_with_pandas():
    values = pd.Series(GENERATOR.normal(size=1_000))
    found = column(values)
    for name, value in found["quantiles"].items():
        assert value == pytest.approx(values.quantile(float(name)))
    assert found["mean"] == pytest.approx(values.mean())
    assert found["std"] == pytest.approx(values.std(ddof=0))
    assert (found["count"], found["missing"], found["distinct"]) == (1_000, 0, 1_000)


def test_histogram_counts_what_is_in_its_bins():
    values = np.round(GENERATOR.exponential(size=5_000), 1)
    found = column(values)["histogram"]
    counts, _ = np.histogram(values, found["edges"])
    assert found["counts"] == counts.tolist()
    assert sum(found["counts"]) == 5_000


def test_few_numbers_have_a_bin_each():
    found = column([3, 1, 1, 2, 1])
    assert found["histogram"]["counts"] == [3, 1, 1]
    assert found["histogram"]["edges"] == [1, 1.5, 2.5, 3]
    assert found["top"][0] == [1, 3]


@pytest.mark.parametrize(
    "values",
    [[np.nan, np.inf, 1.0], [1e308, -1e308], [np.nan], [], [5.0], [1, 1]],
    ids=str,
)
def test_odd_numbers_stay_json(values):
    found = column(np.array(values, dtype=float))
    json.dumps(found, allow_nan=False)
    assert found["count"] + found["missing"] == len(values)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["a", "b", None], "category"),
        ([True, None, False], "bool"),
        (pd.array([1, None, 3], dtype="Int64"), "number"),
        (pd.array([True, None, False], dtype="boolean"), "bool"),
        (pd.Categorical(["x", None, "y"]), "category"),
        (pd.to_datetime(["2026-01-01", None, "2026-02-01"]), "time"),
        (pd.to_datetime(["2026-01-01", None, "2026-02-01"], utc=True), "time"),
        (pd.to_timedelta([1, None, 2], unit="s"), "number"),
        ([1.5, "a", None], "category"),
        ([[1], None, [2]], "other"),
        (pd.Series([1, None, 2.5], dtype=object), "number"),
    ],
)
def test_kind_and_missing_values_are_seen(values, kind):
    found = column(values)
    assert (found["kind"], found["missing"], found["count"]) == (kind, 1, 2)
    json.dumps(found, allow_nan=False)


def test_categories_keep_the_frequent_ones():
    values = [f"c{i % 100}" for i in range(1_000)] + ["c0"] * 50
    found = column(values)
    assert found["top"][0] == ["c0", 60]
    assert (len(found["top"]), found["distinct"]) == (20, 100)
    assert sum(count for _, count in found["top"]) + found["others"] == 1_050


def test_texts_are_measured_not_kept():
    found = column([f"person {i}" for i in range(200)])
    assert found["kind"] == "text"
    assert found["lengths"]["quantiles"]["1"] == len("person 199")
    assert "person 7" not in json.dumps(found)


def test_secret_columns_keep_no_value():
    found = column(["hunter2", "letmein"], name="password")
    assert found["masked"] is True
    assert "hunter2" not in json.dumps(found)


def test_long_texts_and_names_are_cut():
    found = column(["x" * 10_000] * 3, name="n" * 10_000)
    assert len(found["name"]) <= 200
    assert len(found["top"][0][0]) <= 80


DATA = {"a": [1.0, 2.0, 3.0, 4.0], "b": ["x", "y", "x", "y"]}
NUMBERS = np.array([[1.0, 10], [2, 20], [3, 30], [4, 40]])


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (pd.DataFrame(DATA), ["a", "b"]),
        (pl.DataFrame(DATA), ["a", "b"]),
        (DATA, ["a", "b"]),
        ([dict(zip(DATA, row, strict=True)) for row in zip(*DATA.values(), strict=True)], ["a", "b"]),
        ([list(row) for row in NUMBERS], ["x0", "x1"]),
        (NUMBERS, ["x0", "x1"]),
        (NUMBERS.astype("float32"), ["x0", "x1"]),
        (sparse.csr_matrix(NUMBERS), ["x0", "x1"]),
        (sparse.coo_array(NUMBERS), ["x0", "x1"]),
        (np.array([(1.0, "x")] * 4, dtype=[("a", "f8"), ("b", "U1")]), ["a", "b"]),
        (pd.Series([1, 2, 3, 4], name="s"), ["s"]),
        (pl.Series("s", [1, 2, 3, 4]), ["s"]),
        (["some text", "more", "and", "more"], ["x0"]),
        (np.zeros((4, 8, 8)), ["values"]),
    ],
)  # fmt: skip
def test_every_container_is_read(value, names):
    found = profile(value, np.array([0, 1, 0, 1]))
    assert [item["name"] for item in found["features"]] == names
    assert found["rows"] == found["rows_read"] == 4
    assert found["target"][0]["top"] == [[0, 2], [1, 2]]
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("value", [None, 3, "text", [], object(), np.float64(1)])
def test_what_has_no_rows_has_no_profile(value):
    assert profile(value) is None


def test_large_frames_are_sampled_evenly_and_always_alike():
    frame = pd.DataFrame({f"c{i}": np.arange(200_000.0) for i in range(10)})
    first, second = profile(frame), profile(frame)
    assert first == second
    assert first["rows"] == 200_000
    assert 0 < first["rows_read"] == first["features"][0]["count"] < 200_000
    for name, value in first["features"][3]["quantiles"].items():
        assert value == pytest.approx(float(name) * 200_000, abs=100)


def test_rhythm_of_the_rows_does_not_show():
    hours = np.tile(np.arange(24.0), 100_000)
    found = profile(hours.reshape(-1, 1))["features"][0]
    assert len(found["top"] if "top" in found else found["histogram"]["counts"]) >= 19
    assert found["mean"] == pytest.approx(11.5, abs=0.1)


def test_wide_frames_are_cut_and_it_is_said():
    found = profile(np.zeros((10, 1_000)))
    assert (len(found["features"]), found["left_out"], found["columns"]) == (
        256,
        744,
        1_000,
    )


def test_nobody_else_notices_a_profile():
    frame = pd.DataFrame({"a": np.arange(100_000.0), "b": ["x"] * 100_000})
    before = frame.copy(deep=True)
    states = random.getstate(), np.random.get_state()[1].tolist()
    profile(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == states


def test_missing_entries_of_a_dmatrix_are_missing():
    xgboost = pytest.importorskip("xgboost")
    data = pd.DataFrame({"a": [1.0, np.nan, 0.0], "b": [1.0, 2.0, 3.0]})
    found = profile(xgboost.DMatrix(data, [0, 1, 1]))
    assert [item["missing"] for item in found["features"]] == [1, 0]
    assert found["features"][0]["name"] == "a"
    assert found["target"][0]["mean"] == pytest.approx(2 / 3)


def test_dataset_of_lightgbm_is_read_as_what_it_holds():
    lightgbm = pytest.importorskip("lightgbm")
    found = profile(lightgbm.Dataset(pd.DataFrame(DATA), [1.0, 2, 3, 4]))
    assert found["container"] == "lightgbm.Dataset"
    assert [item["name"] for item in found["features"]] == ["a", "b"]
    assert found["target"][0]["mean"] == 2.5


def test_tensors_are_read():
    torch = pytest.importorskip("torch")
    found = profile(torch.arange(6.0).reshape(3, 2).requires_grad_())
    assert found["container"] == "torch.Tensor"
    assert found["features"][1]["mean"] == 3
