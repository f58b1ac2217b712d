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
from typing import TYPE_CHECKING, Any, NoReturn

from jupyter_mlops.pipeline.worker import kinship
from jupyter_mlops.pipeline.worker.guardian import guard_notebook
from jupyter_mlops.pipeline.worker.threads import has_other_threads, rest_threads
from jupyter_mlops.pipeline.worker.wire import (
    close_files,
    frame_bytes,
    receive_with_files,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable

    from jupyter_mlops.pipeline.worker.kernel import WorkerApp


class Brood:
    """The guardians that a process has forked."""

    def __init__(self, app: WorkerApp) -> None:
        self._app = app
        self._guardians: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._guardians)

    @property
    def endings(self) -> Iterable[int]:
        """File descriptors that become readable when a guardian ends."""
        return self._guardians

    @property
    def processes(self) -> set[int]:
        """The guardians' ids."""
        return set(self._guardians.values())

    def start(
        self,
        request: dict[str, Any],
        files: list[int],
        ours: Iterable[socket.socket] = (),
    ) -> None:
        """Fork a guardian for a notebook; `ours` are not for it."""
        process = os.fork()
        if process == 0:
            for ending in self._guardians:
                os.close(ending)
            for connection in ours:
                connection.close()
            guard_notebook(self._app, request, files)
        close_files(files)
        self._guardians[os.pidfd_open(process)] = process

    def bury(self, ending: int, known: Iterable[int] = ()) -> None:
        """Take leave of a guardian, and end what it left behind, if it was killed."""
        process = self._guardians.pop(ending)
        os.close(ending)
        _, status = os.waitpid(process, 0)
        if status:
            kinship.reap_orphans(self.processes | set(known))


def be_zygote(app: WorkerApp, libraries: list[str], line: socket.socket) -> NoReturn:
    """Import libraries and fork guardians, until the parent's end of `line` closes.

    Called in a forked process, which it ends.
    """
    try:
        os.setsid()
        kinship.adopt_orphans()
        unfit = unfit_libraries(libraries)
        line.sendall(frame_bytes({"unfit": unfit}))
        if not unfit:
            _serve(Brood(app), line)
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
