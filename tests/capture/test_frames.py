"""The heads of tables: plain, bounded, and without running a stranger's code."""

import datetime
import json
import math

import numpy as np
import pandas as pd
import polars as pl
import pytest

from jupyter_mlops.capture.frames import CELLS, NAMED_COLUMNS, ROWS, frame_head


class Hostile:
    def __repr__(self):
        raise RuntimeError("never called")

    __str__ = __repr__


def test_pandas_frame_is_told_whole():
    when = pd.to_datetime(["2026-01-02", None])
    frame = pd.DataFrame(
        {"n": [1, 2], "x": [0.5, math.nan], "t": when}, index=["a", "b"]
    )
    head = frame_head(frame)
    assert (head.library, head.shape) == ("pandas", (2, 3))
    assert head.columns[:2] == (("n", "int64"), ("x", "float64"))
    assert head.values == ([1, 2], [0.5, None], ["2026-01-02 00:00:00", None])
    assert head.index == ["a", "b"]


def test_polars_frame_is_told_whole():
    frame = pl.DataFrame({"n": [1, None], "d": [datetime.date(2026, 1, 2)] * 2})
    head = frame_head(frame)
    assert head.columns == (("n", "Int64"), ("d", "Date"))
    assert head.values == ([1, None], ["2026-01-02"] * 2)
    assert head.index is None


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (pd.Series([1, 2], name="s"), (2, 1)),
        (pl.Series("s", [1, 2]), (2, 1)),
        (pd.DataFrame({"s": [1, 2]}).style.format("{}"), (2, 1)),
        (pd.DataFrame({"s": [1, 2, 3], "g": [1, 1, 2]}).groupby("g").head(1), (2, 2)),
    ],
)
def test_kin_of_frames_are_frames(value, shape):
    head = frame_head(value)
    assert (head.shape, head.columns[0][0], head.values[0][0]) == (shape, "s", 1)


@pytest.mark.parametrize("value", [3, "text", np.zeros((2, 2)), {"a": [1]}, None])
def test_other_values_are_none(value):
    assert frame_head(value) is None


def test_large_frames_are_bounded():
    frame = pd.DataFrame(np.zeros((10_000, 500)))
    head = frame_head(frame)
    assert head.shape == (10_000, 500)
    assert len(head.columns) == NAMED_COLUMNS
    assert sum(map(len, head.values)) <= CELLS
    assert len(frame_head(frame[[0]]).values[0]) == ROWS


def test_odd_values_become_plain():
    odd = [Hostile(), [1, Hostile()], "x" * 9999, 2**80, np.float32(1.5), math.inf, {1}]
    frame = pd.DataFrame({("a", "b"): pd.Series(odd, dtype=object)})
    head = frame_head(frame)
    assert head.columns[0][0] == "a / b"
    hostile, listed, long, large, small, infinite, group = head.values[0]
    assert (hostile, listed, small, group) == ("<Hostile>", "<list of 2>", "1.5", "{1}")
    assert (len(long), large, infinite) == (200, str(2**80), math.inf)
    json.dumps(head.values)


def test_frame_itself_is_left_alone():
    frame = pd.DataFrame({"a": [1, 2], "a2": ["x", "y"]})
    before = frame.copy(deep=True)
    frame_head(frame).values[0].append(9)
    pd.testing.assert_frame_equal(frame, before)
