"""A process that has imported what some notebooks import, and forks their guardians."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import sys
import traceback
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from jupyter_mlops.pipeline.worker import kinship
from jupyter_mlops.pipeline.worker.brood import Brood
from jupyter_mlops.pipeline.worker.child import run_notebook_process
from jupyter_mlops.pipeline.worker.threads import has_other_threads, rest_threads
from jupyter_mlops.pipeline.worker.wire import (
    frame_bytes,
    receive_with_files,
)

if TYPE_CHECKING:
    import socket

    from jupyter_mlops.pipeline.worker.kernel import WorkerApp


def be_zygote(app: WorkerApp, libraries: list[str], line: socket.socket) -> NoReturn:
    """Import libraries and fork guardians, until the parent's end of `line` closes.

    Called in a forked process, which it ends.
    """
    try:
        os.setsid()
        kinship.adopt_orphans()
        # Libraries see themselves imported by a kernel's cell, as some ask.
        with app.shell.builtin_trap:
            unfit = unfit_libraries(libraries)
        line.sendall(frame_bytes({"unfit": unfit}))
        if not unfit:
            _serve(Brood(partial(run_notebook_process, app)), line)
    except BaseException:  # noqa: BLE001 - nobody is there to take it
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(0)


def _serve(brood: Brood, line: socket.socket) -> None:
    poll = select.poll()
    poll.register(line, select.POLLIN)
    asked = True
    while asked or len(brood):
        for number, _ in poll.poll():
            if number != line.fileno():
                poll.unregister(number)
                brood.bury(number)
                with contextlib.suppress(OSError):
                    line.sendall(frame_bytes({"buried": 1}))
            elif (received := receive_with_files(line, 4)) is None:
                asked = False
                poll.unregister(line)
            else:
                before = set(brood.endings)
                brood.start(*received, ours=[line])
                for ending in set(brood.endings) - before:
                    poll.register(ending, select.POLLIN)


def unfit_libraries(libraries: list[str]) -> list[str]:
    """Import libraries; name those that must not be there before a fork.

    Those are what is missing or broken, lies outside of the installed packages, says
    something when imported, or starts threads.
    """
    unfit = [name for name in libraries if not _import_quietly(name)]
    gc.collect()
    gc.freeze()
    return unfit


def _import_quietly(name: str) -> bool:
    """Import a library; tell whether nothing came of it but the library."""
    with warnings.catch_warnings(record=True) as said:
        before = list(warnings.filters)
        try:
            module = importlib.import_module(name)
        except BaseException:  # noqa: BLE001 - the notebook shall meet it, not we
            return False
        added = [item for item in warnings.filters if item not in before]
    # As the import left them, where the notebook's own would have put them.
    warnings.filters[:0] = added  # type: ignore[index]
    if said or _is_elsewhere(module):
        return False
    if has_other_threads():
        rest_threads()
    return not has_other_threads()


def _is_elsewhere(module: Any) -> bool:
    place = getattr(module, "__file__", None) or ""
    return not any(place.startswith(folder + os.sep) for folder in _package_folders())


def _package_folders() -> list[str]:
    import site

    return [*site.getsitepackages(), site.getusersitepackages(), sys.prefix]
