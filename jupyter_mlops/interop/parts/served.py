"""A small server of the Open Inference Protocol over the model beside it.

``python serve.py [PORT]``; ``POST /predict`` takes rows, columns or records as JSON.
"""

from __future__ import annotations

import importlib
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MOST_BYTES = 64 << 20


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    def do_GET(self) -> None:
        """Say that the server is there, and what it serves."""
        if self.path in ("/v2/health/live", "/v2/health/ready", self._at("/ready")):
            self._say(200, {})
        elif self.path == self._at(""):
            self._say(200, {"name": _told()["name"], "versions": [_told()["version"]]})
        else:
            self._say(404, {"error": f"there is no {self.path}"})

    def do_POST(self) -> None:
        """Predict."""
        try:
            self._predict()
        except Exception as error:  # noqa: BLE001 - a bad request must not end the server
            self._say(400, {"error": f"{type(error).__name__}: {error}"})

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the server's name for it
        """Say nothing of requests that went well."""

    def _predict(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= MOST_BYTES:
            self._say(413, {"error": f"a body of 1 to {MOST_BYTES} bytes is needed"})
            return
        document = json.loads(self.rfile.read(length))
        if self.path == "/predict":
            found = MODEL.predict(SCORER.read_rows(document))
            self._say(200, {"predictions": found.tolist()})
        elif self.path == self._at("/infer"):
            found = MODEL.predict(SCORER.read_tensors(document["inputs"]))
            answer = {
                "model_name": _told()["name"],
                "model_version": str(_told()["version"]),
                "id": document.get("id"),
                "outputs": [SCORER.write_tensor(found)],
            }
            self._say(200, answer)
        else:
            self._say(404, {"error": f"there is no {self.path}"})

    def _at(self, tail: str) -> str:
        return f"/v2/models/{_told()['name']}{tail}"

    def _say(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _told() -> dict[str, Any]:
    return dict(MODEL.told)


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    SCORER: Any = importlib.import_module("scorer")
    MODEL: Any = SCORER.load(HERE / "model")
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8080
    server = ThreadingHTTPServer(("0.0.0.0", port), Handler)  # noqa: S104 - a container is reached from outside
    print(f"serving {_told()['name']} on port {server.server_port}", flush=True)
    server.serve_forever()
