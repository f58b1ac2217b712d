"""Calls of code that cannot be seen and is not known: all they may do is noted."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import files, settings
from jupyter_mlops.capture.dataflow.callbacks import call_back
from jupyter_mlops.capture.dataflow.constants import text_of
from jupyter_mlops.capture.dataflow.heap import FIXED, NOTHING, Kind, Value, reach
from jupyter_mlops.capture.dataflow.knowledge.libraries import STATELESS
from jupyter_mlops.capture.dataflow.names import read_global

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.arguments import Args
    from jupyter_mlops.capture.dataflow.run import CellRun

_WORD = re.compile(r"[^\W\d]\w*")


def call_unknown(
    run: CellRun, lib: str, receiver: Value, args: Args, node: object
) -> Value:
    """Call something unknown: it may change and keep all it is given.

    Parameters
    ----------
    lib : str
        The library it belongs to, if that much is known.
    receiver : Value
        The object whose method it is, or that is itself called.
    """
    given = receiver | args.everything
    settings.use_unknown(run, lib or "?", given, "may change")
    read_formulas(run, args)
    if lib not in STATELESS:
        files.touch_all(run)
    else:
        _touch_named_files(run, args)
    run.change((obj for obj in reach(given) if obj.kind not in FIXED), "may change")
    for obj in given:
        if obj.kind not in FIXED:
            obj.is_loose = True
            run.hold(frozenset((obj,)), given)
    returned = call_back(run, node, given, given)
    result = run.make(node, Kind.UNKNOWN, given | returned, lib=lib)
    run.raised.add(result)
    return frozenset((result,)) | returned


def call_unknown_code(run: CellRun, lib: str, verb: str) -> None:
    """Run code that cannot be seen but is given no object of the session."""
    settings.use_unknown(run, lib, NOTHING, verb)
    files.touch_all(run)


def read_formulas(run: CellRun, args: Args) -> None:
    """Read the user names that a text passed along mentions.

    Formulas, SQL over frames and query strings find the caller's names by
    themselves.
    """
    for place in list(args.nodes):
        text = text_of(run, args.nodes[place])
        for word in _WORD.findall(text) if text else ():
            binding = run.lookup(word)
            if binding is not None and not binding.is_deleted:
                read_global(run, word)


def _touch_named_files(run: CellRun, args: Args) -> None:
    """Note the paths among the arguments: some are read, some are written."""
    for place in list(args.nodes):
        node = args.nodes[place]
        text = text_of(run, node)
        if text is not None and ("/" in text or "." in text):
            files.read_file(run, text)
            files.write_file(run, text, is_new=False)
        elif (
            text is None
            and not args.value(
                place if isinstance(place, int) else len(args.positional), str(place)
            )
            and not isinstance(node, ast.Constant)
        ):
            files.read_file(run, None)
