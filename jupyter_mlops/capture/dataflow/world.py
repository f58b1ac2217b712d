"""What a kernel session holds between cells, as the analysis knows it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.heap import Binding, Kind, Obj
from jupyter_mlops.capture.dataflow.scopes import Code, Frame, ScopeNode, code_of

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Wild:
    """A statement that may have bound any name.

    Attributes
    ----------
    module : str
        Where the objects behind the names come from; empty: nobody knows.
    """

    cell: int
    verb: str
    module: str


class World:
    """The session's names, global states and objects after the last cell.

    Attributes
    ----------
    names : dict of str to Binding
        User names, and global states under names that start with ``$``.
    timeline : dict of str to list
        Every binding that a name had, with the cell after which it held.
    wild : list of Wild
        In the order they ran.
    modules : dict of str to Obj
        Modules and what is found in them, by dotted path.
    settings : dict of str to set of str
        By library, the state names of the settings that were made.
    files : set of str
        Paths written by cells.
    results : list of tuple of int and bool
        Cells that may have shown a value, and whether they surely did.
    strays : set of str
        User names that were bound last while no cell ran.
    opaque : Obj
        Stands for all that unreadable code has made.
    has_code : bool
        Some function or class was defined: a call may come back to it.
    figures_survive : bool
        pyplot's current figure outlives its cell.
    """

    def __init__(self, *, figures_survive: bool) -> None:
        self.names: dict[str, Binding] = {}
        self.timeline: dict[str, list[tuple[int, Binding]]] = {}
        self.wild: list[Wild] = []
        self.modules: dict[str, Obj] = {}
        self.settings: dict[str, set[str]] = {}
        self.files: set[str] = set()
        self.results: list[tuple[int, bool]] = []
        self.imported: set[str] = set()
        self.strays: set[str] = set()
        self.has_code = False
        self.figures_survive = figures_survive
        self.opaque = Obj(Kind.OPAQUE, name="$opaque")
        self._codes: dict[ast.AST, Code] = {}

    def module(self, path: str) -> Obj:
        """Give the one object that stands for a dotted path."""
        found = self.modules.get(path)
        if found is None:
            root = path.partition(".")[0]
            found = self.modules[path] = Obj(Kind.MODULE, lib=root, name=path)
        return found

    def code(self, node: ScopeNode) -> Code:
        """Give the facts of a function or class, found once."""
        found = self._codes.get(node)
        if found is None:
            found = self._codes[node] = code_of(node)
        return found

    def commit(self, name: str, binding: Binding, cell: int) -> None:
        """Let `name` stand for `binding` after `cell`."""
        self.names[name] = binding
        self.strays.discard(name)
        self.timeline.setdefault(name, []).append((cell, binding))

    def user_names(self) -> Iterator[str]:
        """Go through the names that are not global states and not deleted."""
        for name, binding in self.names.items():
            if not name.startswith("$") and not binding.is_deleted:
                yield name

    def binding_after(self, name: str, cell: int) -> Binding | None:
        """Give what `name` stood for when `cell` had ended."""
        line = self.timeline.get(name, [])
        place = bisect_right(line, cell, key=lambda item: item[0])
        return line[place - 1][1] if place else None

    def writers_after(self, name: str, cell: int) -> dict[int, str]:
        """Name the cells that made what `name` held, in and out, after `cell`."""
        writers: dict[int, str] = {}
        pending, met = [name], {name}
        objects: set[Obj] = set()
        while pending:
            binding = self.binding_after(pending.pop(), cell)
            if binding is None:
                found = {wild.cell: wild.verb for wild in self.wild}
            else:
                found = dict(binding.writers)
                found |= {one.cell: one.verb for one in self.wild[binding.wild :]}
                for obj in _reach_after(binding, cell, objects):
                    found |= _writers_of(obj, cell)
                    if obj.code is not None:
                        pending += [one for one in obj.code.free if one not in met]
                        met |= obj.code.free
            writers |= {one: verb for one, verb in found.items() if one <= cell}
        return writers


def _writers_of(obj: Obj, cell: int) -> dict[int, str]:
    found = dict(obj.writers)
    found |= {one: verb for one, verb, by in obj.replaced if by > cell}
    if obj.scope is not None and obj.code is not None:
        for name in obj.code.free:
            frame: Frame | None = obj.scope
            while frame is not None:
                if name in frame.vars:
                    found |= frame.vars[name].writers
                    break
                frame = frame.parent
    return found


def _reach_after(binding: Binding, cell: int, met: set[Obj]) -> Iterator[Obj]:
    stack = [obj for obj in binding.value if obj not in met]
    met.update(stack)
    while stack:
        obj = stack.pop()
        yield obj
        for child in _linked(obj, cell):
            if child not in met:
                met.add(child)
                stack.append(child)


def _linked(obj: Obj, cell: int) -> Iterator[Obj]:
    yield from obj.types
    for child, since in obj.children.items():
        if since <= cell:
            yield child
    frame = obj.scope
    while frame is not None and obj.code is not None:
        for name in obj.code.free & frame.vars.keys():
            yield from frame.vars[name].value
        frame = frame.parent
