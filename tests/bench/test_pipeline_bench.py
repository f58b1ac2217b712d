"""What is unchanged costs next to nothing: folders of many files, cached pipelines."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jupyter_mlops.pipeline.versions.filedigests import FileDigests
from jupyter_mlops.workspace import Workspace
from tests.bench.conftest import seconds
from tests.pipeline.conftest import write_notebook
from tests.pipeline.steps.conftest import in_process

FILES = 100_000
STEPS = 20


@pytest.fixture
def many(tmp_path):
    """A folder of 100,000 small files, none of them changed just now."""
    root = tmp_path / "many"
    for part in range(100):
        folder = root / str(part)
        folder.mkdir(parents=True)
        for name in range(FILES // 100):
            (folder / str(name)).write_text(f"{part} {name}")
    time.sleep(0.2)
    return root


def look_at_all(root):
    for folder, _, names in os.walk(root):
        for name in names:
            os.stat(f"{folder}/{name}")


@pytest.mark.bench
@pytest.mark.timeout(600)
def test_unchanged_folder_is_not_read(many, tmp_path, said):
    cache = tmp_path / "cache"
    digests = set()

    def digest():
        files = FileDigests(cache)
        digests.add(files.folder_digest(str(many)))
        files.save()

    first = seconds(digest)
    again = statistics.median(seconds(digest) for _ in range(5))
    plain = statistics.median(seconds(lambda: look_at_all(many)) for _ in range(5))
    said(
        f"{FILES:,} files: {first:.2f} s when new, {again:.2f} s unchanged "
        f"(to reach: 1.5), os.walk with os.stat {plain:.2f} s"
    )
    assert len(digests) == 1
    assert again < 6 * plain


def make_chain(folder):
    """A pipeline of 20 steps, each of which reads what the one before wrote."""
    lines = ["steps:"]
    for number in range(STEPS):
        name = f"s{number}"
        code = ["import json", f"text = {number}", "open(made, 'w').close()"]
        write_notebook(
            folder / f"{name}.ipynb", *code, parameters="made = ''; read = ''"
        )
        lines += [f"  {name}:", f"    notebook: {name}.ipynb"]
        lines += [f"    outputs: {{made: out/{name}}}"]
        if number:
            before = f"${{s{number - 1}.outputs.made}}"
            lines += [f"    inputs: {{read: '{before}'}}"]
    (folder / "pipeline.yaml").write_text("\n".join(lines))


@pytest.mark.bench
@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_cached_pipeline_of_twenty_steps(tmp_path, tmp_path_factory, said):
    compiled = tmp_path_factory.mktemp("compiled")
    make_chain(tmp_path)
    workspace = Workspace(tmp_path)
    workspace.pipelines.run(tmp_path, make_executor=in_process)
    workspace.close()
    # As it is installed: its modules are compiled once, not at each start.
    environ = {**os.environ, "PYTHONPYCACHEPREFIX": str(compiled)}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)

    def verb(*words):
        done = subprocess.run(
            [str(Path(sys.executable).with_name("jupyter")), "mlops", *words],
            cwd=tmp_path,
            env=environ,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    assert "20 cached" in verb("run", ".")
    assert "Nothing would run" in verb("status")
    took = {
        words: statistics.median(seconds(lambda: verb(*words)) for _ in range(5))  # noqa: B023 - called at once
        for words in (("run", "."), ("status",), ("--help",))
    }
    run, status, base = took.values()
    said(
        f"cached pipeline of {STEPS} steps: run {run:.2f} s, status {status:.2f} s "
        f"(to reach: 0.5), `jupyter mlops`; the command's own start {base:.2f} s"
    )
    assert run < 2 * base
    assert status < 2 * base
