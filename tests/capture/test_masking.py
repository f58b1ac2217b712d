"""Secrets in values and outputs on their way to the disk."""

import pytest

from jupyter_mlops.capture.masking import Masker

KEY = "AKIA" + "IOSFODNN7EXAMPLQ"
OUTPUTS = {
    "stream": {"output_type": "stream", "name": "stdout", "text": f"key {KEY}\n"},
    "error": {
        "output_type": "error",
        "ename": "E",
        "evalue": KEY,
        "traceback": ["line", f"x = '{KEY}'"],
    },
    "bundle": {
        "output_type": "display_data",
        "data": {"text/html": f"<b>{KEY}</b>", "application/json": {"a": [KEY]}},
        "metadata": {},
    },
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_secret_in_output_is_masked(name):
    masker = Masker()
    masked = masker.outputs([OUTPUTS[name]])
    assert KEY not in repr(masked)
    assert masker.count > 0
    assert masked[0].keys() == OUTPUTS[name].keys()


def test_output_given_is_left_as_it_was():
    before = repr(OUTPUTS["bundle"])
    Masker().outputs([OUTPUTS["bundle"]])
    assert repr(OUTPUTS["bundle"]) == before


@pytest.mark.parametrize("name", ["password", "api_key", "db_token"])
def test_value_is_masked_for_its_name(name):
    masker = Masker()
    assert masker.named(name, "hunter2").startswith("<masked:")
    assert masker.value({"inner": {name: "hunter2"}}) != {"inner": {name: "hunter2"}}
    assert masker.count == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [("max_tokens", 100), ("password", None), ("tokenizer", "bpe"), ("token", "")],
)
def test_other_values_stay(name, value):
    masker = Masker()
    assert masker.named(name, value) == value
    assert masker.count == 0


def test_picture_is_not_read():
    output = {"output_type": "display_data", "data": {"image/png": KEY}, "metadata": {}}
    assert Masker().outputs([output]) == [output]
