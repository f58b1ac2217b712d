"""What a sweep goes over: texts and values, checked against the notebook's own."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_mlops import errors
from jupyter_mlops.pipeline.parameter_cell import read_parameters
from jupyter_mlops.pipeline.sweeps.points import grid_points, random_points, values_key
from jupyter_mlops.pipeline.sweeps.space import Range, read_space, split_values
from tests.pipeline.conftest import code

SOURCE = "C = 1.0\nn = 3\nkind: str = 'a'\nlayers = [1]\nx = unknown()\nflag = True"


def declared(source=SOURCE):
    return read_parameters([code(source, "parameters")], "n.ipynb")


def read(given, *, is_grid=True, fixed=None, source=SOURCE):
    space, _ = read_space(declared(source), given, fixed or {}, is_grid=is_grid)
    return space.to_json()


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"C": "0.1,1,10"}, {"C": [0.1, 1.0, 10.0]}),
        ({"n": "1, 2,2"}, {"n": [1, 2]}),
        ({"n": "2..5"}, {"n": [2, 3, 4, 5]}),
        ({"n": range(2)}, {"n": [0, 1]}),
        ({"kind": "rf,0.1..2"}, {"kind": ["rf", "0.1..2"]}),
        ({"kind": "1..2"}, {"kind": ["1..2"]}),
        ({"layers": "[1, 2],[3]"}, {"layers": [[1, 2], [3]]}),
        ({"flag": "yes,no"}, {"flag": [True, False]}),
        ({"C": "log:0.01..1:3"}, {"C": [0.01, pytest.approx(0.1), 1.0]}),
        ({"C": "0..1:3"}, {"C": [0.0, 0.5, 1.0]}),
        ({"x": "1,a"}, {"x": [1, "a"]}),
        ({"C": [1, 2]}, {"C": [1.0, 2.0]}),
    ],
)
def test_grids_are_read_by_kind(given, wanted):
    assert read(given) == wanted


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"C": "0.1..2"}, {"C": "0.1..2.0"}),
        ({"C": "log:0.01..10"}, {"C": "log:0.01..10.0"}),
        ({"n": "1..50"}, {"n": "int:1..50"}),
        ({"n": "log:1..1000"}, {"n": "intlog:1..1000"}),
        ({"x": "1..5"}, {"x": "int:1..5"}),
        ({"x": "1.0..5"}, {"x": "1.0..5.0"}),
        ({"kind": "a,b"}, {"kind": ["a", "b"]}),
    ],
)
def test_ranges_are_read_by_kind(given, wanted):
    assert read(given, is_grid=False) == wanted


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "something to go over"),
        ({"D": "1"}, "no parameter 'D'"),
        ({"C": "1,two"}, "must be a number"),
        ({"n": "1,2.5"}, "must be a whole number"),
        ({"n": "0.5..2"}, "must be whole numbers"),
        ({"C": "2..1"}, "the lower one first"),
        ({"C": "log:0..1"}, "begins above 0"),
        ({"C": "0..1"}, "say how many values"),
        ({"C": "log:a..b"}, "ends of a range are numbers"),
        ({"C": []}, "there is no value"),
        ({"n": "1..1000000"}, "at most"),
    ],
)
def test_what_cannot_be_swept_is_said(given, said):
    with pytest.raises(errors.MlopsError, match=said):
        read(given)


def test_swept_and_fixed_exclude_each_other():
    with pytest.raises(errors.InvalidInputError, match="both swept"):
        read({"C": "1,2"}, fixed={"C": 3})
    with pytest.raises(errors.UnknownParameterError, match="Did you mean 'kind'"):
        read({"C": "1,2"}, fixed={"knd": "a"})


def test_required_parameters_may_be_swept():
    assert read({"r": "1,2"}, source="r: int\nC = 1.0") == {"r": [1, 2]}
    with pytest.raises(errors.InvalidParameterError, match="needs a value for 'r'"):
        read({"C": "1,2"}, source="r: int\nC = 1.0")


# A machine at work on other things is no fault of the test.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.text("ab[]{}'1 ", max_size=6), min_size=1, max_size=4))
def test_values_are_never_lost_by_splitting(parts):
    text = ",".join(parts)
    assert ",".join(split_values(text)).replace(" ", "") == text.replace(" ", "")


@given(
    st.integers(0, 2**32),
    st.floats(1e-6, 1e3),
    st.floats(1.001, 1e6),
    st.booleans(),
)
def test_draws_stay_within_their_range(seed, low, factor, is_log):
    found = Range(low=low, high=low * factor, is_log=is_log)
    source = random.Random(seed)
    assert all(low <= found.draw(source) <= low * factor for _ in range(20))


@given(st.integers(0, 2**32), st.integers(1, 50), st.integers(1, 50), st.booleans())
def test_whole_numbers_stay_whole_and_within(seed, low, more, is_log):
    found = Range(low=low, high=low + more, is_log=is_log, is_int=True)
    source = random.Random(seed)
    drawn = [found.draw(source) for _ in range(20)]
    assert all(type(item) is int and low <= item <= low + more for item in drawn)


def points_of(points):
    return [dict(point.values) for point in iter(points.next, None)]


def test_grid_takes_each_combination_once():
    space, _ = read_space(declared(), {"n": "1,2", "kind": "a,b,c"}, {}, is_grid=True)
    found = points_of(grid_points(space))
    assert found[:2] == [{"n": 1, "kind": "a"}, {"n": 1, "kind": "b"}]
    assert len({values_key(item) for item in found}) == len(found) == 6


def test_seed_draws_the_same_points():
    given = {"C": "log:0.01..10", "kind": "a,b"}
    space, _ = read_space(declared(), given, {}, is_grid=False)
    one, same, other = (points_of(random_points(space, 8, seed)) for seed in (1, 1, 2))
    assert one == same != other
    assert len({values_key(item) for item in one}) == 8


def test_draws_of_few_choices_do_not_repeat():
    space, _ = read_space(declared(), {"n": "1,2", "kind": "a,b"}, {}, is_grid=False)
    found = points_of(random_points(space, 100, 7))
    assert len(found) == len({values_key(item) for item in found}) == 4
