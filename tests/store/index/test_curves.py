"""Metrics as curves: however many points there are, what tells of them is kept."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.ids import new_run_id
from jupyter_mlops.store.index import CurveQuery, Index, stretches, stretching
from jupyter_mlops.store.index.drawing import STEP, Point, edges_of, reduce_points
from jupyter_mlops.store.index.stretches import join, stretches_of, widened

VALUES = st.one_of(st.sampled_from([math.nan, math.inf, -math.inf]), st.floats(-9, 9))
POINTS = st.lists(
    st.builds(Point, st.integers(-40, 400), st.integers(0, 5000), VALUES), min_size=1
)
SECOND = 1_000_000


def finite(values):
    return [value for value in values if math.isfinite(value)]


@pytest.fixture
def low_bounds(monkeypatch):
    """Stretches for series that a test can write."""
    monkeypatch.setattr(stretching, "LONG_SERIES", 40)
    monkeypatch.setattr(stretches, "_POINTS", 4)


@given(POINTS, st.integers(1, 9))
def test_buckets_keep_extremes_and_ends(points, buckets):
    points.sort(key=lambda point: point[:2])
    edges = edges_of(points[0].step, points[-1].step, buckets)
    kept = reduce_points(points, STEP, edges)
    assert len(kept) <= 5 * buckets
    assert kept[0] is points[0]
    assert kept[-1] is points[-1]
    before, after = (finite(p.value for p in some) for some in (points, kept))
    assert (min(before, default=0), max(before, default=0)) == (
        min(after, default=0),
        max(after, default=0),
    )
    assert any(not math.isfinite(p.value) for p in kept) == (len(before) < len(points))


@given(POINTS, POINTS, st.integers(0, 6))
def test_stretches_may_be_joined_in_any_order(one, other, width):
    def made(points):
        points = sorted(points, key=lambda point: point[:2])
        return widened(stretches_of(points, width), 62)

    for place in {part.place for part in made(one + other)}:
        parts = [part for part in made(one) + made(other) if part.place == place]
        there, back = join(place, parts), join(place, parts[::-1])
        (whole,) = [part for part in made(one + other) if part.place == place]
        assert there[:5] == back[:5] == whole[:5]
        assert there.total == pytest.approx(whole.total)
        least = [
            min(finite(p.value for p in s.points), default=0) for s in (there, whole)
        ]
        assert least[0] == least[1]
        assert there.points[0][:2] == whole.points[0][:2] == back.points[0][:2]


def write_in_parts(journals, index, rng):
    """Write a long series: parts out of order, steps with gaps and twins, odd values."""
    run = new_run_id()
    journals.write(run, journals.line("start", name="n", experiment="e", kind="script"))
    starts = [0, 900, 300, 600, 610, 100_000]
    for start in starts:
        lines = []
        for at in range(rng.randrange(20, 200)):
            value = rng.choice([rng.gauss(0, 1)] * 30 + ["NaN", "Infinity"])
            lines.append(
                journals.metric("loss", value, start + at // rng.choice([1, 2]))
            )
            journals.now += rng.randrange(SECOND // 10)
        journals.write(run, *lines)
        index.catch_up()
    return run


@pytest.mark.parametrize("axis", ["step", "time"])
def test_any_piece_is_told_by_its_extremes(index, journals, low_bounds, axis):
    rng = random.Random(3)
    run = write_in_parts(journals, index, rng)
    history = index.history(run, "loss")
    xs = history.steps if axis == "step" else [t / SECOND for t in history.times]
    for _ in range(40):
        first, last = sorted(rng.choices([*xs, min(xs) - 1, max(xs) + 1], k=2))
        query = CurveQuery(
            run_ids=[run], keys=["loss"], axis=axis, first=first, last=last, points=24
        )
        (found,) = index.curves(query)
        asked = [
            value
            for x, value in zip(xs, history.values, strict=True)
            if first <= x <= last
        ]
        kept = found.series.values
        assert len(kept) <= 5 * 6 or len(kept) == found.total <= 24
        assert abs(found.total - len(asked)) <= 2 * (axis == "time")
        if axis == "step":
            assert found.total == len(asked)
            assert (min(finite(kept), default=0), max(finite(kept), default=0)) == (
                min(finite(asked), default=0),
                max(finite(asked), default=0),
            )
        across = found.series.steps if axis == "step" else found.series.times
        assert across == sorted(across)


def test_means_are_those_of_all_points(index, journals, low_bounds):
    run = write_in_parts(journals, index, random.Random(5))
    (found,) = index.curves(CurveQuery(run_ids=[run], keys=["loss"], points=8))
    values = finite(index.history(run, "loss").values)
    assert len(found.means) <= 2
    assert min(values) < found.means[0][1] < max(values)
    (whole,) = index.curves(CurveQuery(run_ids=[run], keys=["loss"], points=20_000))
    assert whole.means is None
    assert finite(whole.series.values) == values


def test_growing_series_is_drawn_to_its_end(index, journals, low_bounds):
    run = journals.run(*(journals.metric("auc", at, at) for at in range(100)), end=None)
    query = CurveQuery(run_ids=[run], keys=["auc"], points=16)
    for last in (100, 101, 140):
        journals.write(run, journals.metric("auc", last, last))
        index.catch_up()
        (found,) = index.curves(query)
        assert (found.series.steps[-1], found.series.values[-1]) == (last, last)
    assert found.total == 103


def test_what_is_not_there_is_left_out(index, journals):
    run = journals.run(journals.metric("auc", 1.0))
    index.catch_up()
    query = CurveQuery(run_ids=[run, "none"], keys=["none", "auc"])
    assert [(one.run_id, one.key) for one in index.curves(query)] == [(run, "auc")]
    nowhere = CurveQuery(run_ids=[run], keys=["auc"], first=5, last=9)
    (empty,) = index.curves(nowhere)
    assert (empty.total, empty.series.values) == (0, [])


def test_many_values_at_one_step_do_not_hide(index, journals, low_bounds):
    lines = [journals.metric("auc", at % 7, 3) for at in range(500)]
    run = journals.run(*lines)
    index.catch_up()
    (found,) = index.curves(CurveQuery(run_ids=[run], keys=["auc"], points=20))
    assert (found.total, set(found.series.steps)) == (500, {3})
    assert (min(found.series.values), max(found.series.values)) == (0, 6)


def test_index_of_the_schema_before_is_filled_again(layout, url, journals):
    run = journals.run(*(journals.metric("auc", at, at) for at in range(1500)))
    with_older_schema = Index(layout, url)
    with_older_schema.catch_up()
    with with_older_schema._database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE stretches")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    with_older_schema.close()
    index = Index(layout, url)
    index.catch_up()
    (found,) = index.curves(CurveQuery(run_ids=[run], keys=["auc"], points=20))
    assert (found.total, found.series.steps[-1]) == (1500, 1499)
    index.close()
