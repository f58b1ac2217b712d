"""An MLflow tracking server, spoken to over its REST API; MLflow is not imported.

Source: https://mlflow.org/docs/latest/api_reference/rest-api.html
"""

from __future__ import annotations

import base64
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any, NoReturn

from jupyter_mlops.capture.git import without_credentials
from jupyter_mlops.errors import InvalidInputError, RemoteError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

SCHEMES = ("mlflow+http://", "mlflow+https://")
_CHUNK = 4 << 20
_SECONDS = 60.0
_MOST = 64 << 20
_MISSING = "RESOURCE_DOES_NOT_EXIST"
_THERE = "RESOURCE_ALREADY_EXISTS"


class MlflowClient:
    """A server, by its URL without ``mlflow+``.

    Credentials come from the URL, or as MLflow's own client takes them: from
    ``MLFLOW_TRACKING_TOKEN``, or ``MLFLOW_TRACKING_USERNAME`` and ``…_PASSWORD``.
    """

    def __init__(self, url: str) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InvalidInputError(
                f"{without_credentials(url)} names no MLflow server: write "
                f"mlflow+http://HOST:PORT.",
                url=without_credentials(url),
            )
        host = parts.netloc.rpartition("@")[2]
        self.where = f"{parts.scheme}://{host}{parts.path.rstrip('/')}"
        self._headers = _credentials(parts)

    def get(self, path: str, **words: Any) -> dict[str, Any]:
        """Ask something."""
        query = urllib.parse.urlencode(words, doseq=True)
        return self._json("GET", f"{path}?{query}" if query else path)

    def find(self, path: str, **words: Any) -> dict[str, Any] | None:
        """Ask for something that need not be there: None then."""
        try:
            return self.get(path, **words)
        except RemoteError as error:
            if getattr(error, "code", "") == _MISSING:
                return None
            raise

    def make(self, path: str, **document: Any) -> None:
        """Have something made, unless it is there: somebody may be faster."""
        try:
            self.post(path, **document)
        except RemoteError as error:
            if getattr(error, "code", "") != _THERE:
                raise

    def post(self, path: str, **document: Any) -> dict[str, Any]:
        """Have something done."""
        return self._json("POST", path, json.dumps(document).encode())

    def patch(self, path: str, **document: Any) -> dict[str, Any]:
        """Have something changed."""
        return self._json("PATCH", path, json.dumps(document).encode())

    def delete(self, path: str, **document: Any) -> dict[str, Any]:
        """Have something taken away."""
        return self._json("DELETE", path, json.dumps(document).encode())

    def every(self, path: str, noun: str, **words: Any) -> Iterator[dict[str, Any]]:
        """Ask for a list, page by page."""
        token = ""
        while True:
            more = {"page_token": token} if token else {}
            found = self.get(path, **words, **more)
            yield from found.get(noun) or ()
            token = found.get("next_page_token") or ""
            if not token:
                return

    def upload(self, path: str, source: Path) -> None:
        """Put a file among the artifacts that the server keeps."""
        with source.open("rb") as data:
            size = source.stat().st_size
            headers = {
                "Content-Length": str(size),
                "Content-Type": "application/octet-stream",
            }
            with self._open("PUT", _artifacts(path), data, headers):
                pass

    def download(self, path: str) -> Iterator[bytes]:
        """Read an artifact in pieces, FileNotFoundError when there is none."""
        try:
            answer = self._open("GET", _artifacts(path))
        except RemoteError as error:
            if getattr(error, "status", 0) in (404, 500):
                # A missing file is an internal error to some versions.
                raise FileNotFoundError(path) from error
            raise
        with answer:
            while piece := answer.read(_CHUNK):
                yield piece

    def listed(self, path: str) -> dict[str, int]:
        """Return the files right in a folder of artifacts, with their sizes."""
        query = urllib.parse.urlencode({"path": path})
        try:
            found = self._json("GET", f"mlflow-artifacts/artifacts?{query}")
        except RemoteError as error:
            if getattr(error, "status", 0) in (404, 500):
                return {}
            raise
        return {
            item["path"].rpartition("/")[2]: int(item.get("file_size") or 0)
            for item in found.get("files") or ()
            if not item.get("is_dir")
        }

    def _json(
        self, method: str, path: str, body: bytes | None = None
    ) -> dict[str, Any]:
        api = path if path.startswith("mlflow-artifacts/") else f"mlflow/{path}"
        with self._open(method, api, body) as answer:
            data = answer.read(_MOST)
        try:
            found = json.loads(data or b"{}")
        except ValueError as error:
            raise RemoteError(
                f"{self.where} does not speak MLflow's REST API: it answered no JSON.",
                where=self.where,
            ) from error
        return found if isinstance(found, dict) else {}

    def _open(
        self,
        method: str,
        path: str,
        body: bytes | BinaryIO | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            f"{self.where}/api/2.0/{path}", data=body, method=method
        )
        kind = {"Content-Type": "application/json"} if body is not None else {}
        for name, value in {**self._headers, **kind, **(headers or {})}.items():
            request.add_header(name, value)
        try:
            return urllib.request.urlopen(request, timeout=_SECONDS)  # noqa: S310 - as above
        except urllib.error.HTTPError as error:
            self._refused(path, error)
        except (urllib.error.URLError, OSError) as error:
            reason = getattr(error, "reason", error)
            raise RemoteError(
                f"{self.where} cannot be reached: {reason}. Is the MLflow server "
                f"running there?",
                where=self.where,
            ) from error

    def _refused(self, path: str, error: urllib.error.HTTPError) -> NoReturn:
        with error:
            data = error.read(1 << 16)
        try:
            told = json.loads(data)
            code, said = str(told["error_code"]), str(told.get("message", ""))
        except (ValueError, KeyError, TypeError):
            code, said = "", error.reason
        raise RemoteError(
            f"{self.where} refused '{path.partition('?')[0]}': {error.code} {said}",
            where=self.where,
            code=code,
            status=error.code,
        ) from error


def _artifacts(path: str) -> str:
    return f"mlflow-artifacts/artifacts/{urllib.parse.quote(path)}"


def _credentials(parts: urllib.parse.SplitResult) -> dict[str, str]:
    if token := os.environ.get("MLFLOW_TRACKING_TOKEN"):
        return {"Authorization": f"Bearer {token}"}
    user = parts.username or os.environ.get("MLFLOW_TRACKING_USERNAME")
    word = parts.password or os.environ.get("MLFLOW_TRACKING_PASSWORD")
    if not user:
        return {}
    plain = f"{urllib.parse.unquote(user)}:{urllib.parse.unquote(word or '')}"
    return {"Authorization": f"Basic {base64.b64encode(plain.encode()).decode()}"}
