"""A real cluster of dask: a scheduler and two worker processes, each in its own folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.pipeline.conftest import ROOT
from tests.pipeline.steps.conftest import Project

pytest.importorskip("distributed")

# In a process of its own: what dask warns of is not what is tested here.
CLUSTER = """
import json, os, sys
from distributed import Client, LocalCluster
if __name__ == "__main__":
    os.chdir(sys.argv[1])
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True,
                      dashboard_address=None, local_directory=sys.argv[1]) as cluster:
        address = cluster.scheduler_address
        print(json.dumps(address), flush=True)
        with Client(address, set_as_default=False) as client:
            for line in sys.stdin:
                print(json.dumps(client.run(os.getpid)), flush=True)
"""


class Cluster:
    """A running cluster."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [sys.executable, "-c", CLUSTER, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
        )
        self.address = json.loads(self.process.stdout.readline())
        self.on = self.address.replace("tcp://", "dask://")

    def workers(self):
        """The workers' processes, by address."""
        print(file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def kill(self, worker):
        os.kill(self.workers()[worker], signal.SIGKILL)

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.close()


PREPARE = (
    "import jupyter_mlops as mlops\nfrom pathlib import Path\nfrom helper import scale",
    "rows = [int(line) for line in Path(raw).read_text().split()]",
    "note = Path('note.txt').read_text()",
    "table = [scale(row) * factor for row in rows]",
    "Path(features).write_text('\\n'.join(map(str, table)) + note)",
    "mlops.log_metric('rows', len(rows))\nmlops.set_output('most', max(table))",
    "print('made', features)",
)
TRAIN = (
    "from pathlib import Path\nimport jupyter_mlops as mlops",
    "Path(model).mkdir()\nPath(model, 'a.txt').write_text(Path(features).read_text())",
    "mlops.log_metric('auc', C / 2 + most)",
)
PIPELINE = """\
name: demo
steps:
  prepare:
    notebook: prepare.ipynb
    parameters: {factor: 2}
    inputs: {raw: data/raw.csv}
    outputs: {features: out/features.csv}
  train:
    notebook: train.ipynb
    parameters: {C: 0.5, rows: "${prepare.metrics.rows}", most: "${prepare.values.most}"}
    inputs: {features: "${prepare.outputs.features}"}
    outputs: {model: out/model}
"""


@pytest.fixture
def project(workspace):
    """Two steps: one prepares a table, one keeps a folder."""
    made = Project(workspace)
    made.write("data/raw.csv", "1\n2\n3\n")
    made.write("note.txt", "noted")
    made.write("helper.py", "from inner import two\ndef scale(x): return x * two\n")
    made.write("inner.py", "two = 2\n")
    made.write("pipeline.yaml", PIPELINE)
    declared = "factor = 1\nraw = ''\nfeatures = ''"
    made.notebook("prepare.ipynb", *PREPARE, parameters=declared)
    declared = "C = 1.0\nrows = 0\nmost = 0\nfeatures = ''\nmodel = ''"
    made.notebook("train.ipynb", *TRAIN, parameters=declared)
    return made
