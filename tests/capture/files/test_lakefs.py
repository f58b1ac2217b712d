"""Pins to commits, against a stand-in that speaks lakeFS's paths: no real server."""

import hashlib
import http.server
import json
import threading
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from jupyter_mlops.capture.files import DigestCache, digest_files

COMMIT = "c0ffee" * 10 + "abcd"
DATA = b"a,b\n1,2\n"
API = "/api/v1/repositories/repo"


class LakeFS(http.server.BaseHTTPRequestHandler):
    """One branch, `main`, at one commit; what was written since is not in it."""

    committed = {"in.csv": DATA}
    branch = {"in.csv": DATA}

    def do_GET(self):
        asked = urlsplit(self.path)
        name = parse_qs(asked.query).get("path", [""])[0]
        files = self.branch if "/refs/main/" in asked.path else self.committed
        data = files.get(name, b"")
        answers = {
            f"{API}/commits/main": {"id": COMMIT, **self.commit},
            API: {
                "id": "repo",
                "creation_date": 1,
                "default_branch": "main",
                "storage_namespace": "local://x",
            },
            f"{API}/refs/main/objects/stat": self.stat(name, data),
            f"{API}/refs/{COMMIT}/objects/stat": self.stat(name, data),
        }
        if asked.path == f"{API}/refs/main/objects":
            self.answer(data, "application/octet-stream")
        elif asked.path in answers and (name in files or not name):
            self.answer(json.dumps(answers[asked.path]).encode(), "application/json")
        else:
            self.answer(b'{"message": "not found"}', "application/json", 404)

    do_HEAD = do_GET
    commit = {
        "parents": [],
        "committer": "me",
        "message": "m",
        "creation_date": 1,
        "meta_range_id": "m",
        "metadata": {},
    }

    def stat(self, name, data):
        return {
            "path": name,
            "path_type": "object",
            "physical_address": "local://x",
            "checksum": hashlib.md5(data).hexdigest(),
            "size_bytes": len(data),
            "mtime": 1,
        }

    def answer(self, data, kind, status=200):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, *args):
        pass


@pytest.fixture
def options(project):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), LakeFS)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    host = f"http://127.0.0.1:{server.server_address[1]}"
    yield {"host": host, "username": "user", "password": "word", "pre_sign": False}
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def entry(watched, project, options):
    def entry():
        url = "lakefs://repo/main/in.csv"
        watched(lambda: pd.read_csv(url, storage_options=options))
        (entry,) = digest_files(watched.seen, project, DigestCache()).wait(60)
        assert (entry["path"], entry["size"]) == (url, 8)
        return entry

    return entry


def test_file_of_a_branch_is_pinned_to_its_commit(entry):
    assert entry()["version"] == f"lakefs:{COMMIT}"


@pytest.mark.parametrize("committed", [{}, {"in.csv": b"older"}])
def test_file_that_is_not_committed_is_not_pinned(entry, monkeypatch, committed):
    monkeypatch.setattr(LakeFS, "committed", committed)
    assert entry()["version"] == f"checksum:{hashlib.md5(DATA).hexdigest()}"
