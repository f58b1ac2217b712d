"""Code without what does not count, and what it mentions."""

from __future__ import annotations

import json
import os

import pytest

from jupyter_mlops.pipeline.versions.code import code_digest, read_code
from jupyter_mlops.pipeline.versions.mentions import Mentions
from jupyter_mlops.pipeline.versions.modules import LocalModules
from jupyter_mlops.pipeline.versions.notebook import NotebookText
from jupyter_mlops.pipeline.versions.sources import Sources
from tests.pipeline.conftest import code, write_notebook

SAME = (
    ("x = 1", "x=1  # one"),
    ("x = 1\n\n\ny = 2", "x = 1\ny = 2\n"),
    ("f(a, b)", "f(\n    a,\n    b,\n)"),
    ("'a'", '"a"'),
    ("x = (1)", "x = 1"),
    ("# only\nx = 1", "x = 1"),
    ("%time f()\nx = 1  # c", "%time f()\nx = 1"),
)
DIFFERENT = (
    ("x = 1", "x = 1.0"),
    ("x = 1", "x = True"),
    ("x = 0.0", "x = -0.0"),
    ("def f():\n    'a'", "def f():\n    'b'"),
    ("x = '#a'", "x = '#b'"),
    ("%time f()", "%time g()"),
    ("!ls a", "!ls b"),
    ("%%bash\nls  a", "%%bash\nls a"),
    ("%%bash\n# a", "%%bash\n# b"),
    ("x = 'a\\n'", "x = 'a\\n '"),
    ("s = '''\n%a \n'''\n%time f()", "s = '''\n%a\n'''\n%time f()"),
    ("s = '''\n%a\n'''\n%b", "s = '''\n__magic__('%a')\n'''\n%b"),
    ("x = (", "x = ( "),
    ("f?", "g?"),
    ("a; b", "b; a"),
    ("f'{x}'", "f'{x!r}'"),
    ("x = 'a' 'b'", "x = 'a', 'b'"),
    ("if a:\n    b\nc", "if a:\n    b\n    c"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same_code(one, other):
    assert code_digest(one) == code_digest(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_code(one, other):
    assert code_digest(one) != code_digest(other)


def test_tags_that_change_a_run_count():
    plain = read_code("x = 1").digest
    assert read_code("x = 1", tags=("parameters",)).digest != plain
    assert read_code("x = 1", tags=("hide-input",)).digest == plain


def test_markdown_and_outputs_do_not_count(tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", "x = 1", "y = 2")
    before = NotebookText.read(path, "a").source(Sources()).digests
    found = json.loads(path.read_text())
    found["cells"][0]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "x"}
    ]
    found["cells"][1]["execution_count"] = 7
    found["cells"].insert(
        0, {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "# x"}
    )
    path.write_text(json.dumps(found))
    assert NotebookText.read(path, "a").source(Sources()).digests == before


def test_skipped_and_empty_cells_do_not_count(tmp_path):
    cells = ("x = 1", code("y = 2", "skip-execution"), "  \n")
    path = write_notebook(tmp_path / "a.ipynb", *cells, parameters="p = 1")
    notebook = NotebookText.read(path, "a")
    assert len(notebook.source(Sources()).digests) == 2
    assert notebook.parameter_position == 0


def mentioned(source):
    found = Mentions()
    found.add(read_code(source))
    return found


def test_mentions_survive_being_kept():
    source = "from .a import b\nimport c, os\nos.environ['X']\n!cat d.txt\n%run e.py"
    found = mentioned(source)
    assert Mentions.from_json(json.loads(json.dumps(found.to_json()))) == found
    assert list(found.imports) == [("a", ("b",), 1), ("c", (), 0), ("os", (), 0)]
    assert list(found.variables) == ["X"]
    assert {"cat", "d.txt", "e.py"} <= set(found.words)


FILES = {
    "direct.py": "import deep.inner",
    "deep/__init__.py": "",
    "deep/inner.py": "from . import beside\nfrom .. import nothing",
    "deep/beside.py": "from .further import x",
    "deep/further.py": "import lazy",
    "lazy.py": "",
    "space/part.py": "",
    "starred/__init__.py": "",
    "starred/one.py": "",
    "script.py": "import of_script",
    "of_script.py": "",
    "other.ipynb": json.dumps(
        {"cells": [{"cell_type": "code", "source": ["import of_notebook"]}]}
    ),
    "of_notebook.py": "",
    "lib/placed.py": "",
    "extension.py": "",
    "named.py": "",
    "unused.py": "",
    "cellmagic.py": "",
}
IMPORTS = {
    "import direct": "direct deep/__init__ deep/inner deep/beside deep/further lazy",
    "def f():\n    import lazy": "lazy",
    "try:\n    import lazy\nexcept ImportError: pass": "lazy",
    "from space import part": "space/part",
    "from space.part import x": "space/part",
    "from starred import *": "starred/__init__ starred/one",
    "%run script.py --x": "script of_script",
    "%run other": "other of_notebook",
    "import sys\nsys.path.append('lib')\nimport placed": "lib/placed",
    "%load_ext extension": "extension",
    "import importlib\nimportlib.import_module('named')": "named",
    "%%time\nimport cellmagic": "cellmagic",
    "%%writefile lazy.py\nx = 1": "",
    "import jupyter_mlops, os, json": "",
}


@pytest.mark.parametrize("source", IMPORTS)
def test_local_modules_are_found(tmp_path, source):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    local = LocalModules(tmp_path).follow(mentioned(source))
    found = {
        os.path.splitext(os.path.relpath(path, tmp_path))[0] for path in local.digests
    }
    assert found == set(IMPORTS[source].split())


def test_modules_elsewhere_are_told(tmp_path):
    (tmp_path / "data").mkdir()
    source = "import pandas as pd, os, yaml.loader\nimport nowhere, data"
    local = LocalModules(tmp_path).follow(mentioned(source))
    assert list(local.outside) == ["pandas", "yaml", "nowhere", "data"]


def test_sources_are_kept_by_content(tmp_path, monkeypatch):
    file = tmp_path / "a.py"
    file.write_text("import x")
    sources = Sources(tmp_path / "kept")
    first = sources.module(str(file))
    sources.save()
    monkeypatch.setattr(
        "jupyter_mlops.pipeline.versions.sources.read_code", pytest.fail
    )
    again = Sources(tmp_path / "kept").module(str(file))
    assert (again.digest, again.mentions) == (first.digest, first.mentions)


@pytest.mark.parametrize("text", ["[]", "{", '{"x": 1}', "\x00"])
def test_damaged_memory_is_passed_over(tmp_path, text):
    (tmp_path / "sources.json").write_text(text)
    (tmp_path / "a.py").write_text("import x")
    assert Sources(tmp_path).module(str(tmp_path / "a.py")).mentions.imports
