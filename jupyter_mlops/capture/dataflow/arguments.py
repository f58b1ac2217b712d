"""The arguments of a call, and how they meet a function's parameters."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.constants import constant
from jupyter_mlops.capture.dataflow.heap import NOTHING, Binding, Kind, Value

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.constants import Constant
    from jupyter_mlops.capture.dataflow.heap import Obj
    from jupyter_mlops.capture.dataflow.run import CellRun
    from jupyter_mlops.capture.dataflow.scopes import Frame


@dataclass(slots=True)
class Args:
    """What a call passes.

    Attributes
    ----------
    positional : list of Value
    named : dict of str to Value
    nodes : dict
        The expression behind a position or name, where there is one.
    rest : Value
        What starred arguments may bring, under any position or name.
    is_open : bool
        There are starred arguments.
    """

    positional: list[Value] = field(default_factory=list)
    named: dict[str, Value] = field(default_factory=dict)
    nodes: dict[int | str, ast.expr] = field(default_factory=dict)
    rest: Value = NOTHING
    is_open: bool = False

    @property
    def everything(self) -> Value:
        """All that is passed."""
        found: set[Obj] = set(self.rest)
        found.update(*self.positional, *self.named.values())
        return frozenset(found)

    def value(self, place: int, name: str = "") -> Value:
        """Give the argument at a position or of a name."""
        if place < len(self.positional):
            return self.positional[place] | self.rest
        return self.named.get(name, NOTHING) | self.rest

    def node(self, place: int, name: str = "") -> ast.expr | None:
        """Give the expression behind the argument at a position or of a name."""
        found = self.nodes.get(place)
        return found if found is not None else self.nodes.get(name)

    def has(self, name: str) -> bool:
        """Tell whether an argument of this name is or may be passed."""
        return name in self.named or self.is_open

    def is_literal(self, name: str, *values: object) -> bool:
        """Tell whether `name` is passed as one of the literal `values`."""
        node = self.nodes.get(name)
        return isinstance(node, ast.Constant) and any(
            node.value is value for value in values
        )

    def shifted(self, first: Value) -> Args:
        """Give the same arguments with one before them."""
        nodes = {
            place + 1 if isinstance(place, int) else place: node
            for place, node in self.nodes.items()
        }
        return replace(self, positional=[first, *self.positional], nodes=nodes)

    def without_first(self) -> Args:
        """Give the same arguments without the first one."""
        nodes = {
            place - 1 if isinstance(place, int) else place: node
            for place, node in self.nodes.items()
            if place != 0
        }
        return replace(self, positional=self.positional[1:], nodes=nodes)


def of_values(*values: Value) -> Args:
    """Give arguments that no expression stands behind."""
    return Args(list(values))


def anything(value: Value) -> Args:
    """Give arguments of which only the objects are known, not the places."""
    return Args(rest=value, is_open=True)


def bind_parameters(run: CellRun, obj: Obj, args: Args, frame: Frame) -> None:
    """Let the parameters of the function `obj` stand for `args` in `frame`."""
    assert obj.code is not None
    node = obj.code.node
    assert not isinstance(node, ast.ClassDef)
    arguments = node.args
    plain = [*arguments.posonlyargs, *arguments.args]
    names = {item.arg for item in [*plain, *arguments.kwonlyargs]}
    for place, item in enumerate(plain):
        _bind(run, obj, args, frame, item.arg, place)
    for item in arguments.kwonlyargs:
        _bind(run, obj, args, frame, item.arg, len(args.positional))
    if arguments.vararg is not None:
        extra = frozenset().union(args.rest, *args.positional[len(plain) :])
        _bind_packed(run, arguments.vararg, extra, frame)
    if arguments.kwarg is not None:
        left = [value for name, value in args.named.items() if name not in names]
        extra = frozenset().union(args.rest, *left)
        _bind_packed(run, arguments.kwarg, extra, frame)


def _bind(
    run: CellRun, obj: Obj, args: Args, frame: Frame, name: str, place: int
) -> None:
    given = args.value(place, name)
    is_given = place < len(args.positional) or name in args.named
    const: Constant | None = None
    if is_given:
        const = constant(run, args.node(place, name))
    if not is_given or args.is_open:
        given |= obj.fields.get(f"={name}", NOTHING)
    bind_local(run, frame, name, given, const)


def _bind_packed(run: CellRun, node: ast.arg, value: Value, frame: Frame) -> None:
    packed = run.make(node, Kind.DATA, value)
    bind_local(run, frame, node.arg, frozenset((packed,)))


def bind_local(
    run: CellRun,
    frame: Frame,
    name: str,
    value: Value,
    const: Constant | None = None,
) -> None:
    """Bind a parameter of a call that begins."""
    binding = Binding({run.index: "defines"}, value, const, len(run.world.wild))
    if frame.is_summary:
        run.bind_also((frame, name), binding)
    else:
        run.bind((frame, name), binding)
