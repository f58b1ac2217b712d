"""One version: what is known of it, and what people do to it at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.server import wire
from jupyter_mlops.server.routes.bodies import flag_of, text_of
from jupyter_mlops.server.routes.handler import Handler
from jupyter_mlops.server.routes.trials import trials_of
from jupyter_mlops.server.users import identity_of

if TYPE_CHECKING:
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.workspace import Workspace


class VersionHandler(Handler):
    """``models/<name>/<version>``: everything of one version."""

    @authenticated
    @authorized
    async def get(self, name: str, version: str) -> None:
        """Read it."""
        running = trials_of(self).running(self.word("workspace"), name, int(version))

        def question(workspace: Workspace) -> dict[str, Any]:
            from jupyter_mlops.workspace.exports import targets_of

            found = workspace.registry.version(name, int(version))
            approvals = workspace.registry.standing.approvals(name, found.version)
            return wire.version_details(
                workspace.cards.facts(found),
                signature=workspace.cards.signature(found),
                approvals=approvals,
                files=workspace.store.blobs.files(found.files),
                trials=running,
                exports=targets_of(found.flavor),
            )

        await self.answer(question)


class CardHandler(Handler):
    """``models/<name>/<version>/card``: what it is, for people."""

    @authenticated
    @authorized
    async def get(self, name: str, version: str) -> None:
        """Write it, as Markdown."""
        await self.answer(lambda workspace: _card(workspace, name, int(version)))

    @authenticated
    @authorized
    async def post(self, name: str, version: str) -> None:
        """Fill in ``fields``: an empty text empties one; what is not said stays."""
        fields = self.body().get("fields")
        if not isinstance(fields, dict) or not all(
            isinstance(text, str) for text in fields.values()
        ):
            raise InvalidInputError("'fields' must be texts by the field's name.")

        def question(workspace: Workspace) -> dict[str, Any]:
            found = workspace.registry.version(name, int(version))
            uri = f"models:/{found.model}/{found.version}"
            workspace.cards.fill(uri, fields, by=identity_of(self))
            return _card(workspace, name, int(version))

        await self.answer(question)


class LineageHandler(Handler):
    """``models/<name>/<version>/lineage``: from data through runs to the version."""

    @authenticated
    @authorized
    async def get(self, name: str, version: str) -> None:
        """Draw it, as nodes and edges."""

        def question(workspace: Workspace) -> dict[str, Any]:
            workspace.store.index.catch_up()
            found = workspace.registry.version(name, int(version))
            return wire.lineage(workspace.cards.lineage(workspace.cards.facts(found)))

        await self.answer(question)


class ApprovalHandler(Handler):
    """``models/<name>/<version>/approval``: somebody's word for it."""

    @authenticated
    @authorized
    async def post(self, name: str, version: str) -> None:
        """Approve of it in the asker's own name, or take that back: ``withdraw``."""
        body = self.body()
        does = partial(
            _approve,
            name=name,
            version=int(version),
            alias=text_of(body, "alias"),
            reason=text_of(body, "reason"),
            withdraw=flag_of(body, "withdraw"),
        )
        await self.answer(
            lambda workspace: wire.version(does(workspace, by=identity_of(self)))
        )


class ArchiveHandler(Handler):
    """``models/<name>/<version>/archive``: laid aside."""

    @authenticated
    @authorized
    async def post(self, name: str, version: str) -> None:
        """Lay it aside, or bring it back: ``undo``."""
        body = self.body()
        reason, undo = text_of(body, "reason"), flag_of(body, "undo")
        await self.answer(
            lambda workspace: wire.version(
                workspace.registry.standing.archive(
                    name, int(version), reason=reason, undo=undo, by=identity_of(self)
                )
            )
        )


class AliasRemovalHandler(Handler):
    """``models/<name>/aliases/<alias>/removal``: an alias taken away."""

    @authenticated
    @authorized
    async def post(self, name: str, alias: str) -> None:
        """Take it away; the version that it pointed to stays."""
        self.body()

        def question(workspace: Workspace) -> dict[str, Any]:
            found = workspace.registry.by_alias(name, alias)
            workspace.registry.remove_alias(name, alias, by=identity_of(self))
            return wire.version(workspace.registry.version(name, found.version))

        await self.answer(question)


def _card(workspace: Workspace, name: str, version: int) -> dict[str, Any]:
    from jupyter_mlops.registry.cards import FIELDS, write_text

    facts = workspace.cards.facts(workspace.registry.version(name, version))
    return wire.card(write_text(facts), facts.fields, facts.carried, FIELDS)


def _approve(
    workspace: Workspace, name: str, version: int, **options: Any
) -> VersionRecord:
    return workspace.registry.standing.approve(name, version, **options)
