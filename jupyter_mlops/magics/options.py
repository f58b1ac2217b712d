"""What the line ``%%track …`` asks for."""

from __future__ import annotations

import argparse
import shlex
from typing import NoReturn

from jupyter_mlops.errors import MagicUsageError, nearest
from jupyter_mlops.magics.trackline import MAGIC, USAGE
from jupyter_mlops.tracking.cells import TrackOptions


def read_options(line: str) -> TrackOptions:
    """Read the line's options.

    Raises
    ------
    MagicUsageError
        When it does not follow the usage; the sentence names the nearest option.
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise MagicUsageError(
            f"%%track {line}: a quote is not closed ({error}). Use: {USAGE}", line=line
        ) from error
    found = _parser(line).parse_args(words)
    return TrackOptions(
        name=found.name,
        experiment=found.experiment,
        params=tuple(found.param),
        metrics=tuple(found.metric),
        saves=tuple(found.save),
        tags=tuple(_tag(text, line) for text in found.tag),
        note=found.note,
    )


class _Parser(argparse.ArgumentParser):
    """argparse that raises our error instead of ending the process."""

    line: str

    def error(self, message: str) -> NoReturn:
        hint = ""
        for word in self.line.split():
            if word.startswith("-") and word not in self._option_string_actions:
                hint = nearest(word, self._option_string_actions)
                break
        raise MagicUsageError(
            f"%%track {self.line}: {message}.{hint} Use: {USAGE}", line=self.line
        )


def _parser(line: str) -> _Parser:
    parser = _Parser(prog=MAGIC, add_help=False, allow_abbrev=False)
    parser.line = line
    parser.add_argument("name", nargs="?")
    parser.add_argument("-e", "--experiment")
    for short, long in (("-p", "--param"), ("-m", "--metric"), ("-s", "--save")):
        parser.add_argument(short, long, action="append", default=[])
    parser.add_argument("-t", "--tag", action="append", default=[])
    parser.add_argument("--note")
    return parser


def _tag(text: str, line: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise MagicUsageError(
            f"%%track {line}: the tag '{text}' is not of the form KEY=VALUE.", line=line
        )
    return key.strip(), value
