import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from jupyter_mlops.capture.values import as_number, check_key, check_step, is_number
from jupyter_mlops.errors import InvalidMetricError, InvalidNameError


class Tensor:
    """Behaves as a torch tensor does where a number is asked of it."""

    def __init__(self, *values, shape=()):
        self._values = values
        self.shape = shape
        self.requires_grad = True

    def item(self):
        if len(self._values) != 1:
            raise RuntimeError(f"a Tensor with {len(self._values)} elements")
        return self._values[0]

    def __float__(self):
        return float(self.item())


class EagerTensor:
    """Behaves as a TensorFlow tensor: no item(), but numpy()."""

    def __init__(self, value):
        self._value = np.asarray(value)
        self.shape = self._value.shape

    def numpy(self):
        return self._value

    def __float__(self):
        return float(self._value)


class Hostile:
    def __getattr__(self, name):
        raise RuntimeError("no")

    def __float__(self):
        raise RuntimeError("no")

    def __repr__(self):
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1),
        (True, 1),
        (0.5, 0.5),
        (np.float64(0.5), 0.5),
        (np.float32(0.5), 0.5),
        (np.int8(-3), -3),
        (np.bool_(True), 1),
        (np.longdouble(0.5), 0.5),
        (np.array(0.5), 0.5),
        (np.array([[7]]), 7),
        (np.array([7], dtype=object), 7),
        (pd.Series([0.5]), 0.5),
        (pd.Series([1, 2]).sum(), 3),
        (Decimal("0.5"), 0.5),
        (Fraction(1, 2), 0.5),
        (Tensor(0.5), 0.5),
        (Tensor(0.5, shape=(1,)), 0.5),
        (EagerTensor([0.5]), 0.5),
        (EagerTensor(2), 2),
    ],
)
def test_single_values_become_numbers(value, expected):
    found = as_number(value)
    assert found == expected
    assert type(found) in (int, float)


def test_infinities_and_nan_stay():
    assert as_number(float("inf")) == float("inf")
    assert np.isnan(as_number(np.float32("nan")))


def test_integers_beyond_64_bits_become_floats():
    assert as_number(2**63 - 1) == 2**63 - 1
    assert type(as_number(2**63)) is float
    assert type(as_number(np.uint64(2**64 - 1))) is float


@pytest.mark.parametrize(
    ("value", "type_name", "advice"),
    [
        ("0.5", "str", "log_param"),
        (None, "NoneType", "only when there is a value"),
        (1j, "complex", "abs"),
        ({"auc": 1}, "dict", "log_metrics"),
        ([0.5], "list", "one by one"),
        (np.array([1, 2]), "ndarray", "holds 2 values"),
        (np.array([]), "ndarray", "holds 0 values"),
        (np.complex128(1), "complex128", "abs"),
        (np.datetime64("2026-01-01", "ns"), "datetime64", "a time"),
        (np.ma.masked, "MaskedConstant", "missing"),
        (np.str_("1"), "str_", "log_param"),
        (pd.NA, "NAType", "float(...)"),
        (pd.NaT, "NaTType", "a time"),
        (pd.Timedelta(1), "Timedelta", "in seconds"),
        (pd.DataFrame({"a": [1]}), "DataFrame", "float(...)"),
        (Tensor(1.0, 2.0, shape=(2,)), "Tensor", "holds 2 values"),
        (EagerTensor([1, 2]), "EagerTensor", "holds 2 values"),
        (10**400, "int", "larger than any float"),
        (Hostile(), "Hostile", "does not turn into one"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_other_values_are_refused(value, type_name, advice):
    with pytest.raises(InvalidMetricError, match="Metric 'auc'") as caught:
        as_number(value, "auc")
    assert caught.value.type == type_name
    assert caught.value.key == "auc"
    assert advice in str(caught.value)
    assert not is_number(value)


def test_refusal_survives_pickling():
    with pytest.raises(InvalidMetricError) as caught:
        as_number([lambda: None], "auc")
    twin = pickle.loads(pickle.dumps(caught.value))
    assert (twin.key, twin.type, str(twin)) == ("auc", "list", str(caught.value))


def test_sifting_passes_over_flags_and_arrays():
    numbers = [1, 0.5, np.float32(1), np.array(1.0), Decimal(1), Tensor(1.0)]
    others = [True, np.bool_(True), np.array([1.0]), pd.Series([1]), Tensor(True)]
    assert all(is_number(value) for value in numbers)
    assert not any(is_number(value) for value in others)


def test_good_keys_pass_unchanged():
    for key in ("auc", "val/loss", "top 5 accuracy", "précision", "x" * 250):
        assert check_key(key, "metric") == key


@pytest.mark.parametrize("key", ["", "  ", "a\nb", "a\x00", "\x9b", "x" * 251, 3, None])
def test_bad_keys_are_refused(key):
    with pytest.raises(InvalidNameError, match="cannot name a metric") as caught:
        check_key(key, "metric")
    assert caught.value.noun == "metric"


def test_steps_are_integers_of_64_bits():
    assert check_step(-3) == -3
    assert type(check_step(np.int64(7))) is int
    for step in (1.5, "1", None, True, 2**63):
        with pytest.raises(InvalidMetricError, match="must be an integer"):
            check_step(step, "loss")
