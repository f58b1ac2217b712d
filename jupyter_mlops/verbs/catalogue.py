"""Which verbs there are, in the order of the help; each is imported when it is asked.

The verb ``runs`` is the function ``runs_command`` in ``runs.py``, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from inspect import getdoc
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from jupyter_mlops.verbs.lists import ListsCommand
from jupyter_mlops.verbs.pairs import PairsCommand

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.core import TyperCommand

VERBS = (
    "init",
    "run",
    "sweep",
    "resume",
    "attach",
    "cancel",
    "status",
    "runs",
    "show",
    "follow",
    "compare",
    "plot",
    "search",
    "diff",
    "recipe",
    "verify",
    "rerun",
    "note",
    "tag",
    "push",
    "models",
    "gate",
    "approve",
    "promote",
    "archive",
    "pull",
    "card",
    "export",
    "index",
    "doctor",
)

_CLASSES: dict[str, type[TyperCommand]] = {
    "run": PairsCommand,
    "sweep": PairsCommand,
    "resume": PairsCommand,
    "rerun": PairsCommand,
    "status": PairsCommand,
    "plot": ListsCommand,
}

# Help is plain text: brackets in it are brackets, and rich is not imported for it.
HOW: dict[str, Any] = {
    "rich_markup_mode": None,
    "add_completion": False,
    "pretty_exceptions_enable": False,
}


def help_of(command: Callable[..., None]) -> str:
    """Make a help text of a docstring, whose examples keep their lines."""
    return (getdoc(command) or "").replace("Example:", "\b\nExample:")


@cache
def build(verb: str) -> Any:
    """Import a verb and return its command."""
    module = import_module(f"jupyter_mlops.verbs.{verb}")
    function = getattr(module, f"{verb}_command")
    alone = typer.Typer(**HOW)
    alone.command(verb, help=help_of(function), cls=_CLASSES.get(verb))(function)
    return typer.main.get_command(alone)


class VerbGroup(TyperGroup):
    """Knows all verbs by name, and builds the one that is asked for."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands()  # type: ignore[assignment]  # none is added


class _Commands(Mapping[str, Any]):
    def __getitem__(self, verb: str) -> Any:
        if verb not in VERBS:
            raise KeyError(verb)
        return build(verb)

    def __iter__(self) -> Iterator[str]:
        return iter(VERBS)

    def __len__(self) -> int:
        return len(VERBS)
