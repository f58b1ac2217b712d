"""What the line ``%%track …`` asks for."""

from __future__ import annotations

import argparse
import shlex
from functools import cache
from typing import NoReturn

from jupyter_mlops.errors import MagicUsageError, nearest
from jupyter_mlops.magics.trackline import MAGIC, USAGE
from jupyter_mlops.tracking.cellrecords import TrackOptions


def read_options(line: str) -> TrackOptions:
    """Read the line's options.

    Raises
    ------
    MagicUsageError
        When it does not follow the usage; the sentence names the nearest option.
    """
    try:
        found = parser().parse_args(shlex.split(line))
    except ValueError as error:
        raise _refusal(line, f"a quote is not closed ({error})") from error
    except argparse.ArgumentError as error:
        raise _refusal(line, f"{error.message}{_hint(line)}") from error
    return TrackOptions(
        name=found.name,
        experiment=found.experiment,
        params=tuple(found.param),
        metrics=tuple(found.metric),
        saves=tuple(found.save),
        tags=tuple(_tag(text, line) for text in found.tag),
        note=found.note,
        is_live=not found.no_live,
        autolog=not found.no_autolog,
    )


@cache
def parser() -> argparse.ArgumentParser:
    """Return the parser of the line; made once, as it costs a millisecond."""
    made = _Parser(prog=MAGIC, add_help=False, allow_abbrev=False)
    made.add_argument("name", nargs="?")
    made.add_argument("-e", "--experiment")
    for short, long in (("-p", "--param"), ("-m", "--metric"), ("-s", "--save")):
        made.add_argument(short, long, action="append", default=[])
    made.add_argument("-t", "--tag", action="append", default=[])
    made.add_argument("--note")
    made.add_argument("--no-live", action="store_true")
    made.add_argument("--no-autolog", action="store_true")
    return made


class _Parser(argparse.ArgumentParser):
    """argparse that raises instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        raise argparse.ArgumentError(None, message)


def _hint(line: str) -> str:
    known = [
        option
        for action in parser()._actions  # noqa: SLF001 - argparse has no public list
        for option in action.option_strings
    ]
    for word in line.split():
        if word.startswith("-") and word.partition("=")[0] not in known:
            return f".{nearest(word, known).removesuffix('.')}"
    return ""


def _refusal(line: str, reason: str) -> MagicUsageError:
    return MagicUsageError(f"%%track {line}: {reason}. Use: {USAGE}", line=line)


def _tag(text: str, line: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise _refusal(line, f"the tag '{text}' is not of the form KEY=VALUE")
    return key.strip(), value
