"""The guardians that a process has forked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.worker import kinship
from jupyter_mlops.pipeline.worker.guardian import guard_notebook
from jupyter_mlops.pipeline.worker.wire import close_files

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable

    from jupyter_mlops.pipeline.worker.guardian import BeNotebook


class Brood:
    """The guardians that a process has forked, of notebooks that are `be_notebook`."""

    def __init__(self, be_notebook: BeNotebook) -> None:
        self._be_notebook = be_notebook
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
            guard_notebook(self._be_notebook, request, files)
        close_files(files)
        self._guardians[os.pidfd_open(process)] = process

    def bury(self, ending: int, known: Iterable[int] = ()) -> None:
        """Take leave of a guardian, and end what it left behind, if it was killed."""
        process = self._guardians.pop(ending)
        os.close(ending)
        _, status = os.waitpid(process, 0)
        if status:
            kinship.reap_orphans(self.processes | set(known))
