"""Random little programs, and what comes out when they are run whole or in part.

A program is a list of cells over lists, dicts, functions, closures, classes,
generators and Python's random numbers. Cells alias, mutate, rebind, delete, fail and
run again.
"""

from __future__ import annotations

import itertools
import random
import types

from jupyter_mlops.capture.dataflow.cells import ExecutedCell
from jupyter_mlops.capture.dataflow.history import History
from jupyter_mlops.capture.dataflow.watch import CellWatch
from tests.capture.dataflow.programs.cells import EndlessError, run_cell
from tests.capture.dataflow.programs.pictures import picture
from tests.capture.dataflow.programs.statements import Statements
from tests.capture.dataflow.programs.things import CLASSES

_START = (
    "import copy, functools, itertools, operator, random, collections, contextlib",
    "random.seed(1)",
    "l0, l1, n0 = [1, 2], [[3], 4], 5",
    "d0 = {'a': l1, 'b': [6]}\nl2 = l0",
    "def f0(p):\n    l1.append(7)\n    return [p]",
    CLASSES,
    "o0 = c0(l0)\ng0 = (x for x in l1)",
)
_LAZY = (types.GeneratorType, map, zip, filter, enumerate, itertools.chain)


class Maker(Statements):
    """Writes one random program while running it, so that its cells mostly work.

    Parameters
    ----------
    has_evidence : bool
        Its cells are watched as those of a session are.
    """

    def __init__(self, seed, *, has_evidence):
        super().__init__(random.Random(seed))
        self.cells = []
        self._watch = CellWatch(self.namespace) if has_evidence else None

    def make(self, length):
        """Write and run some cells, and a last one that shows some names."""
        for source in _START:
            self._run(source)
        for _ in range(length):
            self._run(self._cell())
        while not self.live(list, dict, int, types.GeneratorType):
            self._run(self._cell())
        self._run(self._last_cell())
        return self.cells

    def _last_cell(self):
        names = self.live(object)
        wanted = self.dice.sample(names, min(len(names), self.dice.randint(1, 3)))
        first = self.statement(2) + "\n" if self.dice.random() < 0.4 else ""
        parts = [
            f"list(itertools.islice({name}, 20))"
            if isinstance(self.namespace[name], _LAZY)
            else name
            for name in sorted(wanted)
        ]
        return f"{first}R = [{', '.join(parts)}]"

    def _cell(self):
        if len(self.cells) > 3 and self.dice.random() < 0.15:
            return self.dice.choice(self.cells[1:]).source
        count = self.dice.choice((1, 1, 2, 3))
        return "\n".join(self.statement(2) for _ in range(count))

    def _run(self, source):
        if self._watch is not None:
            self._watch.begin()
        is_failed = run_cell(source, self.namespace)
        self.cells.append(
            ExecutedCell(
                index=len(self.cells),
                source=source,
                python=source,
                failed=is_failed,
                evidence=None if self._watch is None else self._watch.end(),
            )
        )


def make_program(seed, *, has_evidence, length=14):
    """Give a random program's cells and the picture of its result.

    None when it does not end.
    """
    maker = Maker(seed, has_evidence=has_evidence)
    try:
        cells = maker.make(length)
    except EndlessError:
        return None
    return cells, picture({"R": maker.namespace.get("R")})


def replay(cells):
    """Run cells from a clean state and give the picture of their result."""
    random.seed()
    namespace = {}
    try:
        for cell in cells:
            run_cell(cell.source, namespace)
    except EndlessError:
        return None
    return picture({"R": namespace.get("R")})


def cut(cells):
    """Give the cells of the recipe of a program's last cell."""
    history = History()
    for cell in cells:
        history.append(cell)
    return [kept.cell for kept in history.recipe(cells[-1].index).cells]
