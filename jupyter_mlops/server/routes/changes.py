"""The websocket that says what changed in a workspace."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized, ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from jupyter_mlops.errors import MlopsError
from jupyter_mlops.server.routes.handler import RESOURCE, json_bytes

if TYPE_CHECKING:
    from jupyter_mlops.server.places import OpenWorkspaces
    from jupyter_mlops.server.watching import Watches


class ChangesSocket(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """``changes``: open while a panel is visible, and silent while nothing happens."""

    auth_resource = RESOURCE

    def initialize(self, places: OpenWorkspaces, watches: Watches) -> None:
        """Take what the routes share."""
        self._places = places
        self._watches = watches
        self._path = ""
        self._loop = asyncio.get_running_loop()

    @ws_authenticated
    @authorized
    async def get(self) -> None:
        """Open the socket, if there is such a workspace."""
        self._path = self.get_query_argument("workspace", "") or ""
        try:
            await asyncio.to_thread(self._places.open, self._path)
        except MlopsError as error:
            raise HTTPError(404, "%s", error) from error
        await super().get()

    def open(self) -> None:
        """Begin to listen."""
        super().open()
        self._watches.add(self._path, self)

    def on_message(self, message: str | bytes) -> None:
        """Pass over what the other side says: there is nothing to say here."""

    def on_close(self) -> None:
        """Listen no more."""
        self._watches.remove(self._path, self)
        super().on_close()

    def tell(self, message: dict[str, Any]) -> None:
        """Send a message, from a thread."""
        self._loop.call_soon_threadsafe(self._send, json_bytes(message).decode())

    def _send(self, text: str) -> None:
        try:
            self.write_message(text)
        except WebSocketClosedError:
            # It closes on its own; `on_close` takes it away.
            return
