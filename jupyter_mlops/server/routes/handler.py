"""What all routes share: who may ask, how much may be sent, how errors look."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError, stream_request_body

from jupyter_mlops import errors
from jupyter_mlops.server.statuses import error_json, status_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.server.places import OpenWorkspaces
    from jupyter_mlops.server.watching import Watches
    from jupyter_mlops.workspace import Workspace

T = TypeVar("T")
RESOURCE = "jupyter_mlops"
"""What Jupyter Server's authorizer is asked about: read or write of this."""
MOST_BYTES = 1_000_000
"""Of a request's body: nothing that the sidebar sends is longer."""
_LONGEST_WORD = 4000
_SENTENCES = {
    401: "You are not logged in. Reload the page and log in.",
    403: "You may not do this on this server.",
    404: "This is not here.",
    405: "This cannot be done here.",
    413: "This is too much to send at once.",
}
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="mlops-api")


@stream_request_body
class Handler(APIHandler):
    """Base of our routes.

    Work goes to threads: the server's event loop, which kernels talk through, never
    waits for a database or a disk.
    """

    auth_resource = RESOURCE

    def initialize(self, places: OpenWorkspaces, watches: Watches) -> None:
        """Take what the routes share."""
        self._places = places
        self._watches = watches
        self._body = bytearray()

    async def prepare(self, **options: Any) -> None:
        """Check who asks, then refuse what is too long, before it is read."""
        await super().prepare(**options)
        connection = self.request.connection
        if connection is not None:
            connection.set_max_body_size(MOST_BYTES)  # type: ignore[attr-defined]  # of HTTP/1, the only one tornado has
        length = self.request.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            raise HTTPError(413)

    def data_received(self, chunk: bytes) -> None:
        """Take a part of the body."""
        self._body += chunk

    def body(self) -> dict[str, Any]:
        """Return the request's JSON object.

        Raises
        ------
        InvalidInputError
            When it is none.
        """
        try:
            found = json.loads(self._body or b"{}")
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise errors.InvalidInputError("The request holds no JSON object.")
        return found

    # --- what is asked ---

    def word(self, name: str, default: str = "") -> str:
        """Return a text of the query.

        Raises
        ------
        InvalidInputError
            When it is longer than anybody writes.
        """
        found = self.get_query_argument(name, default) or ""
        if len(found) > _LONGEST_WORD:
            raise errors.InvalidInputError(
                f"'{name}' has {len(found)} letters; at most {_LONGEST_WORD} are read.",
                name=name,
            )
        return found

    def number(self, name: str, default: int, *, most: int) -> int:
        """Return a whole number of the query, from 0 to `most`.

        Raises
        ------
        InvalidInputError
            When it is none.
        """
        text = self.get_query_argument(name, None)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit()) or int(text[:18]) > most:
            raise errors.InvalidInputError(
                f"'{name}' is {text[:40]!r}; it must be a whole number up to {most}.",
                name=name,
            )
        return int(text)

    # --- the work ---

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Do `work` beside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(_threads, work)

    async def answer(self, question: Callable[[Workspace], dict[str, Any]]) -> None:
        """Ask the workspace that the request names, and send what comes of it."""
        path = self.word("workspace")

        def work() -> bytes:
            return json_bytes(question(self._places.open(path)))

        self.finish(await self.in_thread(work))

    def locate_in(self, workspace: Workspace) -> Callable[[str], str | None]:
        """Return what says where a recorded file is from the server's root."""
        return partial(self._places.from_root, workspace.layout.project)

    def recorded_names(self, workspace: Workspace, path: str) -> list[str]:
        """Return the ways in which runs name the file at `path` from the root."""
        return self._places.recorded_names(workspace.layout.project, path)

    # --- errors ---

    def log_exception(self, kind: Any, error: Any, trace: Any) -> None:
        """Keep errors of ours, which the user is told, out of the server's log."""
        if not isinstance(error, errors.MlopsError):
            super().log_exception(kind, error, trace)

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        """Give an error the status that its class stands for."""
        error = (kwargs.get("exc_info") or (None, None))[1]
        if isinstance(error, errors.MlopsError):
            status_code = status_of(error)
        super().send_error(status_code, **kwargs)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Send an error as JSON with a sentence for the user."""
        error = (kwargs.get("exc_info") or (None, None))[1]
        if isinstance(error, HTTPError):
            sentence = _SENTENCES.get(status_code) or error.log_message or "Refused."
            told = {"message": sentence, "error": "HTTPError", "details": {}}
        else:
            told = error_json(error or RuntimeError())
        self.finish(json_bytes(told))


def json_bytes(value: Any) -> bytes:
    """Write JSON; runs may come by the hundred."""
    import orjson

    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
