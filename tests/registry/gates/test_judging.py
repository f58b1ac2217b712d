"""Fairness, data quality and secrets: judged by the libraries that know them."""

from __future__ import annotations

import io
import zipfile
from types import SimpleNamespace

import pandas as pd
import pytest

from jupyter_mlops.registry.gates.dataquality import check_schema
from jupyter_mlops.registry.gates.fairness import group_metric
from jupyter_mlops.registry.gates.secrets import secrets_in
from jupyter_mlops.registry.gates.subject import GateFaultError
from jupyter_mlops.store.manifest import ManifestEntry, write_manifest

TOKEN = "ghp_" + "a8Kd02LmQpX7vBnT4cYsW1eRzU9iOj3HgFxN"
ROWS = pd.DataFrame(
    {"sex": ["f", "f", "m", "m"], "old": [0, 1, 0, 1], "y": [1, 1, 1, 0]}
)


def groups(predicted, columns=("sex",), metric="recall", **more):
    return group_metric(
        ROWS, predicted, target="y", columns=list(columns), metric=metric, **more
    )


def test_metric_by_group():
    pytest.importorskip("fairlearn")
    found = groups([1, 0, 1, 0])
    assert found.by_group == {"f": 0.5, "m": 1.0}
    assert found.overall == pytest.approx(2 / 3)
    assert groups([1, 0, 1, 0], metric="selection_rate").by_group["m"] == 0.5
    assert groups([1, 0, 1, 0], ("sex", "old"), "count").by_group["m 1"] == 1
    assert groups([[1], [1], [1], [1]], metric="accuracy").by_group["m"] == 0.5


def test_group_that_cannot_be_judged_is_told():
    pytest.importorskip("fairlearn")
    found = groups([1, 0, 1, 0], ("sex", "old"))
    assert found.by_group["m 1"] != found.by_group["m 1"]
    with pytest.raises(GateFaultError, match=r"no column 'sx'.*mean 'sex'"):
        groups([1, 0, 1, 0], ("sx",))
    with pytest.raises(GateFaultError, match="shape"):
        groups([1, 0])
    with pytest.raises(GateFaultError, match="which of 0, 1 counts"):
        groups([1, 0, 1, 0], positive="yes")


SCHEMA = """\
schema_type: dataframe
columns:
  age: {dtype: int64, greater_than_or_equal_to: 0}
  name: {dtype: object, required: false}
"""


def test_data_fits_a_schema_or_not(tmp_path):
    pytest.importorskip("pandera")
    file = tmp_path / "s.yaml"
    file.write_text(SCHEMA)
    assert check_schema(pd.DataFrame({"age": [1, 2]}), file) == (True, "2 rows fit")
    passed, said = check_schema(pd.DataFrame({"age": [1, -2, -3]}), file)
    assert (passed, said) == (False, "'age': greater_than_or_equal_to(0) (2 times)")
    assert "-2" not in said
    assert check_schema(pd.DataFrame({"agg": [1]}), file)[1] == (
        "there is no column 'age'"
    )


def test_odd_schema_is_no_schema(tmp_path):
    pytest.importorskip("pandera")
    with pytest.raises(GateFaultError, match="there is no schema"):
        check_schema(ROWS, tmp_path / "s.yaml")
    (tmp_path / "s.yaml").write_text("columns: [1, 2]")
    with pytest.raises(GateFaultError, match="no schema of pandera"):
        check_schema(ROWS, tmp_path / "s.yaml")


def version_of(blobs, **files):
    entries = [
        ManifestEntry(path=name, digest=blobs.put_bytes(data), size=len(data))
        for name, data in files.items()
    ]
    nothing = dict.fromkeys(("signature", "example", "recipe", "profile", "lock"))
    return SimpleNamespace(
        files=blobs.put_bytes(write_manifest(entries)),
        note="",
        params={},
        tags={},
        **nothing,
    )


def zipped(**members):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return data.getvalue()


def test_secrets_are_found_but_not_told(blobs):
    found = version_of(
        blobs,
        plain=f"key = '{TOKEN}'".encode(),
        numbers=bytes(range(256)) * 10,
        packed=zipped(inner=f"token: {TOKEN}", other="x"),
        broken=b"PK\x03\x04 no archive",
    )
    found.params = {"how": f"Bearer {TOKEN}"}
    said = secrets_in(found, blobs)
    places = ("its params", "packed, inner", "plain")
    assert sorted(said) == [f"a secret in {place}" for place in places]
    assert TOKEN not in str(said)
    assert secrets_in(version_of(blobs, plain=b"x = 1"), blobs) == []
