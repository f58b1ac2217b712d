"""Places and ticks on axes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.figures.axes import param_axis
from jupyter_mlops.figures.scales import Scale, spans_decades, tick_text

FLOATS = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(FLOATS, max_size=20), st.booleans())
def test_any_values_have_an_axis(values, is_log):
    scale = Scale.of(values, is_log=is_log)
    assert scale.low < scale.high
    ticks = scale.ticks()
    assert len(ticks) <= 21
    assert all(math.isfinite(tick) for tick in ticks)
    for value in values:
        place = scale.place(value)
        assert place is None or -0.01 <= place <= 1.01


def test_ticks_are_round():
    assert Scale(low=0.0, high=1.0).ticks(5) == pytest.approx(
        [0, 0.2, 0.4, 0.6, 0.8, 1]
    )
    assert Scale(low=0.001, high=10, is_log=True).ticks() == pytest.approx(
        [0.001, 0.01, 0.1, 1, 10]
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (999_999, "999999"), (1e9, "1e9"), (0.00001, "1e-5"), (0.25, "0.25")],
)
def test_ticks_are_short(value, said):
    assert tick_text(value) == said


def test_decades_need_values_above_zero():
    assert spans_decades([0.01, 1.0])
    assert not spans_decades([0.5, 1.0])
    assert not spans_decades([0.0, 1.0, 1000.0])


def test_numbers_over_decades_are_logarithmic():
    axis = param_axis("C", [0.01, 1, None, 100])
    assert axis.is_log
    assert axis.places == [0.0, 0.5, None, 1.0]
    assert [said for _, said in axis.ticks] == ["0.01", "1", "100"]


def test_mixed_values_are_words():
    axis = param_axis("kernel", ["rbf", True, 3, None])
    assert [said for _, said in axis.ticks] == ["3", "rbf", "true"]
    assert axis.places == [0.5, 1.0, 0.0, None]


def test_integers_beyond_floats_are_no_place():
    assert param_axis("n", [1, 2, 10**400]).places == [0.0, 1.0, None]
