"""Which workspaces there are, and a new one."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.web import HTTPError, authenticated

from jupyter_mlops import __version__, errors
from jupyter_mlops.server import wire
from jupyter_mlops.server.routes.handler import Handler, json_bytes


class StatusHandler(Handler):
    """``status``: that we are here, and in which version."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Say the version."""
        self.finish(json_bytes(wire.status(__version__)))


class NowhereHandler(Handler):
    """Any other address under ours."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Say that it is none."""
        raise HTTPError(404)


class WorkspacesHandler(Handler):
    """``workspaces``: those in the server's root."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """List them, and say which one holds the notebook or folder ``path``."""
        path = self.word("path")
        # A look through the folders is only for who opens the switch.
        lists_all = self.word("all", "1") != "0"

        def work() -> dict[str, Any]:
            current = self._places.holding(path)
            known = self._places.known() if lists_all else []
            proposed = None if current else self._places.proposed(path)
            return wire.workspaces(known, current, proposed)

        self.finish(json_bytes(await self.in_thread(work)))

    @authenticated
    @authorized
    async def post(self) -> None:
        """Make one in the folder ``path``."""
        path = self.body().get("path")
        if not isinstance(path, str):
            raise errors.InvalidInputError("Say in which 'path' to make a workspace.")

        def work() -> dict[str, Any]:
            made = self._places.make(path)
            return wire.place(self._places.place(made.layout.project))

        self.set_status(201)
        self.finish(json_bytes(await self.in_thread(work)))
