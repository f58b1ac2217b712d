"""The runner's hold of a notebook's copy that sleeps: waking it, letting go of it."""

from __future__ import annotations

import select
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.worker.wire import send_with_files

if TYPE_CHECKING:
    from collections.abc import Mapping


class Sleeper:
    """A copy of a notebook's process, made between two cells; see `boundary`.

    It ends when the last hold of it is closed, here or wherever `control` was sent.

    Attributes
    ----------
    control : socket
        The way to it.
    process : int
        Its id.
    seconds : float
        How long making it has held up the notebook.
    """

    def __init__(self, control: socket.socket, process: int, seconds: float) -> None:
        self.control = control
        self.process = process
        self.seconds = seconds

    @property
    def is_alive(self) -> bool:
        """Whether it still sleeps."""
        poll = select.poll()
        poll.register(self.control, 0)
        return not poll.poll(0)

    def waking(
        self,
        environ: Mapping[str, str] | None = None,
        folder: str | None = None,
        memory: int = 0,
    ) -> Waking:
        """Return what starts a notebook's process from here, for `NotebookWork`.

        Parameters
        ----------
        environ : mapping, optional
            Variables to set, beside those that it has.
        folder : str, optional
            Where it works on; else where it was.
        memory : int
            As `Wish.memory`.
        """
        return Waking(self.control, environ=environ or {}, folder=folder, memory=memory)

    def close(self) -> None:
        """Let go of it."""
        self.control.close()


@dataclass(frozen=True)
class Waking:
    """What starts a notebook's process from a copy that sleeps, which sleeps on.

    Attributes
    ----------
    kernel : str
        A connection file to write: the process is a kernel for clients then.
    """

    control: socket.socket
    environ: Mapping[str, str] = field(default_factory=dict)
    folder: str | None = None
    memory: int = 0
    kernel: str = ""

    def start(self, token: bytes, files: list[int]) -> socket.socket:
        """Wake it; return the line to the new process's guardian.

        Raises
        ------
        OSError
            When the copy is gone.
        """
        request = {
            "environ": dict(self.environ),
            "folder": self.folder,
            "token": token.hex(),
            "kernel": self.kernel,
            "files": [self.kernel] if self.kernel else [],
        }
        guardian, theirs = socket.socketpair()
        try:
            with theirs:
                send_with_files(self.control, request, [theirs.fileno(), *files])
        except BaseException:
            guardian.close()
            raise
        return guardian
