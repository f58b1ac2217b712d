"""Registered models."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_mlops.server import wire
from jupyter_mlops.server.routes.handler import Handler


class ModelsHandler(Handler):
    """``models``: all of them."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """List models with their latest version."""
        await self.answer(lambda workspace: wire.models(workspace.registry.models()))


class ModelHandler(Handler):
    """``models/<name>``: one model's versions."""

    @authenticated
    @authorized
    async def get(self, name: str) -> None:
        """List its versions."""
        await self.answer(
            lambda workspace: wire.versions(workspace.registry.versions(name))
        )
