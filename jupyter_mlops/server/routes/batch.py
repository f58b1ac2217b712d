"""Batch work: what there is, starting and cancelling it, attaching to what failed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_mlops import errors
from jupyter_mlops.records import Kind, Status
from jupyter_mlops.server import wire
from jupyter_mlops.server.routes.handler import Handler, json_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_mlops.pipeline.checkpoints.attach import AttachedKernel
    from jupyter_mlops.records import RunRecord
    from jupyter_mlops.workspace import Workspace
    from jupyter_mlops.workspace.jobs import Job

_JOBS = 20
_RUNS = 40
_HELD = 10
"""Failed runs that are asked for the states they left: the latest."""
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
        "on": str,
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
            runs = _recent(workspace)
            return wire.batch(found, jobs, runs, locate, held=held_runs(runs))

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
        from jupyter_mlops.workspace.pipelineresuming import file_of

        run = workspace.get_run(target)
        file = file_of(workspace, run) or run.record.notebook
        if file and self.locate_in(workspace)(file) is None:
            raise errors.RunNotFoundError(
                f"What run {run.id} ran, {file}, is outside the folder that this "
                f"server shows.",
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

        def attach() -> AttachedKernel:
            return self._places.open(path).notebooks.attach(run)

        found = await self.in_thread(attach)
        # Of the server's own, which are no matter for a thread.
        kernel_id = self._kernel_id(found.file)

        def told() -> bytes:
            workspace = self._places.open(path)
            book = None if kernel_id is None else self._book(workspace, found.run)
            return json_bytes(wire.attached(found, kernel_id=kernel_id, notebook=book))

        self.finish(await self.in_thread(told))

    def _book(self, workspace: Workspace, run: str) -> str | None:
        """Save the notebook as far as it ran, to go on in it; None: there is none."""
        from jupyter_mlops.workspace.notebookcopies import home_of, save_executed

        record, locate = workspace.get_run(run), self.locate_in(workspace)
        folder = home_of(workspace, record, lambda one: locate(str(one)) is not None)
        if folder is None:
            return None
        try:
            return locate(str(save_executed(workspace, record, folder)))
        except (errors.NotFoundError, errors.StoreError):
            # The state is worth having without it.
            return None

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


def held_runs(runs: Iterable[RunRecord]) -> list[str]:
    """Name those of which the state that they failed in can be attached to."""
    from jupyter_mlops.workspace.resuming import is_held

    failed = [
        run.run_id
        for run in runs
        if run.kind is Kind.NOTEBOOK and run.status is Status.FAILED
    ]
    return [run for run in failed[:_HELD] if is_held(run)]


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
