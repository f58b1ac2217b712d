"""One version: what it binds, its lock, and what became of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_mlops.registry.flavors.loader import LoaderModel
from jupyter_mlops.registry.lock import lock_of

ENVIRONMENT = {
    "python": {"implementation": "CPython", "version": "3.11.7"},
    "packages": {"numpy": "1.26.4", "Babel": "2.1", "torch": "2.13.0+cpu"},
}


@pytest.fixture
def version(workspace, repository, git):
    """A version whose run wrote down all there is."""
    (repository / "a.py").write_text("x = 2\n")
    with workspace.start_run("fit", tags={"team": "risk"}) as run:
        run.log_model("model", LoaderModel(b"{}", "json:load", "model.json"))
        run.log_metric("auc", 0.9)
        run.log_param("C", 0.1)
    return workspace.models.push("last", "churn", note="first")


def test_version_is_shown_whole(mlops, mlops_json, version, git, repository):
    out = mlops("show", "models:/churn/1").out
    for word in ("churn, version 1", "auc 0.9", "C 0.1", "team risk", "model.json"):
        assert word in out
    found = mlops_json("show", "models:/churn/1")
    assert found["git"]["commit"] == git(repository, "rev-parse", "HEAD")
    assert [event["kind"] for event in found["history"]] == ["registered"]
    assert [file["path"] for file in found["model_files"]] == ["model.json"]
    assert "rich==" in " ".join(found["requirements"])


def test_all_that_is_bound_is_sealed(workspace, version):
    import dataclasses

    from jupyter_mlops.registry.binding import binding_from

    bound = binding_from(version)
    assert workspace.store.blobs.get_bytes(version.digest) == bound.to_bytes()
    for name in ("lock", "profile", "environment"):
        other = dataclasses.replace(bound, **{name: "0" * 64})
        assert other.to_bytes() != bound.to_bytes()
    assert "tags" not in dataclasses.replace(bound, tags={}).to_json()


def test_version_asks_for_no_option(mlops, version):
    assert "no option" in mlops("show", "models:/churn/1", "--why").err
    assert "up to 1" in mlops("show", "models:/churn/7").err
    assert "mean 'churn'" in mlops("show", "models:/chrun/1").err
    assert "has no alias 'champion'" in mlops("show", "models:/churn@champion").err


def test_lock_is_exact_and_says_what_it_cannot(monkeypatch):
    told = {
        "numpy": {},
        "Babel": {"url": "file:///home/a/babel", "dir_info": {"editable": True}},
        "torch": {},
    }
    monkeypatch.setattr(
        "jupyter_mlops.registry.lock._direct_url", lambda name, version: told[name]
    )
    lines = lock_of(ENVIRONMENT, "01jd").splitlines()
    assert lines[0] == "# The packages of run 01jd: CPython 3.11.7."
    assert lines[2:] == [
        "# Babel==2.1 was installed in editable form from a folder: file:///home/a/babel",
        "numpy==1.26.4",
        "# torch==2.13.0+cpu is a build of its own: name the index that has it",
        "torch==2.13.0+cpu",
    ]
    assert lock_of({}, "01jd") == ""


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (
            {
                "url": "https://u:p@g.org/a",
                "vcs_info": {"vcs": "git", "commit_id": "c"},
            },
            "numpy @ git+https://g.org/a@c",
        ),
        (
            {"url": "https://g.org/a.whl", "archive_info": {"hashes": {"sha256": "d"}}},
            "numpy @ https://g.org/a.whl#sha256=d",
        ),
        ({"url": "file:///a.whl", "archive_info": {}}, "numpy==1.26.4"),
    ],
)
def test_lock_names_other_places(monkeypatch, told, line):
    monkeypatch.setattr(
        "jupyter_mlops.registry.lock._direct_url", lambda name, version: told
    )
    environment = {"packages": {"numpy": "1.26.4"}}
    assert lock_of(environment, "01jd").splitlines()[-1] == line


def test_pip_takes_the_lock(workspace, version, tmp_path):
    lock = tmp_path / "requirements.txt"
    lock.write_bytes(workspace.store.blobs.get_bytes(version.lock))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    options = ["--dry-run", "--no-index", "--no-deps", "-r", lock]
    done = subprocess.run([*pip, "install", *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Would install" not in done.stdout


def test_uv_takes_the_lock(workspace, version, tmp_path):
    uv = Path(sys.executable).with_name("uv")
    if not uv.exists():
        pytest.skip("uv is in no extra")
    lock = tmp_path / "requirements.txt"
    lock.write_bytes(workspace.store.blobs.get_bytes(version.lock))
    options = ["--dry-run", "--offline", "--no-index", "--no-deps", "-r", lock]
    where = ["--python", sys.executable]
    done = subprocess.run(
        [uv, "pip", "install", *where, *options], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "no changes" in done.stderr
