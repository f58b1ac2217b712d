"""The executed cells of a kernel session, each analysed once, as it is appended."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from jupyter_mlops.capture import recipe
from jupyter_mlops.capture.dataflow.cells import Dependence, ExecutedCell
from jupyter_mlops.capture.dataflow.evidence import apply_evidence
from jupyter_mlops.capture.dataflow.files import may_be_same
from jupyter_mlops.capture.dataflow.layers import TooMuchCodeError
from jupyter_mlops.capture.dataflow.magictext import parse_python
from jupyter_mlops.capture.dataflow.preparation import is_setup
from jupyter_mlops.capture.dataflow.run import CellRun
from jupyter_mlops.capture.dataflow.statements import Syntax
from jupyter_mlops.capture.dataflow.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlops.capture.recipe import Recipe

_BUDGET = 20_000
"""Steps of analysis that a cell may cost: about a tenth of a second."""

_SURELY_SHOWN = (
    ast.BinOp,
    ast.Compare,
    ast.JoinedStr,
    ast.List,
    ast.Dict,
    ast.Tuple,
    ast.Set,
    ast.ListComp,
    ast.DictComp,
    ast.SetComp,
)


class History:
    """What ran in a kernel session, in order, and what each cell needs of the others.

    Parameters
    ----------
    figures_survive : bool
        pyplot's current figure outlives a cell: not so with the inline backend,
        which closes all figures at the end of each.
    """

    def __init__(self, *, figures_survive: bool = False) -> None:
        self._world = World(figures_survive=figures_survive)
        self._syntax = Syntax()
        self._cells: list[ExecutedCell] = []
        self._places: dict[int, int] = {}
        self._needs: list[dict[int, dict[str, str]]] = []
        self._blind: dict[int, list[str]] = {}
        self._warnings: dict[int, list[str]] = {}

    def __len__(self) -> int:
        return len(self._cells)

    @property
    def cells(self) -> Sequence[ExecutedCell]:
        """The cells as they ran."""
        return self._cells

    def append(self, cell: ExecutedCell) -> None:
        """Take in a cell that has just run.

        Raises
        ------
        ValueError
            When its index does not come after the last one's.
        """
        if self._cells and cell.index <= self._cells[-1].index:
            raise ValueError(
                f"Cell {cell.index} was executed before cell "
                f"{self._cells[-1].index}; append cells in the order they ran."
            )
        place = len(self._cells)
        self._cells.append(cell)
        self._places[cell.index] = place
        if cell.evidence is not None:
            self._world.strays |= cell.evidence.strays
            self._world.figures_survive |= cell.evidence.leaves_figures
        run = CellRun(self._world, place, cell.evidence, self._syntax, _BUDGET)
        self._analyse(cell, run)
        self._needs.append(run.needs)
        if run.blind:
            self._blind[place] = run.blind
        if run.warnings:
            self._warnings[place] = run.warnings

    def recipe(self, target_index: int, *, wanted: set[str] | None = None) -> Recipe:
        """Give the fewest cells that make a cell's results again.

        Parameters
        ----------
        target_index : int
            The `ExecutedCell.index` of the cell.
        wanted : set of str, optional
            Names whose objects are saved, besides what the cell itself uses.

        Raises
        ------
        KeyError
            When no such cell was appended.
        """
        return recipe.cut_recipe(self, self._places[target_index], wanted or set())

    # --- what a recipe asks -------------------------------------------------------

    def needs_of(self, place: int) -> Mapping[int, Sequence[Dependence]]:
        """Say which cells the one at `place` depends on, and for what."""
        return {
            writer: [Dependence(label=one, verb=verb) for one, verb in labels.items()]
            for writer, labels in self._needs[place].items()
        }

    def makers_of(self, name: str, place: int) -> Mapping[int, Sequence[Dependence]]:
        """Say which cells made what `name` held after the cell at `place`."""
        return {
            writer: [Dependence(label=name, verb=verb)]
            for writer, verb in self._world.writers_after(name, place).items()
        }

    def why_unanalysable(self, place: int) -> Sequence[str]:
        """Say why the cell at `place` cannot be analysed; empty if it can."""
        return self._blind.get(place, ())

    def warnings_of(self, place: int) -> Sequence[str]:
        """Say what in the cell at `place` may not come out the same again."""
        return self._warnings.get(place, ())

    def file_writes(self) -> dict[int, list[str]]:
        """Return the paths that each cell surely writes, by place; ``?`` is any."""
        found: dict[int, list[str]] = {}
        for name, line in self._world.timeline.items():
            if name.startswith("$file "):
                for place, binding in line:
                    if binding.writers.get(place) == "writes":
                        found.setdefault(place, []).append(name.removeprefix("$file "))
        return found

    def may_be_same_file(self, one: str, other: str) -> bool:
        """Tell whether two paths may lead to the same file, or one into the other."""
        return may_be_same(self._world, one, other)

    # --- analysis -----------------------------------------------------------------

    def _analyse(self, cell: ExecutedCell, run: CellRun) -> None:
        body = parse_python(cell.python)
        if body is None:
            if cell.failed is not True:
                run.give_up("its text is no Python")
        else:
            self._go_through(cell, run, body)
            _note_result(self._world, run.index, body)
        run.settle_settings(is_setup=body is not None and is_setup(run, body))
        apply_evidence(run, cell)
        self._commit(run)

    def _go_through(
        self, cell: ExecutedCell, run: CellRun, body: list[ast.stmt]
    ) -> None:
        run.touch("python")
        with run.layer() as layer:
            if cell.failed is not False:
                self._try_through(run, body)
        if cell.failed is not False:
            # Nobody knows how far it came.
            run.maybe(layer)
        else:
            self._try_through(run, body)

    def _try_through(self, run: CellRun, body: list[ast.stmt]) -> None:
        depth = len(run.layers)
        try:
            self._syntax.execute(run, body[self._set_up(run, body) :])
        except (TooMuchCodeError, RecursionError):
            self._abandon(run, depth, "calls more code than can be followed")
        except Exception as error:  # noqa: BLE001 - a fault of ours must never lose a cell
            self._abandon(run, depth, f"could not be analysed ({error!r})")

    def _set_up(self, run: CellRun, body: list[ast.stmt]) -> int:
        """Go through the statements at the beginning that only set things up."""
        place = 0
        while (
            len(run.layers) == 1 and place < len(body) and is_setup(run, [body[place]])
        ):
            self._syntax.execute(run, [body[place]])
            place += 1
        if place:
            run.forget_replaced()
        return place

    def _abandon(self, run: CellRun, depth: int, why: str) -> None:
        del run.layers[depth:]
        run.frame, run.context, run.loops = None, 0, 0
        run.active.clear()
        run.give_up(why)

    def _commit(self, run: CellRun) -> None:
        (layer,) = run.layers
        for key, binding in layer.now.items():
            if isinstance(key, str) and run.repeated.get(key) is binding:
                continue
            if isinstance(key, str):
                self._world.commit(key, binding, run.index)
            else:
                key[0].vars[key[1]] = binding


_QUIET_END = re.compile(r";\s*(#.*)?\Z")


def _note_result(world: World, place: int, body: list[ast.stmt]) -> None:
    """Remember which cells show a value: the next may read it as ``_``."""
    if body and isinstance(body[-1], ast.Expr):
        is_sure = isinstance(body[-1].value, _SURELY_SHOWN)
        world.results.append((place, is_sure))
