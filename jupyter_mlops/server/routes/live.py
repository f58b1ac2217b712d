"""Notebooks while they run."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

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
        seen = self.number("seen", 0, most=_MOST)
        known = self.word("book")

        def question(workspace: Workspace) -> dict[str, Any]:
            record = workspace.get_run(run).record
            book = workspace.livebooks.book(record.run_id)
            page = book.look(seen if known == book.id else 0)
            return wire.live(
                page,
                job_of(workspace, record),
                book.id,
                is_held=page.run.status == "failed" and _is_held(record.run_id),
                locate=self.locate_in(workspace),
            )

        await self.answer(question)


def _is_held(run_id: str) -> bool:
    from jupyter_mlops.workspace.resuming import is_held

    with suppress(OSError):
        return is_held(run_id)
    return False
