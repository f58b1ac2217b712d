"""Runs random programs in a process of its own, which may neither hang nor eat memory.

Started as a program with a kind, the first seed and how many; prints what it found.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import warnings

from tests.capture.dataflow.programs import frames, maker

_MOST_BYTES = 4 << 30


def try_program(kind, seed):
    """Run a program whole and from its recipe.

    Returns
    -------
    tuple or None
        Whether both end alike, how many cells the recipe keeps, and of how many.
        None when the program does not end.
    """
    if kind == "frames":
        cells, result = frames.make_frame_program(seed)
        kept = maker.cut(cells)
        again = frames.replay_frames(kept)
    else:
        made = maker.make_program(seed, has_evidence=kind == "watched")
        if made is None:
            return None
        cells, result = made
        kept = maker.cut(cells)
        again = maker.replay(kept)
    return again in (None, result), len(kept), len(cells)


def main(kind, first, count):
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    warnings.simplefilter("ignore")
    found = {"unsound": [], "endless": [], "kept": 0, "cells": 0}
    for seed in range(int(first), int(first) + int(count)):
        with contextlib.redirect_stdout(io.StringIO()):
            tried = try_program(kind, seed)
        if tried is None:
            found["endless"].append(seed)
            continue
        is_sound, kept, cells = tried
        found["kept"] += kept
        found["cells"] += cells
        if not is_sound:
            found["unsound"].append(seed)
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
