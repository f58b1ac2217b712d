"""What is done with a run: its recipe saved, done again, verified, pushed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_mlops import errors
from jupyter_mlops.server import wire
from jupyter_mlops.server.routes.handler import Handler

if TYPE_CHECKING:
    from jupyter_mlops.workspace import Workspace

_NAMES = 1000


class RecipeHandler(Handler):
    """``runs/<run>/recipe``: the cells that made it, as a notebook to work with."""

    @authenticated
    @authorized
    async def post(self, run: str) -> None:
        """Save it beside the run's notebook, under a name that is free."""

        def work(workspace: Workspace) -> dict[str, Any]:
            from jupyter_mlops.workspace.notebookcopies import home_of, save_recipe

            found = workspace.get_run(run)
            locate = self.locate_in(workspace)
            folder = home_of(workspace, found, lambda one: locate(str(one)) is not None)
            if folder is None:
                raise errors.InvalidInputError(
                    "The run's folder is outside the one that this server shows. "
                    f"Save the recipe with 'jupyter mlops recipe {found.id} -o PATH'."
                )
            path = save_recipe(workspace, found, folder)
            return wire.saved_notebook(str(locate(str(path))))

        self.set_status(201)
        await self.answer(work)


class AgainHandler(Handler):
    """``runs/<run>/again``: the run with other values, as a new run."""

    @authenticated
    @authorized
    async def get(self, run: str) -> None:
        """Say what may be changed."""

        def question(workspace: Workspace) -> dict[str, Any]:
            from jupyter_mlops.workspace.runagain import Again

            again = Again.of(workspace, run)
            path = self.locate_in(workspace)(again.run.record.notebook or "") or ""
            return wire.parameters(path, again.declared.by_name.values())

        await self.answer(question)

    @authenticated
    @authorized
    async def post(self, run: str) -> None:
        """Start it in the background, with ``parameters``."""
        parameters = self.body().get("parameters") or {}
        if not isinstance(parameters, dict):
            raise errors.InvalidInputError("'parameters' must be an object.")
        by = _asker(self)

        def work(workspace: Workspace) -> dict[str, Any]:
            job = workspace.background.start_again(run, parameters, by=by)
            return wire.job(job, self.locate_in(workspace))

        self.set_status(201)
        await self.answer(work)


class RunVerificationHandler(Handler):
    """``runs/<run>/verification``: the run done again, and compared."""

    @authenticated
    @authorized
    async def get(self, run: str) -> None:
        """Say how the last job of the kind stands."""

        def question(workspace: Workspace) -> dict[str, Any]:
            found = workspace.get_run(run).id
            jobs = workspace.background.jobs()
            last = next(
                (one for one in jobs if (one.kind, one.target) == ("verify", found)),
                None,
            )
            return wire.verification_job(last, self.locate_in(workspace))

        await self.answer(question)

    @authenticated
    @authorized
    async def post(self, run: str) -> None:
        """Start one in the background."""
        by = _asker(self)

        def work(workspace: Workspace) -> dict[str, Any]:
            job = workspace.background.start_verification(run, by=by)
            return wire.job(job, self.locate_in(workspace))

        self.set_status(201)
        await self.answer(work)


class PushHandler(Handler):
    """``runs/<run>/push``: a model of the run becomes a version."""

    @authenticated
    @authorized
    async def post(self, run: str) -> None:
        """Register it under ``name``: the only model, or ``artifact``."""
        body = self.body()
        name = body.get("name")
        artifact, note = body.get("artifact") or None, body.get("note") or None
        if not isinstance(name, str) or not name.strip() or len(name) > _NAMES:
            raise errors.InvalidInputError("Say under which 'name' to register it.")
        if not (isinstance(artifact, str | None) and isinstance(note, str | None)):
            raise errors.InvalidInputError("'artifact' and 'note' must be texts.")

        def work(workspace: Workspace) -> dict[str, Any]:
            found = workspace.get_run(run)
            made = workspace.models.push(
                str(found.id), name.strip(), artifact=artifact, note=note
            )
            return wire.pushed(made)

        self.set_status(201)
        await self.answer(work)


class RunCancelHandler(Handler):
    """``runs/<run>/cancel``: what does the run, interrupted, whoever started it."""

    @authenticated
    @authorized
    async def post(self, run: str) -> None:
        """Interrupt it: once to finish writing, twice for now."""

        def work(workspace: Workspace) -> dict[str, Any]:
            from jupyter_mlops.workspace.cancelling import cancel_run

            return wire.cancelled(cancel_run(workspace, run), self.locate_in(workspace))

        await self.answer(work)


def _asker(handler: Handler) -> str:
    return str(getattr(handler.current_user, "username", "") or "")
