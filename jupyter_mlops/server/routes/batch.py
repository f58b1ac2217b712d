"""Batch work: what there is, starting and cancelling it, attaching to what failed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_mlops import errors
from jupyter_mlops.server import wire
from jupyter_mlops.server.routes.handler import Handler, json_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.records import RunRecord
    from jupyter_mlops.workspace import Workspace
    from jupyter_mlops.workspace.jobs import Job

_JOBS = 20
_RUNS = 40
_LOOKED_AT = 200
_TEXTS = {"grid": dict, "over": dict}
_COMMON = {"name": str, "experiment": str, "kernel": str, "timeout": int}
_OPTIONS: dict[str, dict[str, type]] = {
    "notebook": _COMMON,
    "pipeline": {
        "until": str,
        "only": str,
        "force": bool,
        "jobs": int,
        "keep_going": bool,
    },
    "resume": {"from_cell": str, "timeout": int},
    "sweep": {
        **_COMMON,
        **_TEXTS,
        "random": int,
        "search": int,
        "metric": str,
        "goal": str,
        "seed": int,
        "jobs": int,
        "missing": bool,
    },
}


class BatchHandler(Handler):
    """``batch``: pipelines, what was started here, and recent runs in batch."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """List them."""

        def question(workspace: Workspace) -> dict[str, Any]:
            from jupyter_mlops.workspace.pipelinestates import find_pipelines

            found = find_pipelines(workspace)
            jobs = workspace.background.jobs()[:_JOBS]
            locate = self.locate_in(workspace)
            return wire.batch(found, jobs, _recent(workspace), locate)

        await self.answer(question)


class JobsHandler(Handler):
    """``jobs``: work in the background."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Start some: ``kind``, ``path`` or ``run``, ``parameters``, ``options``."""
        body = self.body()
        kind = body.get("kind")
        if kind not in _OPTIONS:
            known = ", ".join(_OPTIONS)
            raise errors.InvalidInputError(f"'kind' must be one of {known}.")
        parameters = _mapping(body, "parameters")
        options = _checked(kind, _mapping(body, "options"))
        # Who comes by token alone has a number for a name, and another one to be shown.
        user = self.current_user
        by = str(getattr(user, "display_name", "") or getattr(user, "username", ""))
        target = body.get("run" if kind == "resume" else "path")
        if not isinstance(target, str) or not target:
            raise errors.InvalidInputError("Say what to run, by its 'path' or 'run'.")

        def question(workspace: Workspace) -> dict[str, Any]:
            start = _starter(workspace, kind)
            what = self._target(workspace, kind, target)
            job = start(what, parameters, by=by, **options)
            return wire.job(job, self.locate_in(workspace))

        self.set_status(201)
        await self.answer(question)

    def _target(self, workspace: Workspace, kind: str, target: str) -> str:
        """Return what to run; nothing outside the folder that the server shows."""
        if kind != "resume":
            return str(self._places.folder(target))
        run = workspace.get_run(target)
        notebook = run.record.notebook
        if notebook and self.locate_in(workspace)(notebook) is None:
            raise errors.RunNotFoundError(
                f"The notebook of run {run.id} is outside the folder that this server "
                f"shows.",
                run_id=run.id,
            )
        return str(run.id)


class JobHandler(Handler):
    """``jobs/<job>``: one of them."""

    @authenticated
    @authorized
    async def get(self, job: str) -> None:
        """Say how it stands."""

        def question(workspace: Workspace) -> dict[str, Any]:
            return wire.job(workspace.background.job(job), self.locate_in(workspace))

        await self.answer(question)


class CancelHandler(Handler):
    """``jobs/<job>/cancel``: end one."""

    @authenticated
    @authorized
    async def post(self, job: str) -> None:
        """Interrupt it: once to finish writing, twice for now."""

        def question(workspace: Workspace) -> dict[str, Any]:
            ended = workspace.background.cancel(job)
            return wire.job(ended, self.locate_in(workspace))

        await self.answer(question)


class ParametersHandler(Handler):
    """``parameters``: what the notebook at ``path`` takes."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Read its cell of parameters."""
        path = self.word("path")

        def work() -> bytes:
            from jupyter_mlops.pipeline.source_notebook import SourceNotebook

            source = SourceNotebook.read(self._places.folder(path))
            found = source.parameters.by_name.values()
            return json_bytes(wire.parameters(path, found))

        self.finish(await self.in_thread(work))


class AttachHandler(Handler):
    """``runs/<run>/attach``: the state that a notebook failed in, as a kernel."""

    @authenticated
    @authorized
    async def post(self, run: str) -> None:
        """Open it; where the server takes such kernels, say by which id."""
        path = self.word("workspace")

        def work() -> Any:
            return self._places.open(path).notebooks.attach(run)

        found = await self.in_thread(work)
        told = wire.attached(
            found.run,
            found.file,
            is_after=found.after,
            cells=found.cells,
            kernel_id=self._kernel_id(found.file),
        )
        self.finish(json_bytes(told))

    def _kernel_id(self, file: Path) -> str | None:
        """Give the kernel to the server's own, if whoever runs it lets others in."""
        kernels: Any = self.kernel_manager
        folder = getattr(kernels, "external_connection_dir", None)
        if not folder:
            return None
        place = Path(folder)
        with suppress(OSError):
            place.mkdir(mode=0o700, exist_ok=True, parents=True)
            if place.resolve() != file.parent.resolve():
                # It leads nowhere once the kernel has ended, and is then forgotten.
                link = place / file.name
                link.unlink(missing_ok=True)
                link.symlink_to(file)
        kernels.list_kernel_ids()
        by_file = kernels.kernel_id_to_connection_file.items()
        return next((key for key, one in by_file if one.name == file.name), None)


def job_of(workspace: Workspace, run: RunRecord) -> Job | None:
    """Return the job that a run, or the one it is within, is done by."""
    runs = {run.run_id, run.parent_id}
    return next((one for one in workspace.background.jobs() if one.run in runs), None)


def _recent(workspace: Workspace) -> list[RunRecord]:
    """Return the latest runs in batch that are within no other."""
    from jupyter_mlops.store.index import RunQuery

    index = workspace.store.index
    index.catch_up()
    query = RunQuery(kinds=("notebook", "parent"))
    page = index.page(query, 0, _LOOKED_AT)
    return [run for run in page.runs if run.parent_id is None][:_RUNS]


def _starter(workspace: Workspace, kind: str) -> Callable[..., Job]:
    found: Callable[..., Job] = getattr(workspace.background, f"start_{kind}")
    return found


def _mapping(body: dict[str, Any], name: str) -> dict[str, Any]:
    found = body.get(name) or {}
    if not isinstance(found, dict):
        raise errors.InvalidInputError(f"'{name}' must be an object.")
    return found


def _checked(kind: str, options: dict[str, Any]) -> dict[str, Any]:
    known = _OPTIONS[kind]
    for name, value in options.items():
        if name not in known:
            raise errors.InvalidInputError(
                f"'{name}' is no option of a {kind}.{errors.nearest(name, known)}"
            )
        if value is not None and type(value) is not known[name]:
            raise errors.InvalidInputError(
                f"'{name}' must be of the kind {known[name].__name__}."
            )
    for name in _TEXTS:
        values = (options.get(name) or {}).values()
        if not all(isinstance(value, str) for value in values):
            raise errors.InvalidInputError(f"The values of '{name}' must be texts.")
    return options
