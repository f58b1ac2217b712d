"""Arguments that a call is asked to write into: ``out=``, ``inplace=True``, …."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.heap import Kind, elements

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.arguments import Args
    from jupyter_mlops.capture.dataflow.run import CellRun


def change_outputs(run: CellRun, args: Args) -> None:
    """Note the arguments that a call is asked to write into."""
    for name, value in args.named.items():
        if name == "out" or (name == "ax" and value):
            run.change(value)
            run.change(elements(value))
    if any(asks_to_write(args, name) for name in args.named):
        for value in args.positional:
            run.change(obj for obj in value if obj.kind is not Kind.MODULE)


def asks_to_write(args: Args, name: str) -> bool:
    """Tell whether the argument `name` lets a call work in place."""
    if name.startswith("copy"):
        return not args.is_literal(name, True)  # noqa: FBT003 - the user's literal
    if name.startswith("overwrite") or name == "inplace":
        return not args.is_literal(name, False)  # noqa: FBT003 - the user's literal
    return False
