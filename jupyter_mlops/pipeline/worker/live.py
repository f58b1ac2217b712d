"""A notebook's copy becomes a kernel that any Jupyter client can connect to.

What `kernel.WorkerApp` left out of IPython's kernel is done now, for the same kernel
and shell: sockets, threads, streams.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from zmq.eventloop.zmqstream import ZMQStream

if TYPE_CHECKING:
    from jupyter_mlops.pipeline.worker.kernel import WorkerApp


_PATIENCE_SECONDS = 5.0
_LONGEST = 100
"""Characters that a socket's path may have, less what is put behind it."""


def become_kernel(app: WorkerApp, file: str, pipes: list[int]) -> None:
    """Open sockets, and write the connection file.

    Parameters
    ----------
    app : WorkerApp
        Of this process, in which no loop is running.
    file : str
        Where to write how to connect; its folder is nobody else's.
    pipes : list of int
        Numbers that streams of the notebook still write to.
    """
    app.connection_file = file
    place = str(Path(file).with_suffix(""))
    if len(place) < _LONGEST:
        # Sockets in that folder, too, in place of ports that others could reach.
        app.transport, app.ip = "ipc", place
    app.session = Session(parent=app, key=os.urandom(16).hex().encode())
    app.quiet = True
    IPKernelApp.init_sockets(app)
    IPKernelApp.init_heartbeat(app)
    _redirect(app, pipes)
    _connect(app)
    app.kernel.start()
    # Last: whoever finds it can connect.
    IPKernelApp.write_connection_file(app)


def serve_kernel(app: WorkerApp) -> None:
    """Answer clients until the kernel is shut down."""
    loop: Any = app.kernel.io_loop
    try:
        loop.start()
    finally:
        _end_control(app)


def _end_control(app: WorkerApp) -> None:
    """End the thread that took the request to shut down, while others still serve it.

    After its answer it flushes the streams, by way of the thread for output: where that
    has ended before, it waits for ever, and `IPKernelApp.close` for it.
    """
    thread: Any = app.control_thread
    thread.stop()
    thread.join(_PATIENCE_SECONDS)
    if thread.is_alive():
        app.control_thread = None


def _redirect(app: WorkerApp, pipes: list[int]) -> None:
    """Have text, also what C code and children write, go to the clients."""
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    IPKernelApp.init_io(app)
    app.displayhook.get_execution_count = lambda: app.kernel.execution_count
    for number, target in zip(pipes, (1, 2), strict=True):
        # Log handlers that a cell made hold on to the streams of before.
        os.dup2(target, number, inheritable=False)


def _connect(app: WorkerApp) -> None:
    """Give kernel and shell what their constructors would have been given."""
    kernel: Any = app.kernel
    thread = app.shell_channel_thread
    if thread is None:
        kernel.shell_stream = ZMQStream(app.shell_socket)
    else:
        kernel.shell_stream = ZMQStream(app.shell_socket, thread.io_loop)
        thread.shell_stream = kernel.shell_stream
    kernel.control_stream = ZMQStream(app.control_socket, app.control_thread.io_loop)
    app.control_thread.start()
    if thread is not None:
        thread.start()
    kernel.session = app.session
    kernel.shell_channel_thread = thread
    for name in ("control_thread", "iopub_thread", "iopub_socket", "stdin_socket"):
        setattr(kernel, name, getattr(app, name))
    for hook in (kernel.shell.displayhook, kernel.shell.display_pub):
        hook.session, hook.pub_socket = app.session, app.iopub_socket
    ports = ("shell", "iopub", "stdin", "hb", "control")
    kernel.record_ports(
        {f"{name}_port": getattr(app, f"{name}_port") for name in ports}
    )
