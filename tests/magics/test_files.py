"""Files of tracked cells, in a real shell: one walk for each way to open them."""

import os
import subprocess

import pytest

CELLS = {
    "plain": (
        "with open('a.txt', 'w') as file:\n    file.write('a')",
        {"a.txt": "written"},
    ),
    "parquet": (
        "import pandas as pd\n"
        "pd.DataFrame({'x': [1]}).to_parquet('a.parquet')\n"
        "n = len(pd.read_csv('in.csv'))",
        {"a.parquet": "written", "in.csv": "read"},
    ),
    "polars": (
        "import polars as pl\npl.scan_csv('in.csv').sink_parquet('a.parquet')",
        {"a.parquet": "written", "in.csv": "read"},
    ),
    "h5py": (
        "import h5py\nwith h5py.File('a.h5', 'w') as file:\n    file['x'] = 1",
        {"a.h5": "written"},
    ),
    "sqlite": (
        "import sqlite3\nwith sqlite3.connect('a.db') as db:\n"
        "    _ = db.execute('create table t (x)')\ndb.close()",
        {"a.db": "written"},
    ),
    "renamed": (
        "import os\nopen('a.tmp', 'w').close()\nos.replace('a.tmp', 'a.txt')",
        {"a.txt": "written"},
    ),
    "line": ("!echo a > a.txt", {"a.txt": "written"}),
    "assigned": ("x = !cat in.csv; echo a > a.txt", {"a.txt": "written"}),
    "bash": ("%%bash\necho a > a.txt", {"a.txt": "written"}),
    "run": (
        "import subprocess, sys\n"
        "code = \"open('a.txt', 'w').write('a')\"\n"
        "_ = subprocess.run([sys.executable, '-c', code], check=True)",
        {"a.txt": "written"},
    ),
    "memory": (
        "import fsspec\nwith fsspec.open('memory://a.txt', 'w') as file:\n"
        "    _ = file.write('a')",
        {"memory:///a.txt": "written"},
    ),
}


@pytest.fixture
def project(workspace):
    (workspace.layout.project / "in.csv").write_text("a\n1\n")
    return workspace.layout.project


@pytest.mark.parametrize("name", CELLS)
def test_files_of_a_cell(run, project, name):
    cell, expected = CELLS[name]
    recorded = run(f"%%track\n{cell}")
    assert {file.path: file.role for file in recorded.files} == expected
    assert all(file.digest or "://" in file.path for file in recorded.files)


def test_version_is_kept_beside_the_digest(run, project):
    pointer = "version https://git-lfs.github.com/spec/v1\n"
    (project / "model").write_text(f"{pointer}oid sha256:{'a' * 64}\nsize 1234\n")
    (file,) = run("%%track\nopen('model').close()").files
    assert file.version == f"lfs:sha256:{'a' * 64}"


def test_traceback_is_as_untracked(run, shell, capsys):
    source = "import h5py\nh5py.File('nowhere.h5')"
    shell.run_cell(source)
    plain = capsys.readouterr().out
    run(f"%%track\n{source}")
    assert plain.strip().splitlines()[1:] == [
        line
        for line in capsys.readouterr().out.strip().splitlines()[1:]
        if not line.startswith(("✗", "  run"))
    ]


def test_secret_in_a_url_is_not_stored(run, workspace):
    secret = "ghp_" + "a1B2c3D4e5" * 3 + "abcdef"
    run(
        f"%%track\nimport fsspec\nfsspec.open('memory://{secret}/a', 'w').open().close()"
    )
    for journal in workspace.layout.journals.rglob("*.jsonl"):
        assert secret not in journal.read_text()


def test_files_of_git_are_left_out(run, project):
    (project / ".git").mkdir()
    subprocess.run(["git", "init", "-q"], check=True, cwd=project)
    (file,) = run("%%track\n!git add in.csv; echo a >> in.csv").files
    assert (file.path, file.role) == ("in.csv", "written")
    assert os.path.isdir(".git")
