"""Models published at a URL and pulled back: whole, checked, and told apart."""

from __future__ import annotations

import json
import shutil
import urllib.request
from pathlib import Path

import pytest

from jupyter_mlops.errors import (
    BlobCorruptError,
    ChainBrokenError,
    HistoryConflictError,
    InvalidNameError,
    MlopsError,
    ModelNotFoundError,
    RemoteError,
)
from jupyter_mlops.interop.places import FsspecPlace
from jupyter_mlops.interop.publication import sealed
from jupyter_mlops.verbs.doctor import diagnose

linear = pytest.importorskip("sklearn.linear_model")


@pytest.fixture
def there(tmp_path):
    return tmp_path / "there"


@pytest.fixture
def url(there):
    return f"file://{there}"


def fits(number=1.0):
    return linear.LinearRegression().fit([[0.0], [number]], [0.0, 1.0])


@pytest.fixture
def published(workspace, churn, url):
    workspace.registry.promote("churn", 1, "champion")
    return workspace.remotes.publish("churn", url)


def blob_files(there):
    return [path for path in (there / "blobs").rglob("*") if path.is_file()]


def test_pulled_model_predicts_alike(workspace, other, published, url, frame):
    (pulled,) = other.remotes.pull(url)
    assert (pulled.versions, pulled.without_files) == ((1,), ())
    told = workspace.models.load("models:/churn@champion").predict(frame)
    assert (other.models.load("models:/churn@champion").predict(frame) == told).all()


def test_history_and_run_come_along(workspace, other, published, url):
    other.remotes.pull(url)
    assert other.registry.history("churn") == workspace.registry.history("churn")
    run = other.get_run("last")
    assert list(run.history("auc").value) == [0.5, 0.75, 0.875]
    assert diagnose(other).exit_code == 0


def test_twice_is_once(workspace, other, published, url):
    assert published.is_new
    assert not workspace.remotes.publish("churn", url).is_new
    other.remotes.pull(url)
    (again,) = other.remotes.pull(url, ["churn"])
    assert (again.events, again.runs, again.blobs) == (0, 0, 0)


def test_later_versions_follow(workspace, other, published, url):
    other.remotes.pull(url)
    from tests.interop.conftest import push

    push(workspace, fits())
    assert workspace.remotes.publish("churn", url).versions == (1, 2)
    (pulled,) = other.remotes.pull(url)
    assert pulled.versions == (1, 2)
    assert other.models.load("models:/churn/2").coef_ == pytest.approx(1)


def test_longer_history_there_is_not_cut(workspace, other, published, url):
    other.remotes.pull(url)
    other.registry.promote("churn", 1, "shadow")
    other.remotes.publish("churn", url)
    workspace.registry.promote("churn", 1, "mine")
    with pytest.raises(HistoryConflictError, match="alias_set"):
        workspace.remotes.publish("churn", url)


def test_publishing_asks_to_pull_first(workspace, other, published, url):
    other.remotes.pull(url)
    other.registry.promote("churn", 1, "shadow")
    other.remotes.publish("churn", url)
    with pytest.raises(HistoryConflictError, match="jupyter mlops pull"):
        workspace.remotes.publish("churn", url)
    workspace.remotes.pull(url)
    assert not workspace.remotes.publish("churn", url).is_new


def test_same_name_is_not_same_model(other, published, url):
    from tests.interop.conftest import push

    push(other, fits())
    before = other.layout.model_chain("churn").read_bytes()
    with pytest.raises(HistoryConflictError, match="up to event 0"):
        other.remotes.pull(url)
    assert other.layout.model_chain("churn").read_bytes() == before


def test_unknown_model_is_explained(other, published, url, tmp_path):
    with pytest.raises(ModelNotFoundError, match="'churn'"):
        other.remotes.pull(url, ["chrun"])
    with pytest.raises(ModelNotFoundError, match="Nothing of ours"):
        other.remotes.pull(f"file://{tmp_path}/nowhere")


def rewrite(there, **changes):
    """Make what is published say something else, under a seal that is right."""
    (listed,) = (there / "publications/churn").iterdir()
    told = json.loads(listed.read_text()) | changes
    listed.write_bytes(sealed(told))


def test_flipped_byte_anywhere_is_refused(other, published, there, url):
    clean = there.with_name("clean")
    there.rename(clean)
    files = [path for path in clean.rglob("*") if path.is_file()]
    for path in files:
        shutil.copytree(clean, there)
        target = there / path.relative_to(clean)
        data = bytearray(target.read_bytes())
        data[len(data) // 2] ^= 1
        target.write_bytes(data)
        with pytest.raises((BlobCorruptError, RemoteError, ChainBrokenError)):
            other.remotes.pull(url, ["churn"])
        assert not other.layout.model_chain("churn").exists(), path
        shutil.rmtree(there)
        shutil.rmtree(other.layout.journals)
        other.layout.journals.mkdir()
        shutil.rmtree(other.layout.blobs)
        other.layout.blobs.mkdir()


def test_rewritten_history_is_refused(workspace, other, published, there, url):
    other.remotes.pull(url)
    workspace.registry.promote("churn", 1, "extra")
    chain = workspace.layout.model_chain("churn")
    lines = chain.read_bytes().splitlines(keepends=True)
    chain.write_bytes(lines[0])
    workspace.registry.promote("churn", 1, "evil")
    shutil.rmtree(there)
    workspace.remotes.publish("churn", url)
    with pytest.raises(HistoryConflictError, match="up to event 1"):
        other.remotes.pull(url)


def test_sealed_nonsense_is_no_history(workspace, other, published, there, url):
    from jupyter_mlops.interop.publication import Part, blob_name
    from jupyter_mlops.registry.chain import _link

    line, _ = _link(
        {"kind": "registered", "model": "churn", "version": []}, 1, "0" * 64
    )
    part = Part.of(line)
    place = there / blob_name(part.digest)
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(line)
    rewrite(there, history=part.to_json())
    with pytest.raises(ChainBrokenError, match="no version can be"):
        other.remotes.pull(url)


@pytest.mark.parametrize(
    "journals",
    [
        {"../../evil": {"a.jsonl": {"sha256": "0" * 64, "size": 1}}},
        {"0" * 26: {"../../../evil.jsonl": {"sha256": "0" * 64, "size": 1}}},
        {"0" * 26: {".hidden.jsonl": {"sha256": "0" * 64, "size": 1}}},
        {"0" * 26: {"a.jsonl": {"sha256": "..", "size": -1}}},
        [],
    ],
)
def test_names_that_lead_out_are_refused(other, published, there, url, journals):
    rewrite(there, journals=journals)
    with pytest.raises(RemoteError):
        other.remotes.pull(url)
    assert list(other.layout.journals.iterdir()) == []


def test_model_name_that_leads_out_is_refused(other, published, url):
    with pytest.raises(InvalidNameError):
        other.remotes.pull(url, ["../../churn"])


@pytest.mark.parametrize("name", ["blobs", "publications"])
def test_links_are_not_followed(other, published, there, url, name):
    (there / name).rename(there.with_name("elsewhere"))
    (there / name).symlink_to(there.with_name("elsewhere"))
    with pytest.raises(RemoteError, match="link"):
        other.remotes.pull(url, ["churn"])


def test_missing_blob_is_told(other, published, there, url):
    for path in blob_files(there):
        path.unlink()
    with pytest.raises(RemoteError, match="incomplete"):
        other.remotes.pull(url)


def test_damage_here_is_not_spread(workspace, churn, there, url):
    path = Path(
        workspace.store.blobs.where(workspace.store.blobs.files(churn.files)[0].digest)
    )
    path.chmod(0o644)
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(BlobCorruptError):
        workspace.remotes.publish("churn", url)
    assert not (there / "publications").exists()


def test_interrupted_publishing_goes_on(workspace, churn, other, url, monkeypatch):
    from jupyter_mlops.interop import publishing

    real, calls = publishing.put_part, []

    def breaks(place, data):
        calls.append(data)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(place, data)

    before = workspace.registry.history("churn")
    monkeypatch.setattr(publishing, "put_part", breaks)
    with pytest.raises(KeyboardInterrupt):
        workspace.remotes.publish("churn", url)
    with pytest.raises(MlopsError):
        other.remotes.pull(url, ["churn"])
    assert workspace.registry.history("churn") == before
    assert workspace.remotes.publish("churn", url).is_new
    assert other.remotes.pull(url)[0].versions == (1,)


@pytest.fixture
def bucket(monkeypatch):
    """An empty bucket, as moto speaks S3."""
    boto3 = pytest.importorskip("boto3")
    fsspec = pytest.importorskip("fsspec")
    pytest.importorskip("s3fs")
    server = pytest.importorskip("moto.server").ThreadedMotoServer(
        "127.0.0.1", port=0, verbose=False
    )
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", address)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    urllib.request.urlopen(f"{address}/moto-api/reset", data=b"").close()
    client = boto3.client("s3")
    client.create_bucket(Bucket="team")
    fsspec.filesystem("s3").clear_instance_cache()
    yield "s3://team/models"
    client.close()
    server.stop()


def test_bucket_gives_a_number_once(bucket, monkeypatch):
    place, name = FsspecPlace(bucket), "publications/churn/00000001.json"
    assert place.create(name, b"first")
    # As if one had looked before the other wrote.
    looks = iter([False, True])
    monkeypatch.setattr(place._fs, "exists", lambda path: next(looks))
    assert not place.create(name, b"second")
    assert b"".join(place.pieces(name)) == b"first"


def test_bucket_keeps_models(workspace, churn, other, bucket, frame):
    assert workspace.remotes.publish("churn", bucket).is_new
    assert not workspace.remotes.publish("churn", bucket).is_new
    (pulled,) = other.remotes.pull(bucket)
    assert pulled.versions == (1,)
    told = workspace.models.load("models:/churn/1").predict(frame)
    assert (other.models.load("models:/churn/1").predict(frame) == told).all()
