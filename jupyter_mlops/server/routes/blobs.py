"""Bytes: artifacts, and outputs too long to lie in the index."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from tornado.iostream import StreamClosedError
from tornado.web import authenticated

from jupyter_mlops import errors
from jupyter_mlops.ids import Digest
from jupyter_mlops.server.routes.handler import Handler

if TYPE_CHECKING:
    from typing import BinaryIO

_CHUNK = 1 << 18


class _BytesHandler(Handler):
    """Sends bytes for saving: no browser is to run or show them as a page."""

    @property
    def content_security_policy(self) -> str:
        """Forbid everything, should somebody open the address itself."""
        return "sandbox; default-src 'none'"

    async def send(self, path: str, digest: Digest, name: str) -> None:
        """Send a blob, a part at a time."""
        etag = f'"{digest}"'
        if self.request.headers.get("If-None-Match") == etag:
            self.set_status(304)
            self.finish()
            return
        blobs = await self.in_thread(lambda: self._places.open(path).store.blobs)
        size = await self.in_thread(lambda: blobs.size(digest))
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Length", str(size))
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Etag", etag)
        self.set_header("Cache-Control", "private, max-age=31536000, immutable")
        said = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        self.set_header("Content-Disposition", said)
        with await self.in_thread(lambda: blobs.open(digest)) as file:
            await self._copy(file)
        self.finish(set_content_type="application/octet-stream")

    async def _copy(self, file: BinaryIO) -> None:
        try:
            while chunk := await self.in_thread(lambda: file.read(_CHUNK)):
                self.write(chunk)
                await self.flush()
        except StreamClosedError:
            # Whoever asked went away.
            return


class BlobHandler(_BytesHandler):
    """``blobs/<digest>``: the bytes of a long output."""

    @authenticated
    @authorized
    async def get(self, digest: str) -> None:
        """Send them."""
        await self.send(self.word("workspace"), Digest(digest), digest)


class ArtifactHandler(_BytesHandler):
    """``runs/<run>/artifacts/<name>``: the bytes of an artifact."""

    @authenticated
    @authorized
    async def get(self, run: str, name: str) -> None:
        """Send them; of a folder, those of its ``file``."""
        path = self.word("workspace")
        inner = self.word("file")

        def find() -> tuple[Digest, str]:
            workspace = self._places.open(path)
            found = workspace.get_run(run).artifact_record(name)
            if not found.is_folder:
                return found.digest, str(found.meta.get("file") or name)
            files = workspace.store.blobs.files(found.digest)
            for entry in files:
                if entry.path == inner:
                    return entry.digest, entry.path.rpartition("/")[2]
            raise errors.ArtifactNotFoundError(
                f"'{name}' is a folder without a file '{inner}'."
                f"{errors.nearest(inner, [entry.path for entry in files])}",
                name=name,
            )

        digest, file_name = await self.in_thread(find)
        await self.send(path, digest, file_name)
