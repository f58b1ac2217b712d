"""Where a Jupyter server that a test started listens."""

from __future__ import annotations

import json
import socket
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
    raise AssertionError("the server did not start")
