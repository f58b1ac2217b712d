"""Sweeps, while they grow and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_mlops import errors
from jupyter_mlops.server import wire
from jupyter_mlops.server.routes.batch import job_of
from jupyter_mlops.server.routes.handler import Handler

if TYPE_CHECKING:
    from jupyter_mlops.workspace import Workspace


class SweepHandler(Handler):
    """``runs/<run>/sweep``: its points, the best first."""

    @authenticated
    @authorized
    async def get(self, run: str) -> None:
        """Read them."""
        from jupyter_mlops.workspace.sweepresuming import has_left_points

        def question(workspace: Workspace) -> dict[str, Any]:
            record = workspace.get_run(run)
            found = workspace.sweeps.read(record.id)
            if found is None:
                raise errors.RunNotFoundError(
                    f"Run {record.id} is no sweep.", run_id=record.id
                )
            told: Any = record.observations.get("sweep")
            planned = told.get("count") if isinstance(told, dict) else None
            job = job_of(workspace, record.record)
            locate = self.locate_in(workspace)
            return wire.sweep(
                found,
                record.record,
                planned,
                job,
                locate,
                is_resumable=has_left_points(record),
            )

        await self.answer(question)
