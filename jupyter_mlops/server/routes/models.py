"""Registered models: all of them, one with its versions, one's history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_mlops.errors import GatesFileError
from jupyter_mlops.server import wire
from jupyter_mlops.server.routes.handler import Handler
from jupyter_mlops.server.users import identity_of

if TYPE_CHECKING:
    from jupyter_mlops.workspace import Workspace


class ModelsHandler(Handler):
    """``models``: all of them."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """List models with their latest version, and those that were tampered with."""
        await self.answer(lambda workspace: wire.models(*workspace.registry.survey()))


class ModelHandler(Handler):
    """``models/<name>``: one model's versions."""

    @authenticated
    @authorized
    async def get(self, name: str) -> None:
        """List its versions, and what its aliases ask for."""

        def question(workspace: Workspace) -> dict[str, Any]:
            found = workspace.registry.versions(name)
            problem, book = "", None
            try:
                book = workspace.gates.book()
            except GatesFileError as error:
                problem = str(error)
            # git may be asked who is at work: beside the event loop.
            who = identity_of(self)
            return wire.versions(name, found, who=who, book=book, problem=problem)

        await self.answer(question)


class HistoryHandler(Handler):
    """``models/<name>/history``: everything that happened to a model."""

    @authenticated
    @authorized
    async def get(self, name: str) -> None:
        """List its events, each a link of a verified chain."""
        await self.answer(
            lambda workspace: wire.history(workspace.registry.history(name))
        )
