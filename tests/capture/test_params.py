import datetime
import enum
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.capture.values import as_param
from jupyter_mlops.errors import InvalidParamError


class Colour(enum.Enum):
    RED = "red"
    PAIR = (1, 2)


class Level(enum.IntEnum):
    HIGH = 3


@dataclass
class Config:
    lr: float = 0.1
    sizes: tuple = (64, 32)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(json_values)
def test_json_values_stay_as_they_are(value):
    found = as_param(value)
    assert found == value
    assert json.dumps(found) == json.dumps(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((1, (2,)), [1, [2]]),
        ({3, 1, 2}, [1, 2, 3]),
        ({"a", 1}, ["a", 1]),
        (range(3), [0, 1, 2]),
        (Path("data") / "x.csv", "data/x.csv"),
        (datetime.date(2026, 1, 2), "2026-01-02"),
        (pd.Timestamp("2026-01-02"), "2026-01-02T00:00:00"),
        (np.datetime64("2026-01-02"), "2026-01-02"),
        (Colour.RED, "red"),
        (Colour.PAIR, "PAIR"),
        (Level.HIGH, 3),
        (Config(), {"lr": 0.1, "sizes": [64, 32]}),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (np.str_("x"), "x"),
        (np.arange(4).reshape(2, 2), [[0, 1], [2, 3]]),
        (pd.Series([1, 2]), [1, 2]),
        (np.dtype("float32"), "float32"),
        (pd.NA, None),
        (Decimal("0.5"), 0.5),
        (int, "int"),
        (Path, "pathlib.Path"),
        (json.dumps, "json.dumps"),
        (len, "len"),
        ({1: "a", Colour.RED: 2, None: 3}, {"1": "a", "red": 2, "None": 3}),
    ],
)
def test_values_get_their_json_form(value, expected):
    found = as_param(value)
    assert found == expected
    assert json.loads(json.dumps(found)) == expected


def test_numpy_flags_stay_flags():
    assert as_param(np.bool_(False)) is False
    assert as_param({"on": np.bool_(True)}) == {"on": True}


@pytest.mark.parametrize(
    "value",
    [
        object(),
        [object()],
        b"bytes",
        1j,
        np.zeros(1001),
        range(10**9),
        pd.DataFrame({"a": [1]}),
        {1: "a", "1": "b"},
        10**5000,
    ],
    ids=lambda value: type(value).__name__,
)
def test_other_values_are_refused_as_params(value):
    with pytest.raises(InvalidParamError, match=r"str\(\.\.\.\).*log_artifact") as err:
        as_param(value, "thing")
    assert err.value.key == "thing"
    assert "Param 'thing'" in str(err.value)


def test_cycles_and_depth_are_refused():
    loop: list = []
    loop.append({"again": loop})
    deep: list = []
    for _ in range(50):
        deep = [deep]
    with pytest.raises(InvalidParamError, match="holds itself"):
        as_param(loop)
    with pytest.raises(InvalidParamError, match="deep"):
        as_param(deep)


def test_value_met_twice_is_no_cycle():
    shared = [1]
    assert as_param({"a": shared, "b": shared}) == {"a": [1], "b": [1]}


def test_odd_bytes_of_file_names_are_escaped():
    assert as_param("a\udc80b") == "a\\udc80b"
