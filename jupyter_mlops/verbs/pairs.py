"""Options that take a name and a value, ``-p NAME VALUE``, which Typer has not."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

OPTIONS = ("-p", "--parameter")


class PairsCommand(TyperCommand):
    """Reads ``-p NAME VALUE`` as ``-p NAME=VALUE``, which can be written, too."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Join the pairs, then read the words as ever."""
        return super().parse_args(ctx, joined(args))


def joined(words: list[str]) -> list[str]:
    """Join each name with the value behind it; names never hold ``=``."""
    found: list[str] = []
    rest = iter(words)
    for word in rest:
        found.append(word)
        if word == "--":
            return [*found, *rest]
        if word in OPTIONS and (name := next(rest, None)) is not None:
            value = None if "=" in name else next(rest, None)
            found.append(name if value is None else f"{name}={value}")
    return found
