"""What may be imported before a notebook begins, and what speaks against it."""

from __future__ import annotations

import pytest

from jupyter_mlops.pipeline.worker.libraries import (
    lasting_variables,
    libraries_of,
)


def test_top_level_imports_are_found(tmp_path):
    sources = [
        "import os, numpy as np\nfrom sklearn.linear_model import Ridge",
        "%matplotlib inline\nfrom matplotlib import pyplot as plt\n!ls",
        "%%time\nimport pandas",
        "def f():\n    import scipy\ntry:\n    import yaml\nexcept ImportError: pass",
        "import polars, my_module\nfrom . import x",
        "%%bash\nimport tqdm",
        "not python (",
    ]
    assert libraries_of(sources, tmp_path) == [
        "matplotlib",
        "matplotlib.pyplot",
        "numpy",
        "pandas",
        "sklearn.linear_model",
    ]


@pytest.mark.parametrize(
    "touchy",
    [
        "%pip install numpy==1",
        "!pip install -U numpy",
        "!uv pip install numpy",
        "import os\nos.environ['OMP_NUM_THREADS'] = '1'",
        "os.environ.setdefault('A', 'b')",
        "environ |= {}",
        "del os.environ['A']",
        "%env OMP_NUM_THREADS=1",
        "import sys; sys.path.insert(0, '..')",
        "sys.modules.pop('numpy', None)",
    ],
)
def test_nothing_where_imports_may_differ(tmp_path, touchy):
    assert libraries_of([touchy, "import numpy"], tmp_path) == []


def test_reading_the_environment_is_no_matter(tmp_path):
    reads = "a = os.environ['A']\nb = os.environ.get('B')\nc = os.environ['A'] == 'x'"
    assert libraries_of([reads, "import numpy"], tmp_path) == ["numpy"]


def test_module_of_ones_own_comes_first(tmp_path):
    (tmp_path / "pandas.py").touch()
    (tmp_path / "yaml").mkdir()
    assert libraries_of(["import pandas, yaml, numpy"], tmp_path) == ["numpy"]
    (tmp_path / "matplotlibrc").touch()
    assert libraries_of(["import numpy"], tmp_path) == []


def test_volatile_variables_are_left_out():
    environ = {"PWD": "/", "OMP_NUM_THREADS": "1", "JUPYTER_MLOPS_RUN": "x", "A": "b"}
    found = lasting_variables(environ.items())
    assert found == [("A", "b"), ("OMP_NUM_THREADS", "1")]
