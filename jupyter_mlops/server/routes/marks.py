"""Marks: what stands in the margin of a notebook's cells."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_mlops.server import wire
from jupyter_mlops.server.routes.handler import Handler

if TYPE_CHECKING:
    from jupyter_mlops.workspace import Workspace


class MarksHandler(Handler):
    """``marks``: the last run of each cell of the notebook at ``notebook``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Read them."""
        notebook = self.word("notebook")

        def question(workspace: Workspace) -> dict[str, Any]:
            index = workspace.store.index
            index.catch_up()
            names = self.recorded_names(workspace, notebook)
            cells = index.marks(names)
            now = datetime.now(UTC)
            experiments = {cell.run.experiment for cell in cells}
            extremes = {name: index.best(name, now) for name in experiments}
            return wire.marks(cells, extremes, workspace.settings.lower_is_better)

        await self.answer(question)
