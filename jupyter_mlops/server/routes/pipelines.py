"""Pipelines as graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_mlops.server import wire
from jupyter_mlops.server.routes.batch import job_of
from jupyter_mlops.server.routes.handler import Handler

if TYPE_CHECKING:
    from jupyter_mlops.workspace import Workspace
    from jupyter_mlops.workspace.jobs import Job


class PipelineHandler(Handler):
    """``pipeline``: the one at ``path``, its steps, how they stand, and why."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Look at it; ``reasons=0`` leaves out what would run, which takes longest."""
        path = self.word("path")
        foresees = self.word("reasons", "1") != "0"

        def question(workspace: Workspace) -> dict[str, Any]:
            from jupyter_mlops.workspace.pipelinestates import look_at

            locate = self.locate_in(workspace)
            found = look_at(workspace, self._places.folder(path), foresees=foresees)
            pages = {
                str(one.attempt.run_id): workspace.livebooks.book(
                    one.attempt.run_id
                ).look()
                for one in found.steps
                if one.attempt and str(one.attempt.status) == "running"
            }
            target = locate(str(found.pipeline.file)) or path
            job = _running(workspace, target, locate)
            if job is None and found.last is not None:
                job = job_of(workspace, found.last)
            return wire.pipeline(found, target, job, pages, locate)

        await self.answer(question)


def _running(workspace: Workspace, path: str, locate: Any) -> Job | None:
    jobs = workspace.background.jobs()
    return next(
        (
            one
            for one in jobs
            if one.kind == "pipeline" and one.is_alive and locate(one.target) == path
        ),
        None,
    )
