"""Arrays are taken in the shape and type that a model was fitted to."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from jupyter_mlops.capture.profile import profile
from jupyter_mlops.capture.signature import signature_of
from jupyter_mlops.errors import InvalidModelInputError
from jupyter_mlops.registry.signatures import Signature

ROWS = np.arange(6, dtype="float64").reshape(3, 2)


def signature(data=ROWS):
    return Signature.from_json(signature_of(data, profile(data)))


@pytest.mark.parametrize(
    "data",
    [
        ROWS,
        ROWS.astype("int32"),
        ROWS.tolist(),
        pd.DataFrame(ROWS),
        pd.DataFrame(ROWS, columns=["a", "b"]),
        {"x0": ROWS[:, 0], "x1": ROWS[:, 1]},
        [{"x1": b, "x0": a} for a, b in ROWS],
    ],
)
def test_every_form_becomes_the_array(data):
    found = signature().converted(data)
    assert found.dtype == "float64"
    np.testing.assert_array_equal(found, ROWS)


def test_sparse_matrices_stay_sparse():
    matrix = scipy.sparse.csr_matrix(ROWS)
    assert signature(matrix).converted(matrix) is matrix


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (np.zeros((3, 5)), r"\(3, 5\) was given; the model takes \(rows, 2\)"),
        (np.zeros(2), "For one row: data.reshape"),
        (np.array([["1", "2"]]), "holds <U1"),
        ({"a": [1], "b": [2]}, "'a' is not expected"),
        ([[1, 2], [3]], "makes no array"),
    ],
)
def test_what_does_not_fit_is_said(data, said):
    with pytest.raises(InvalidModelInputError, match=said):
        signature().converted(data)


def test_images_are_taken_by_shape():
    images = np.zeros((4, 8, 8), dtype="float32")
    found = signature(images).converted(np.ones((1, 8, 8)))
    assert (found.shape, found.dtype) == ((1, 8, 8), np.float32)
    with pytest.raises(InvalidModelInputError, match=r"\(rows, 8, 8\)"):
        signature(images).converted(np.ones((1, 8, 9)))


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("float32", 2**30, "too large to be kept as float32"),
        ("float32", 1e300, "too large for float32"),
        ("int64", 1.5, "whole numbers"),
        ("int8", 1000, "too large for int8"),
        ("bool", 2, "0 and 1"),
    ],
)
def test_numbers_never_change(kind, value, said):
    found = signature(np.zeros((3, 2), dtype=kind))
    with pytest.raises(InvalidModelInputError, match=said):
        found.converted(np.full((1, 2), value))
