"""Files elsewhere: S3 as moto speaks it, a web server, memory; all on this machine."""

import http.server
import sqlite3
import threading
import urllib.request

import boto3
import fsspec
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from moto.server import ThreadedMotoServer

from jupyter_mlops.capture.files import DigestCache, digest_files
from jupyter_mlops.capture.files.urls import bare_url

FRAME = pd.DataFrame({"a": [1, 2]})
TABLE = pa.table({"a": [1, 2]})


@pytest.fixture(scope="module")
def moto():
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(moto, monkeypatch):
    """An empty bucket `data`, reached by plain s3:// URLs."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", moto)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    urllib.request.urlopen(f"{moto}/moto-api/reset", data=b"").close()
    client = boto3.client("s3")
    client.create_bucket(Bucket="data")
    fsspec.filesystem("s3").clear_instance_cache()
    yield client
    client.close()


@pytest.fixture
def told(watched, project):
    """Run a function under a watch; give (role, size, version) by URL."""

    def told(work):
        watched(work)
        found = digest_files(watched.seen, project, DigestCache())
        entries = [*found.ready, *found.wait(60)]
        return {e["path"]: (e["role"], e["size"], e["version"]) for e in entries}

    return told


def etag(client, key):
    head = client.head_object(Bucket="data", Key=key)
    return head["ContentLength"], f"etag:{head['ETag'].strip(chr(34))}"


def test_pandas_reads_and_writes_s3(s3, told):
    url = "s3://data/in.csv"
    written = told(lambda: FRAME.to_csv(url))
    assert written == {url: ("written", *etag(s3, "in.csv"))}
    assert told(lambda: pd.read_csv(url)) == {url: ("read", *etag(s3, "in.csv"))}


def test_version_of_s3_is_kept(s3, told):
    s3.put_bucket_versioning(
        Bucket="data", VersioningConfiguration={"Status": "Enabled"}
    )
    version = s3.put_object(Bucket="data", Key="k", Body=b"abc")["VersionId"]
    assert told(lambda: fsspec.filesystem("s3").cat("data/k")) == {
        "s3://data/k": ("read", 3, f"version:{version}")
    }


def test_s3_file_overwritten_after_a_listing(s3, told):
    s3.put_object(Bucket="data", Key="k", Body=b"abc")
    system = fsspec.filesystem("s3")
    system.ls("data")
    s3.put_object(Bucket="data", Key="k", Body=b"other")
    assert told(lambda: system.cat("data/k")) == {
        "s3://data/k": ("read", *etag(s3, "k"))
    }


def test_whole_files_come_and_go(s3, told, project):
    system = fsspec.filesystem("s3")

    def work():
        system.put("in.csv", "data/put.csv")
        system.get("data/put.csv", "got.csv")
        system.pipe({"data/piped": b"abc"})
        system.cp("data/piped", "data/copied")
        system.pipe("data/gone", b"abc")
        system.rm("data/gone")

    found = told(work)
    assert {path: role for path, (role, *_) in found.items()} == {
        "in.csv": "read",
        "got.csv": "written",
        "s3://data/put.csv": "written",
        "s3://data/piped": "written",
        "s3://data/copied": "written",
    }
    assert found["s3://data/copied"][1:] == etag(s3, "copied")


def test_file_system_imported_meanwhile_is_seen(s3, told, monkeypatch):
    s3.put_object(Bucket="data", Key="k", Body=b"abc")
    kind = type(fsspec.filesystem("s3"))

    class Later(kind):
        protocol = "s3"

        async def _cat_file(self, path, *args, **kwargs):
            return await super()._cat_file(path, *args, **kwargs)

    found = told(lambda: Later(skip_instance_cache=True).cat_file("data/k"))
    assert found == {"s3://data/k": ("read", *etag(s3, "k"))}


def test_pyarrow_reads_and_writes_s3_itself(s3, told, moto):
    system = pa.fs.S3FileSystem(endpoint_override=moto, region="us-east-1")
    path, url = "data/t.parquet", "s3://data/t.parquet"
    written = told(lambda: pa.parquet.write_table(TABLE, path, filesystem=system))
    assert written == {url: ("written", *etag(s3, "t.parquet"))}
    read = told(lambda: pa.parquet.read_table(path, filesystem=system))
    assert read == {url: ("read", *etag(s3, "t.parquet"))}


def test_server_that_is_gone_leaves_no_version(s3, watched, project, monkeypatch):
    s3.put_object(Bucket="data", Key="k", Body=b"abc")
    system = fsspec.filesystem("s3")
    watched(lambda: system.cat("data/k"))

    async def refuse(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(system, "_call_s3", refuse)
    (entry,) = digest_files(watched.seen, project, DigestCache()).wait(60)
    assert (entry["role"], entry["version"]) == ("read", None)


def test_memory_and_layers_are_told_by_their_own_names(told, project):
    MemoryFileSystem.store.clear()

    def work():
        FRAME.to_csv("memory://a/in.csv")
        FRAME.to_csv("memory://a/in.zip", compression="zip")
        with fsspec.open("simplecache::memory://a/in.csv") as file:
            file.read()
        with fsspec.open(f"file://{project}/in.csv") as file:
            file.read()

    assert {path: role for path, (role, *_) in told(work).items()} == {
        "memory:///a/in.csv": "written",
        "memory:///a/in.zip": "written",
        "in.csv": "read",
    }


@pytest.fixture
def web(project):
    """The project's files, served with an ETag."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def end_headers(self):
            self.send_header("ETag", 'W/"abc"')
            super().end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *args: Handler(*args, directory=str(project))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_downloads_are_seen_without_what_opens_them(told, web):
    url = f"http://{web}/in.csv"
    signed = f"{url}?X-Amz-Signature=abcdef&X-Amz-Expires=3"
    found = told(lambda: pd.read_csv(signed))
    assert found == {url: ("read", 8, "etag:abc"), "in.csv": ("read", 8, None)}
    found = told(lambda: fsspec.open(url).open().read())
    assert found[url] == ("read", 8, "etag:abc")


def test_what_is_sent_is_no_file(told, web):
    def work():
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://{web}/in.csv", data=b"a")

    assert told(work) == {}


def test_url_that_polars_opens_itself_is_kept(watched):
    def work():
        pl.scan_parquet("s3://user:pass@bucket/in.parquet")

    assert watched(work) == {"s3://bucket/in.parquet": "read"}


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("https://u:p@host/a?b=1#c", "https://host/a?b=1#c"),
        ("https://host/a?sv=1&sig=x", "https://host/a"),
        ("https://host/a?access_token=x", "https://host/a"),
        ("https://host/a?AWSAccessKeyId=x&Signature=y", "https://host/a"),
        ("https://host/a?X-Goog-Signature=y", "https://host/a"),
        ("https://host/a?format=csv&id=3", "https://host/a?format=csv&id=3"),
        ("s3://bucket/k?versionId=3", "s3://bucket/k?versionId=3"),
        ("sftp://user@host/a@b", "sftp://host/a@b"),
    ],
)
def test_urls_lose_what_opens_them(url, bare):
    assert bare_url(url) == bare


def test_database_urls_are_files(watched, project):
    def work():
        sqlite3.connect(f"file:{project}/x.db?mode=rwc", uri=True).close()
        sqlite3.connect("file:shared?mode=memory", uri=True).close()
        sqlite3.connect(f"file:{project}/in.csv?mode=ro", uri=True).close()

    assert watched(work) == {"in.csv": "read", "x.db": "written"}
