"""Curves made smaller keep what one looks for in them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.figures.series import Curve, reduced, smoothed

ODD = [math.nan, math.inf, -math.inf]
VALUES = st.floats(-1e9, 1e9) | st.sampled_from(ODD)


@given(st.lists(VALUES, min_size=1, max_size=300), st.integers(4, 40))
def test_extremes_gaps_and_ends_stay(ys, limit):
    xs, kept = reduced(range(len(ys)), ys, limit)
    numbers = [y for y in ys if math.isfinite(y)]
    finite = [y for y in kept if math.isfinite(y)]
    assert not numbers or (min(finite), max(finite)) == (min(numbers), max(numbers))
    assert (len(finite) == len(kept)) == (len(numbers) == len(ys))
    assert (xs[0], xs[-1]) == (0, len(ys) - 1)
    assert xs == sorted(set(xs))
    assert len(kept) <= max(limit, 3 * limit // 2 + 2)


def test_million_points_keep_their_peak():
    ys = [0.0] * 1_000_000
    ys[777_777] = 5.0
    xs, kept = reduced(range(len(ys)), ys)
    assert len(kept) <= 2000
    assert xs[kept.index(5.0)] == 777_777


def test_smoothing_follows_a_constant_exactly():
    assert smoothed([3.0] * 5, 0.9) == pytest.approx([3.0] * 5)
    assert smoothed([1.0, 2.0], 0.0) == [1.0, 2.0]


def test_smoothing_passes_over_gaps():
    first, gap, second = smoothed([1.0, math.nan, 1.0], 0.5)
    assert (first, second) == (1.0, 1.0)
    assert math.isnan(gap)


def test_last_is_the_last_number():
    curve = Curve(label="", run_id="", metric="m", xs=[0, 1, 2], ys=[1, 2, math.nan])
    assert (curve.last, curve.odd) == (2, 1)
