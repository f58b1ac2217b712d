"""Recipes in long sessions, and what watching the cells costs."""

from __future__ import annotations

import contextlib
import io
import statistics
import time

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from jupyter_mlops.tracking.session import KernelSession, RanCell

pytestmark = pytest.mark.bench

_CELLS = 1_000
_STEPS = (
    "import math\nimport random",
    "random.seed({n})\nrows{n} = [random.random() for _ in range(9)]",
    "def scale{n}(values):\n    return [value * {n} for value in values]",
    "scaled{n} = scale{n}(rows{n})\nrows{n}.append(len(scaled{n}))",
    "if sum(scaled{n}) > 1:\n    best = max(scaled{n})\nelse:\n    best = 0.0",
    "state = {{'n': {n}, 'best': best}}\nstate['more'] = rows{n}[:2]",
    "print(state['n'], math.floor(best))",
)


def run_session(count):
    """Run cells in a plain namespace, watched; give the session and what a cut took."""
    names = {}
    session = KernelSession(names)
    for place in range(count):
        session.begin()
        source = _STEPS[place % len(_STEPS)].format(n=place // len(_STEPS) % 40)
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, "<cell>", "exec"), names)
        seen = session.end()
        session.add(RanCell(source, source, None, place + 1, False, seen))
    return session, names


def test_recipe_of_long_session(said):
    session, names = run_session(_CELLS - 9)
    began = time.perf_counter()
    session.recipe(set())
    first = time.perf_counter() - began
    took = []
    for place in range(9):
        source = f"total{place} = [{', '.join(f'scaled{n}' for n in range(40))}]"
        session.begin()
        exec(source, names)
        session.add(RanCell(source, source, None, 2_000 + place, False, session.end()))
        began = time.perf_counter()
        recipe = session.recipe(set())
        took.append(time.perf_counter() - began)
    again = time.perf_counter()
    compile("\n".join(cell.source for cell in session._cells), "<all>", "exec")
    parsed = time.perf_counter() - again
    said(
        f"recipe of {len(recipe.cells)} of {_CELLS} cells: median "
        f"{statistics.median(took) * 1e3:.1f} ms; the first one, which analyses them "
        f"all, {first * 1e3:.0f} ms; compiling them all {parsed * 1e3:.0f} ms"
    )
    assert statistics.median(took) < max(0.05, 3 * parsed)


@pytest.fixture
def shell():
    config = Config()
    config.HistoryManager.enabled = False
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=config, colors="nocolor")
    yield shell
    shell.run_cell("%reset -f")
    shell.restore_sys_module_state()
    InteractiveShell.clear_instance()


def test_cell_that_is_not_tracked(shell, said):
    shell.run_cell("import random, numpy, pandas, sklearn, matplotlib.pyplot")
    for place in range(200):
        shell.user_ns[f"name{place}"] = [place, str(place), {"a": 1}, len][place % 4]

    def median():
        took = []
        for _ in range(150):
            began = time.perf_counter()
            shell.run_cell("x = 1", store_history=True)
            took.append(time.perf_counter() - began)
        return statistics.median(took) * 1e3

    median()
    bare = median()
    shell.run_line_magic("load_ext", "jupyter_mlops")
    watched = median()
    shell.run_line_magic("unload_ext", "jupyter_mlops")
    said(f"cell that is not tracked: bare {bare:.2f} ms, watched {watched:.2f} ms")
    assert watched - bare < max(2.0, 4 * bare)
