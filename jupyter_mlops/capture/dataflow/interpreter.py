"""The doors from names and calls back to syntax, which lies above them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

    from jupyter_mlops.capture.dataflow.arguments import Args
    from jupyter_mlops.capture.dataflow.heap import Value
    from jupyter_mlops.capture.dataflow.run import CellRun


class Interpreter(Protocol):
    """Whoever goes through Python's syntax."""

    def evaluate(self, run: CellRun, node: ast.expr) -> Value:
        """Go through an expression and give what it may be."""

    def execute(self, run: CellRun, body: Iterable[ast.stmt]) -> None:
        """Go through statements."""

    def call(self, run: CellRun, callee: Value, args: Args, node: object) -> Value:
        """Call what `callee` may be and give what it may return."""

    def repeat_apart(self, run: CellRun, body: list[ast.stmt]) -> None:
        """Go through statements again and again in a namespace of their own."""

    def enter_loop(self, run: CellRun, target: ast.expr, items: Value) -> None:
        """Let a loop's target stand for what `items` yields."""
