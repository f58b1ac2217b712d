"""The artifacts of a run on an MLflow server, as a place to publish to."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.errors import RemoteError
from jupyter_mlops.store.manifest import checked_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlops.interop.mlflow_client import MlflowClient

_SCHEME = "mlflow-artifacts:"


class MlflowPlace:
    """A folder among a run's artifacts.

    Parameters
    ----------
    artifact_uri : str
        The run's, as the server tells it.

    Raises
    ------
    RemoteError
        When the server does not keep artifacts itself.
    """

    def __init__(self, client: MlflowClient, artifact_uri: str, folder: str) -> None:
        if not artifact_uri.startswith(_SCHEME):
            raise RemoteError(
                f"{client.where} has its clients write artifacts to {artifact_uri} "
                f"themselves. Start the server with --serve-artifacts.",
                where=client.where,
            )
        self._client = client
        path = artifact_uri.removeprefix(_SCHEME)
        if path.startswith("//"):
            path = path[2:].partition("/")[2]
        self._base = f"{path.strip('/')}/{folder}".strip("/")
        self.where = f"{client.where} ({self._base})"
        self._listed: dict[str, dict[str, int]] = {}

    def size(self, name: str) -> int | None:
        """Return how many bytes are kept, None when none are."""
        folder, _, file = self._path(name).rpartition("/")
        if folder not in self._listed:
            self._listed[folder] = self._client.listed(folder)
        return self._listed[folder].get(file)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Read a file in pieces."""
        return self._client.download(self._path(name))

    def put(self, name: str, source: Path) -> None:
        """Keep a file."""
        path = self._path(name)
        self._client.upload(path, source)
        self._listed.pop(path.rpartition("/")[0], None)

    def create(self, name: str, data: bytes) -> bool:
        """Keep `data` under a name that is free; False when somebody was faster.

        The server has no such step: what is there afterwards decides.
        """
        self._listed.clear()
        if self.size(name) is not None:
            return False
        with tempfile.TemporaryDirectory(prefix="mlops-") as folder:
            path = Path(folder) / "bytes"
            path.write_bytes(data)
            self.put(name, path)
        return b"".join(self.pieces(name)) == data

    def names(self, folder: str) -> list[str]:
        """List the names of the files right in a folder, sorted."""
        return sorted(self._client.listed(self._path(folder)))

    def _path(self, name: str) -> str:
        return f"{self._base}/{checked_path(name)}"
