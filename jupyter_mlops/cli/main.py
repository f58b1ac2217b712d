"""Runs a verb, and turns how it ended into an exit code and one sentence."""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import TYPE_CHECKING

from jupyter_mlops.errors import MlopsError
from jupyter_mlops.verbs import usage_text
from jupyter_mlops.verbs.app import UsageError, invoke
from jupyter_mlops.verbs.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

PROGRAM = "jupyter mlops"
FAILED, MISUSED, INTERRUPTED = 1, 2, 130
# As shells count a process that a signal ended.
BROKEN_PIPE, TERMINATED = 128 + signal.SIGPIPE, 128 + signal.SIGTERM


class Terminated(KeyboardInterrupt):
    """A polite request of the system to end: treated as Ctrl-C."""


def main(words: Sequence[str] | None = None) -> int:
    """Run the verb that `words`, by default the command line, name.

    Returns
    -------
    int
        0 only when the verb did what it was asked; 1 when it could not, 2 when the
        words make no sense, 130 when interrupted.
    """
    before = signal.signal(signal.SIGTERM, _terminate)
    _skip_slow_extra()
    session = Session()
    try:
        code = _run(list(sys.argv[1:] if words is None else words), session)
        # Here, not at exit, where a closed pipe would make a noise.
        sys.stdout.flush()
    except BrokenPipeError:
        return _leave_quietly()
    except (Exception, KeyboardInterrupt) as error:
        if session.is_debug and isinstance(error, Exception):
            raise
        return _told(error)
    finally:
        session.close()
        signal.signal(signal.SIGTERM, before)
        if words is None:
            # It ends now: to look for garbage once more takes a tenth of a short verb.
            gc.freeze()
    return code


def _run(words: list[str], session: Session) -> int:
    if words:
        return invoke(words, session, program=PROGRAM)
    invoke(["--help"], session, program=PROGRAM)
    return MISUSED


def _told(error: BaseException) -> int:
    """Say in a sentence how it ended, and return the exit code for that."""
    if isinstance(error, UsageError):
        return _say(f"{usage_text(error)} See '{_help_of(error)}'.", MISUSED)
    if isinstance(error, Terminated):
        return _say("Terminated.", TERMINATED)
    if isinstance(error, KeyboardInterrupt):
        return _say("Interrupted.", INTERRUPTED)
    if isinstance(error, MlopsError):
        return _say(str(error), FAILED)
    return _say(
        f"Unexpected {type(error).__name__}: {error}. This is a fault of "
        f"jupyter_mlops; put --debug before the verb to see where it comes from.",
        FAILED,
    )


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _help_of(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    return f"{context.command_path if context else PROGRAM} --help"


def _leave_quietly() -> int:
    # Whoever reads has had enough. The interpreter flushes stdout once more at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise Terminated


def _skip_slow_extra() -> None:
    """Keep jsonschema from importing a check that nobody here asks for.

    nbformat imports jsonschema; where ``rfc3987_syntax`` is installed, jsonschema's
    optional check of addresses compiles a grammar for two seconds at each start.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: no such module
