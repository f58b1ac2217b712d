"""A Jupyter server that a test started: where it listens, and its end."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import time


def address_of(runtime, process):
    """Wait until the server has written where it is, and listens there."""
    until = time.monotonic() + 100
    while time.monotonic() < until and process.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            try:
                told = json.loads(file.read_text())
                socket.create_connection(("localhost", told["port"])).close()
                return told["url"]
            except (json.JSONDecodeError, ConnectionRefusedError):
                continue
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
    raise AssertionError("the server did not start")


def end_server(process):
    """Stop a server; kill it where it has ended but for a thread that nobody stops.

    A request that is under way while the loop stops leaves a worker thread of anyio's
    pool behind, and Python waits for it without end (anyio 4.16, jupyter_server 2.21).
    """
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
