"""Random small notebooks: a sweep that shares cells makes what whole runs make."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_mlops import errors
from tests.pipeline.sweeps.conftest import MLOPS

NAMES = ("a", "b", "c", "C", "D", "f", "n")
REPORT = (
    "told = {name: repr(globals().get(name)) for name in 'abcCDn'}\n"
    "mlops.log_params({f'told_{k}': v for k, v in told.items() if 'function' not in v})\n"
    "mlops.log_metric('r', random.random())"
)
FIRST = f"{MLOPS}\nimport random\nimport numpy as np\nrandom.seed(3)\na, b, c = [1], 2, {{}}\ndef f(x=0): return x"

_STATEMENTS = [
    "{x} = {y}",
    "{x} = [{y}, {z}]",
    "{x} = random.random()",
    "{x} = float(np.random.RandomState(1).rand())",
    "a = [*map(f, [1, 2])]",
    "a.append({y})",
    "c['{x}'] = repr({y})",
    "def f(x=0): return (x, {y})",
    "def f(x={y}): return x",
    "{x} = f()",
    "for {x} in range(2): b = {y}",
    "{x} = (lambda: {y})()",
    "del c['{x}']",
    "if b == 2: {x} = {y}",
    "b = eval('{y}')",
    "print({y})",
    "{y}",
    "f",
    "%time {x} = {y}",
    "b = !echo {{n}}",
    "with open('w.txt', 'w') as h: h.write(repr({y}))",
    "with open('w.txt', 'a') as h: h.write('{x}')",
    "b = open('w.txt').read()",
    "class A:\n    def __repr__(self): return repr({y})\nb = A()",
    "try:\n    {x} = f(1)\nexcept TypeError:\n    {x} = {y}",
    "g = (i for i in [n, 2])\n{x} = next(g)",
    "{x} = random.choice([1, 2, 3])",
    "mlops.log_metric('m{x}', 1.5)",
    "_ = {y}\n_",
    "b = sorted(vars())[:1]",
]
_PLAIN = ("a", "b", "c", "n")


def cells_of(seed, count):
    """Write a notebook's cells; each may fail, as cells of people do."""
    source = random.Random(seed)
    cells = []
    for _ in range(count):
        # Swept names are rare, or nothing would be shared.
        names = [
            source.choice(NAMES if source.random() < 0.25 else _PLAIN) for _ in range(3)
        ]
        text = source.choice(_STATEMENTS)
        cells.append(text.format(x=names[0], y=names[1], z=names[2]))
    return cells


def told(run):
    """Tell what a run came to: its cells, and what they logged."""
    cells = [
        (cell.source, cell.status, cell.execution_count, _plain(cell.outputs))
        for cell in run.cells
    ]
    params = {k: v for k, v in run.params.items() if k.startswith("told_")}
    return cells, params, run.metrics, run.status


def _plain(outputs):
    return [
        {
            key: value
            for key, value in item.items()
            if key not in ("traceback", "metadata")
        }
        for item in outputs
        # Their times differ.
        if "Wall time" not in str(item) and " at 0x" not in str(item)
    ]


def check(sweeping, seed, count):
    (sweeping.folder / "w.txt").write_text("")
    cells = [FIRST, *cells_of(seed, count), REPORT]
    # Those that fail do so for each point alike, or for some.
    path = sweeping.write(
        *cells, parameters="C = 1\nD = 2\nn = 3", name=f"n{seed}.ipynb"
    )
    values = {"C": [5, 6], "D": [7]}
    try:
        shared = sweeping.run(name=path.name, grid=values, parameters={"n": 4})
    except errors.NotebookFailedError:
        return 0
    (sweeping.folder / "w.txt").write_text("")
    for item in shared.points:
        found = told(sweeping.workspace.get_run(item.run_id))
        if found != run_whole(sweeping, path, item):
            # It may have read what the run before it left in the file: a shared cell
            # reads it once, before any point has written.
            (sweeping.folder / "w.txt").write_text("")
            whole = run_whole(sweeping, path, item)
            for one, other in zip(found, whole, strict=True):
                assert one == other, (seed, cells)
    return shared.shared


def run_whole(sweeping, path, point):
    try:
        run_id = sweeping.workspace.notebooks.run(
            path, {"n": 4, **point.values}, engine="worker"
        )
    except errors.NotebookFailedError as error:
        run_id = error.run_id
    return told(sweeping.workspace.get_run(run_id))


quick = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@quick
@given(seed=st.integers(0, 2**32))
def test_shared_cells_change_no_result(sweeping, seed):
    check(sweeping, seed, 5)


@pytest.mark.slow
@pytest.mark.timeout(3000)
@settings(quick, max_examples=60, derandomize=False)
@given(seed=st.integers(0, 2**32), count=st.integers(2, 9))
def test_shared_cells_change_no_result_of_many(sweeping, seed, count):
    check(sweeping, seed, count)
