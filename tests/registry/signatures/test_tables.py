"""Tables in every form are taken; what does not fit is named by its column."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from jupyter_mlops.capture.profile import profile
from jupyter_mlops.capture.signature import signature_of
from jupyter_mlops.errors import InvalidModelInputError, MlopsWarning
from jupyter_mlops.registry.signatures import Signature

FRAME = pd.DataFrame(
    {
        "age": [30, 40, 50],
        "height": [1.5, None, 1.9],
        "member": [True, False, True],
        "town": ["Bern", "Chur", "Bern"],
        "size": pd.Categorical(["S", "L", "S"], categories=["S", "M", "L"]),
        "since": pd.to_datetime(["2025-01-01", "2025-02-01", "2025-03-01"]),
    }
)


def signature(data=FRAME):
    return Signature.from_json(signature_of(data, profile(data)))


def row(**changed):
    plain = {"age": 30, "height": 1.5, "member": True, "town": "Bern", "size": "S"}
    return plain | {"since": "2025-01-01"} | changed


FORMS = {
    "frame": FRAME,
    "columns in another order": FRAME[list(FRAME)[::-1]],
    "dict of columns": FRAME.to_dict("list"),
    "records": FRAME.to_dict("records"),
    "array": FRAME.to_numpy(),
    "polars": pl.from_pandas(FRAME),
    "int32": FRAME.astype({"age": "int32"}),
    "whole floats": FRAME.astype({"age": "float64"}),
    "plain texts": FRAME.astype({"size": "str"}),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_becomes_the_frame(form):
    found = signature().converted(FORMS[form])
    pd.testing.assert_frame_equal(found, FRAME, check_freq=False)


@pytest.mark.parametrize("data", [row(), pd.Series(row()), [row()]])
def test_one_row_is_taken_by_names(data):
    found = signature().converted(data)
    assert found.dtypes.drop("since").equals(FRAME.dtypes.drop("since"))
    assert found["since"].dtype.kind == "M"
    assert found["age"].tolist() == [30]


def test_frame_that_fits_is_not_copied():
    assert signature().converted(FRAME) is FRAME


def test_document_comes_back():
    found = signature()
    assert Signature.from_json(found.to_json()) == found
    assert Signature.read(found.to_bytes(), "ab") == found


PROBLEMS = {
    "missing": ({"age": ...}, "'age' is missing"),
    "unexpected": ({"wage": 1}, "'wage' is not expected"),
    "misspelt": ({"agee": 1, "age": ...}, "did you mean 'age'?"),
    "text for number": ({"age": "30"}, "'age' holds str, such as '30'"),
    "number for text": ({"town": 3}, "'town' holds int64, such as 3"),
    "fraction": ({"age": 30.5}, "'age' holds 30.5; the model takes whole numbers"),
    "missing value": ({"age": None}, "'age' has 1 missing value"),
    "too large": ({"age": 2.0**70}, "'age' holds 1.1805"),
    "new category": ({"size": "XL"}, "'size' has the category 'XL'"),
    "no bool": ({"member": 2}, "'member' holds 2; the model takes true or false"),
    "no time": ({"since": "tomorrow"}, "'since' holds str, such as 'tomorrow'"),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_columns_at_fault_are_named(case):
    changed, said = PROBLEMS[case]
    data = {key: value for key, value in row(**changed).items() if value is not ...}
    with pytest.raises(InvalidModelInputError) as caught:
        signature().converted([data])
    assert said in str(caught.value)
    assert next(iter(changed)) in caught.value.columns


def test_all_columns_at_fault_are_named_at_once():
    with pytest.raises(InvalidModelInputError) as caught:
        signature().converted([row(age="x", size="XL", town=3)])
    assert set(caught.value.columns) == {"age", "size", "town"}


def test_optional_column_may_be_left_out():
    data = {key: value for key, value in row().items() if key != "height"}
    found = signature().converted([data])
    assert found["height"].isna().all()
    assert list(found) == list(FRAME)


def test_category_that_was_only_met_is_a_warning():
    with pytest.warns(MlopsWarning, match="'town' has the category 'Genf'"):
        found = signature().converted([row(town="Genf")])
    assert found["town"].tolist() == ["Genf"]


def test_codes_of_categories_stay_those_of_the_training():
    data = FRAME.assign(size=pd.Categorical(["L", "S", "L"], categories=["L", "S"]))
    found = signature().converted(data)["size"]
    assert found.cat.codes.tolist() == [2, 0, 2]


@pytest.mark.parametrize(
    "data", [np.zeros((2, 3)), np.zeros(6), {"age": [1, 2], "town": ["a"]}, 7, None]
)
def test_what_is_no_table_is_refused(data):
    with pytest.raises(InvalidModelInputError):
        signature().converted(data)


def test_model_of_texts_takes_texts():
    texts = pd.Series(["one two", "three"], name="text")
    found = signature(texts).converted(["four"])
    assert isinstance(found, pd.Series)
    assert found.tolist() == ["four"]
    assert signature(["one two", "three"]).converted(["four"]) == ["four"]


def test_model_of_records_takes_frames():
    records = [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]
    found = signature(records).converted(pd.DataFrame({"a": [1], "b": ["x"]}))
    assert found == [{"a": 1, "b": "x"}]
