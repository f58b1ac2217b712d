"""Notebooks while they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_mlops.kinds import Kind
from jupyter_mlops.pipeline.sweeps.results import POINT_TAG
from jupyter_mlops.server import wire
from jupyter_mlops.server.routes.batch import job_of
from jupyter_mlops.server.routes.handler import Handler

if TYPE_CHECKING:
    from jupyter_mlops.workspace import Workspace

_MOST = 1 << 40


class LiveHandler(Handler):
    """``runs/<run>/live``: how it stands, and the cells that changed."""

    @authenticated
    @authorized
    async def get(self, run: str) -> None:
        """Look; ``book`` and ``seen`` are those of the answer before."""
        from jupyter_mlops.workspace.pipelineresuming import file_of
        from jupyter_mlops.workspace.resuming import is_held

        seen = self.number("seen", 0, most=_MOST)
        known = self.word("book")

        def question(workspace: Workspace) -> dict[str, Any]:
            found = workspace.get_run(run)
            record = found.record
            book = workspace.livebooks.book(record.run_id)
            page = book.look(seen if known == book.id else 0)
            return wire.live(
                page,
                job_of(workspace, record),
                book.id,
                is_held=page.run.status == "failed" and is_held(record.run_id),
                pipeline=(
                    file_of(workspace, found) if record.kind is Kind.STEP else None
                ),
                sweep=record.parent_id if POINT_TAG in found.tags else None,
                locate=self.locate_in(workspace),
            )

        await self.answer(question)
