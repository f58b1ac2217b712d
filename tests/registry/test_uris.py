"""URIs are read strictly, and no name in them can leave its folder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops import errors
from jupyter_mlops.registry.uris import (
    AliasUri,
    RunUri,
    VersionUri,
    parse_model_uri,
    parse_uri,
)


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("models:/churn/3", VersionUri("churn", 3)),
        ("models:/churn v2@champion", AliasUri("churn v2", "champion")),
        ("runs:/01jd3k/model", RunUri("01jd3k", "model")),
        ("runs:/01jd3k/plots/roc.png", RunUri("01jd3k", "plots/roc.png")),
        ("runs:/last/model", RunUri("last", "model")),
        ("runs:/01JD3K", RunUri("01jd3k", None)),
    ],
)
def test_uris_are_read(text, uri):
    assert parse_uri(text) == uri
    assert parse_uri(str(uri)) == uri


@pytest.mark.parametrize(
    "text",
    [
        "churn", "models:/churn", "models:/", "models:/churn/", "models:/churn/0",
        "models:/churn/-1", "models:/churn/three", "models:/churn/1/2",
        "models:/churn/²", "models:/churn/9999999999", "models:/churn@",
        "models:/../churn/1", "models:/a/b@c", "models:/churn@../x", "models:/churn@3",
        "models://churn/1", "runs:/", "runs:/../../x", "runs:/01jd3k/../../etc",
        "runs:/01jd3k//etc/passwd", "runs:/01jd3k/", "http://churn/1", "",
    ],
)  # fmt: skip
def test_bad_uris_are_refused(text):
    with pytest.raises(errors.InvalidUriError) as caught:
        parse_uri(text)
    assert caught.value.uri == text


def test_error_shows_an_example():
    with pytest.raises(errors.InvalidUriError, match="models:/churn@champion"):
        parse_uri("churn")


def test_run_uri_is_no_model():
    with pytest.raises(errors.InvalidUriError, match="not a registered model"):
        parse_model_uri("runs:/01jd3k/model")


@given(st.text("./@ab1:\\ \0", max_size=12))
def test_no_name_escapes(rest):
    try:
        uri = parse_uri(f"models:/{rest}")
    except errors.InvalidUriError:
        return
    assert "/" not in uri.model
    assert not uri.model.startswith(".")
