"""Options that take several words, ``--runs A B C``, which Typer has not."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

EVERY = "*"
"""Stands for every name where an option names none."""
_SEVERAL = ("--runs", "--against")
_OR_EVERY = ("--against",)


class ListsCommand(TyperCommand):
    """Reads ``--runs A B`` as ``--runs A --runs B``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Repeat the options, then read the words as ever."""
        return super().parse_args(ctx, repeated(args))


def repeated(words: list[str]) -> list[str]:
    """Put the option before each of its words, up to the next option."""
    found: list[str] = []
    option, count = "", 0
    for at, word in enumerate(words):
        if word == "--":
            return [*found, *_bare(option, count), *words[at:]]
        if word in _SEVERAL:
            found += _bare(option, count)
            option, count = word, 0
        elif word.startswith("-") and len(word) > 1:
            found += [*_bare(option, count), word]
            option = ""
        else:
            found += [option, word] if option else [word]
            count += 1
    return [*found, *_bare(option, count)]


def _bare(option: str, count: int) -> list[str]:
    if not option or count:
        return []
    # Without a word, Typer says what is missing.
    return [option, EVERY] if option in _OR_EVERY else [option]
