"""Running the cells of a random program within bounds of steps and size."""

from __future__ import annotations

import sys

_STEPS = 3_000
_LONGEST = 40
_LARGEST = 2_000
"""Parts that a value may unfold to: shared parts count each time, as in its text."""


class EndlessError(BaseException):
    """A program does not end, or makes too much; it is not looked at."""


def run_cell(source, namespace):
    """Run a cell, and tell whether it failed.

    Raises
    ------
    EndlessError
        After too many steps, or when a value has become too large.
    """
    steps = 0

    def count(frame, _event, _argument):
        nonlocal steps
        steps += 1
        if steps > _STEPS:
            raise EndlessError
        if steps % 50 == 0:
            check_sizes(frame.f_locals)
        return count

    sys.settrace(count)
    try:
        exec(compile(source, "<cell>", "exec"), namespace)
    except (RecursionError, MemoryError) as error:
        # How far it came depends on who called.
        raise EndlessError from error
    except Exception:
        return True
    finally:
        sys.settrace(None)
        check_sizes(namespace)
    return False


def check_sizes(namespace):
    """Raise when a value of a namespace has become too large."""
    for name, value in list(namespace.items()):
        if name.startswith("__"):
            continue
        if isinstance(value, list | dict) and len(value) > _LONGEST:
            raise EndlessError
        _unfold(value, [], [0])


def _unfold(value, path, count):
    """Count the parts of a value as its text would show them."""
    count[0] += 1
    if count[0] > _LARGEST or len(path) > 100:
        raise EndlessError
    if type(value) in (list, tuple) or isinstance(value, dict):
        if any(value is one for one in path):
            return
        items = value.values() if isinstance(value, dict) else value
        for item in list(items):
            _unfold(item, [*path, value], count)
