"""A pipeline proposed from what notebooks name."""

from __future__ import annotations

import pytest

from jupyter_mlops.errors import PipelineError
from jupyter_mlops.pipeline.filecalls import named_files
from jupyter_mlops.pipeline.proposal import propose
from jupyter_mlops.pipeline.spec.reader import parse_pipeline
from jupyter_mlops.pipeline.versions.code import read_code
from tests.pipeline.conftest import write_notebook

CALLS = {
    "import pandas as pd\npd.read_csv('a.csv')": (["a.csv"], []),
    "from pandas import read_csv\nread_csv('a.csv')": (["a.csv"], []),
    "df.to_parquet('out/a.parquet')": ([], ["out/a.parquet"]),
    "P = 'a'\nopen(f'{P}/b.txt')": (["a/b.txt"], []),
    "open('a.txt', 'w')": ([], ["a.txt"]),
    "open('a.txt', mode='a')": ([], ["a.txt"]),
    "with open('a.txt') as f:\n    f.read()": (["a.txt"], []),
    "from pathlib import Path\n(Path('a') / 'b').write_text('x')": ([], ["a/b"]),
    "from pathlib import Path\nP = Path('a')\n(P / 'b').read_bytes()": (["a/b"], []),
    "import os\nopen(os.path.join('a', 'b'))": (["a/b"], []),
    "import joblib\njoblib.dump(m, 'm.joblib')": ([], ["m.joblib"]),
    "import torch\ntorch.save(m, 'm.pt')\ntorch.load('n.pt')": (["n.pt"], ["m.pt"]),
    "import numpy as np\nnp.load('a.npy')": (["a.npy"], []),
    "plt.savefig('a.png')": ([], ["a.png"]),
    "open('a', 'w')\nopen('a')": ([], ["a"]),
    "open(name)\npd.read_csv('https://x/a.csv')\nopen('*.csv')": ([], []),
    "P = 'a'\nP = f()\nopen(P)": ([], []),
    "import os\nos.makedirs('out')": ([], []),
}


@pytest.mark.parametrize("source", CALLS)
def test_files_that_code_names(source):
    found = named_files([read_code(source)])
    assert (list(found.read), list(found.written)) == CALLS[source]


def test_writers_come_before_readers(tmp_path):
    (tmp_path / "raw.csv").touch()
    write_notebook(tmp_path / "1 z.ipynb", "open('raw.csv'); open('a.csv', 'w')")
    cells = ("open(source)", "open('b.csv', 'w')")
    write_notebook(tmp_path / "sub/a.ipynb", *cells, parameters="source = '../a.csv'")
    pipeline, text = propose(tmp_path)
    assert list(pipeline.by_name) == ["z", "a"]
    steps = parse_pipeline(text, tmp_path / "pipeline.yaml").by_name
    assert steps["a"].inputs == {"source": "${z.outputs.a}"}
    assert steps["a"].outputs == {"b": "sub/b.csv"}
    assert steps["z"].inputs == {"raw": "raw.csv"}


def test_circles_and_two_writers_are_noted(tmp_path):
    write_notebook(tmp_path / "a.ipynb", "open('y'); open('x', 'w'); open('z', 'w')")
    write_notebook(tmp_path / "b.ipynb", "open('x'); open('y', 'w'); open('z', 'w')")
    _, text = propose(tmp_path)
    assert "'a' writes z, too" in text
    assert "in a circle" in text
    assert len(parse_pipeline(text, tmp_path / "pipeline.yaml").steps) == 2


def test_recorded_files_count_too(tmp_path):
    write_notebook(tmp_path / "a.ipynb", "1")
    (tmp_path / "in.csv").touch()
    told = ([str(tmp_path / "in.csv")], [str(tmp_path / "out.csv")])
    pipeline, _ = propose(tmp_path, lambda notebook: told)
    (step,) = pipeline.steps
    assert (step.inputs, step.outputs) == ({"_in": "in.csv"}, {"out": "out.csv"})


def test_odd_names_can_be_read_again(tmp_path):
    for name in ("true", "2024", "ä b", "a: b", "params"):
        write_notebook(tmp_path / f"{name}.ipynb", f"open('{name} #.csv', 'w')")
    pipeline, text = propose(tmp_path)
    found = parse_pipeline(text, tmp_path / "pipeline.yaml")
    assert {step.notebook for step in found.steps} == {
        step.notebook for step in pipeline.steps
    }


def test_folder_without_notebooks(tmp_path):
    with pytest.raises(PipelineError, match="no notebook"):
        propose(tmp_path)
