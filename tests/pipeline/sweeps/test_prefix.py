"""Which cells all points share: none that could tell one point from another."""

import pytest

from jupyter_mlops.pipeline.source_notebook import SourceNotebook
from jupyter_mlops.pipeline.sweeps.filled import filled_in
from jupyter_mlops.pipeline.sweeps.prefix import shared_prefix
from jupyter_mlops.pipeline.sweeps.unshareable import peeking_modules
from tests.pipeline.conftest import notebook_of

PARAMETERS = "C = 1.0\nn = 3\nkind = 'a'"


def prefix_of(*cells, parameters=PARAMETERS, swept=("C",), peeking=(), **fixed):
    node = notebook_of(*cells, parameters=parameters)
    source = SourceNotebook(path=None, shown="n.ipynb", node=node)
    filled = filled_in(source, {**fixed, **dict.fromkeys(swept, 1)}, "python3")
    return shared_prefix(filled, swept, fixed, peeking)


ENDING = [
    "b = C",
    "C = 5",
    "C += 1",
    "del C",
    "for C in range(3): pass",
    "with open('f') as C: pass",
    "import math as C",
    "def C(): pass",
    "class A:\n    c = C",
    "f = lambda x=C: x",
    "def f():\n    global C\n    C = 2\nf()",
    "b = globals()",
    "b = locals()['C']",
    "b = vars()",
    "b = dir()",
    "b = eval('C')",
    "exec('b = C')",
    "b = get_ipython().user_ns['C']",
    "import __main__ as m\nb = m.C",
    "import sys\nb = sys.modules['__main__'].C",
    "import sys\nb = sys._getframe().f_globals",
    "print(In[1])",
    "%run other.py",
    "%unknown_magic",
    "!echo $C",
    "!echo {C}",
    "%%bash -s $C\necho $1",
    "%%time\nb = C",
    "from other import *",
    "import tempfile\nf = tempfile.mkdtemp()",
    "import uuid\nname = uuid.uuid4().hex",
    "import sqlite3\nc = sqlite3.connect('a.db')",
    "run = mlops.start_run('x')",
    "b = mlops.current_run().id",
    "%%track\nb = 1",
    "f'{C}'",
    "import pandas as pd\npd.DataFrame({'a': [1]}).query('a > @C')",
    "this is no Python",
    "class A:\n    def __del__(self):\n        print(C)",
    "class A:\n    def _repr_html_(self):\n        return str(C)",
]


@pytest.mark.parametrize("cell", ENDING)
def test_cells_that_may_depend_are_not_shared(cell):
    found = prefix_of("a = 1", cell, "b = 2")
    assert (found.stop, found.count) == (3, 1)
    assert found.why.startswith("cell 3 ")


SHARED = [
    "def f():\n    return C",
    "f = lambda: C",
    "class A:\n    def f(self):\n        return C",
    "import numpy as np\nimport pandas as pd\n%matplotlib inline",
    "import jupyter_mlops as mlops\nmlops.log_metric('rows', 3)",
    "mlops.log_params({'a': 1})",
    "x = [C for C in range(3)]",
    "def f(C):\n    return C\nf(2)",
    "b = n * 2",
    "# nothing",
    "!ls",
    "x = !ls",
    "%%time\nx = 1",
    "%%bash\nls",
    "import time\ntime.sleep(0)",
    "text = 'C'",
    "import random\nrandom.seed(1)\nr = random.random()",
    "try:\n    x = 1 / 0\nexcept ZeroDivisionError:\n    x = 0",
]


@pytest.mark.parametrize("cell", SHARED)
def test_cells_that_cannot_depend_are_shared(cell):
    found = prefix_of(cell, "b = C")
    assert (found.stop, found.count) == (3, 1), found.why
    assert found.why == "cell 3 depends on C"


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("def f():\n    return C", "b = f()"),
        ("def f():\n    return C\nd = {'f': f}", "b = [g() for g in d.values()]"),
        ("class A:\n    def __repr__(self):\n        return str(C)\na = A()", "a"),
        ("class A:\n    def __str__(self):\n        return str(C)", "print(A())"),
        ("class A:\n    def __format__(self, x):\n        return C", "b = f'{A()}'"),
        ("class A:\n    def __len__(self):\n        return C", "b = bool(A())"),
        ("def f(x):\n    return C", "b = list(map(f, [1]))"),
        (
            "async def f():\n    return C",
            "import asyncio\nt = asyncio.create_task(f())",
        ),
        (
            "def f():\n    print(C)",
            "import threading\nthreading.Thread(target=f).start()",
        ),
        ("class A:\n    @property\n    def c(self):\n        return C", "b = A().c"),
    ],
)
def test_calls_that_read_it_end_what_is_shared(first, then):
    found = prefix_of(first, then)
    assert (found.stop, found.why) == (3, "cell 3 depends on C")


def test_cells_behind_a_dependent_one_are_not_shared():
    assert prefix_of("a = 1", "b = C", "c = 1").stop == 3


def test_fixed_values_are_shared():
    found = prefix_of("a = n + 1", "b = C", n=7)
    assert (found.stop, found.count) == (3, 1)


def test_all_cells_may_be_shared():
    found = prefix_of("a = 1", "b = 2")
    assert (found.stop, found.why) == (4, "")


def test_files_that_points_write_again_are_not_shared():
    begun = "open('log.txt', 'w').write('')"
    again = "with open('log.txt', 'a') as file:\n    file.write(str(C))"
    found = prefix_of("a = 1", begun, "b = 2", again)
    assert (found.stop, found.why) == (
        3,
        "cell 3 writes log.txt, which later cells write, too",
    )
    assert prefix_of("a = 1", begun, "b = 2", again.replace("log", "own")).stop == 5


def test_metrics_counted_in_both_are_not_shared():
    logged = "import jupyter_mlops as mlops\nmlops.log_metric('loss', 1)"
    assert prefix_of(logged, "mlops.log_metric('loss', C)").why.endswith(
        "logs loss, as later cells do"
    )
    assert (
        prefix_of(
            logged.replace("1)", "1, step=0)"), "mlops.log_metric('loss', C)"
        ).stop
        == 3
    )


def test_local_modules_that_look_around_are_not_shared(tmp_path):
    (tmp_path / "inner.py").write_text("import __main__\ndef go(): return __main__.C\n")
    (tmp_path / "outer.py").write_text("import inner\n")
    (tmp_path / "plain.py").write_text("x = 1\n")
    assert peeking_modules(["import plain"], tmp_path) == []
    peeking = peeking_modules(["import outer"], tmp_path)
    assert prefix_of("a = 1", "import outer", peeking=peeking).stop == 3
