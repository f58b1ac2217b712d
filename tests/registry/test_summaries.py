"""The list of models is kept, and believed only while it is whole and still true."""

from __future__ import annotations

import hashlib
import os

import orjson
import pytest

from jupyter_mlops import errors
from jupyter_mlops.registry import Registry, histories


@pytest.fixture
def kept(registry, binding):
    """Two models, listed once."""
    for name in ("churn", "fraud"):
        for number in range(2):
            registry.register(name, binding(number), note=name)
    registry.promote("churn", 1, "champion")
    registry.standing.archive("churn", 2)
    return registry.models()


@pytest.fixture
def no_reading(monkeypatch):
    """Histories cannot be read."""

    def refuse(path, known=None):
        raise AssertionError(f"{path} was read")

    return lambda: monkeypatch.setattr(histories, "read_chain", refuse)


def test_kept_list_says_the_same(kept, registry, layout, blobs, no_reading):
    exact = [registry.versions(model.name)[-1] for model in kept]
    assert [model.latest for model in kept] == exact
    no_reading()
    assert Registry(layout, blobs).models() == kept
    assert kept[0].aliases == {"champion": 1}
    assert kept[0].latest.archived is True


def test_only_what_grew_is_read(kept, registry, layout, blobs):
    registry.promote("churn", 1, "shadow")
    again = Registry(layout, blobs)
    assert again.models()[0].aliases == {"champion": 1, "shadow": 1}
    assert set(again._histories._known) == {"churn"}


@pytest.mark.parametrize(
    "data",
    [b"", b"nonsense", b"[]", hashlib.sha256(b"[]").hexdigest().encode() + b"\n[]"],
)
def test_broken_list_is_made_anew(kept, layout, blobs, data):
    whole = layout.registry_cache.read_bytes()
    layout.registry_cache.write_bytes(data)
    assert Registry(layout, blobs).models() == kept
    assert layout.registry_cache.read_bytes() == whole


def test_forged_list_is_not_believed(kept, layout, blobs):
    data = layout.registry_cache.read_bytes()
    layout.registry_cache.write_bytes(data.replace(b'"champion":1', b'"champion":2'))
    assert Registry(layout, blobs).models() == kept


def test_list_of_a_newer_version_is_passed_over(kept, layout, blobs):
    told = orjson.loads(layout.registry_cache.read_bytes()[65:]) | {"format": 99}
    body = orjson.dumps(told)
    digest = hashlib.sha256(body).hexdigest().encode()
    layout.registry_cache.write_bytes(digest + b"\n" + body)
    assert Registry(layout, blobs).models() == kept


def test_changed_history_is_still_found(kept, layout, blobs):
    chain = layout.model_chain("churn")
    data = chain.read_bytes().replace(b'"note":"churn"', b'"note":"CHURN"', 1)
    chain.write_bytes(data)
    with pytest.raises(errors.ChainBrokenError):
        Registry(layout, blobs).models()
    with pytest.raises(errors.ChainBrokenError):
        Registry(layout, blobs).version("churn", 1)


def test_broken_history_of_another_is_no_hindrance(kept, layout, blobs):
    layout.model_chain("fraud").write_bytes(b'{"n":1}\n{"n":2}\n')
    again = Registry(layout, blobs)
    assert again.version("churn", 1).version == 1
    with pytest.raises(errors.ModelNotFoundError, match="mean 'churn'"):
        again.version("chrun", 1)


def test_who_may_only_read_lists_all_the_same(kept, layout, blobs):
    layout.registry_cache.unlink()
    layout.registry_cache.mkdir()
    assert Registry(layout, blobs).models() == kept
    assert not [name for name in os.listdir(layout.folder) if "cache." in name]


def test_integers_beyond_64_bits_are_kept(registry, binding, layout, blobs):
    import dataclasses

    bound = dataclasses.replace(binding(1), params={"seed": 2**70})
    registry.register("churn", bound)
    before = registry.models()
    assert Registry(layout, blobs).models() == before
