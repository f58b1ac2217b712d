"""The wiring: the only place that builds stores, registries and runners."""

from __future__ import annotations

import os
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.capture.notebook import experiment_of, notebook_path
from jupyter_mlops.records import Kind
from jupyter_mlops.settings import WORKSPACE_VARIABLE, Settings, load_settings
from jupyter_mlops.store.layout import Layout, find_project, project_root
from jupyter_mlops.store.store import Store
from jupyter_mlops.tracking import current
from jupyter_mlops.tracking.objects import ObjectFormats
from jupyter_mlops.tracking.run import Run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.execution import Progress
    from jupyter_mlops.pipeline.verdict import Verification
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.registry import Registry
    from jupyter_mlops.registry.candidate import Candidate
    from jupyter_mlops.store.index import RunQuery, RunTable
    from jupyter_mlops.tracking.recorded import RecordedRun

_LAUNCHERS = ("__main__", "ipykernel_launcher")


class Workspace:
    """One workspace folder and everything that works on it.

    Parameters
    ----------
    project : path
        The folder that holds ``.mlops/``. It is made if need be.
    settings : Settings, optional
        In place of the environment's and the folder's own.

    Raises
    ------
    WorkspaceLayoutError
        When a newer version laid it out; nothing is touched then.
    """

    def __init__(
        self, project: str | os.PathLike[str], *, settings: Settings | None = None
    ) -> None:
        layout = Layout(Path(project))
        layout.create()
        self.layout = layout
        self.settings = settings or load_settings(layout.settings_file)
        self.store = Store(layout, self.settings)

    def __repr__(self) -> str:
        return f"<Workspace {self.layout.project}>"

    @classmethod
    def find(cls, start: str | os.PathLike[str] | None = None) -> Workspace:
        """Open the workspace that holds here, or make one in the project's root.

        ``JUPYTER_MLOPS_WORKSPACE`` names it; else it is looked for from `start` (the
        working directory) upwards, as git does.
        """
        return cls(locate(start))

    def close(self) -> None:
        """Let go of the index; runs that are open stay so."""
        self.store.close()

    @cached_property
    def formats(self) -> ObjectFormats:
        """The formats in which objects are kept, models among them."""
        from jupyter_mlops.registry.flavors import ModelFormat

        return ObjectFormats(further=(ModelFormat(),))

    @cached_property
    def registry(self) -> Registry:
        """The model registry."""
        from jupyter_mlops.registry import Registry

        return Registry(
            self.layout,
            self.store.blobs,
            trusted_loaders=self.settings.trusted_loaders,
        )

    # --- recording ---------------------------------------------------------------

    def start_run(
        self,
        name: str | None = None,
        *,
        experiment: str | None = None,
        kind: Kind = Kind.SCRIPT,
        params: Mapping[str, Any] | None = None,
        tags: Mapping[str, Any] | None = None,
        notebook: str | None = None,
        cell_id: str | None = None,
    ) -> Run:
        """Begin a run and make it current; within another run it is its child."""
        experiment = experiment or default_experiment()
        outer = self.current_run()
        run = Run.begin(
            self.store,
            self.formats,
            name=name or experiment,
            experiment=experiment,
            kind=kind,
            parent=outer.id if outer else None,
            notebook=notebook,
            cell_id=cell_id,
            params=params,
            tags=tags,
        )
        run.outer = outer
        current.enter(run)
        return run

    def current_run(self) -> Run | None:
        """Return the run that log calls go to, be it one of the parent process."""
        run = current.current_run()
        if run is None and (inherited := current.inherited_run()) is not None:
            run_id, project = inherited
            if project == self.layout.project:
                run = Run.join(self.store, self.formats, run_id)
                current.enter(run)
        return run

    # --- notebooks in batch ------------------------------------------------------

    def run_notebook(
        self,
        path: str | os.PathLike[str],
        parameters: Mapping[str, Any] | None = None,
        *,
        output: str | os.PathLike[str] | None = None,
        name: str | None = None,
        experiment: str | None = None,
        kernel: str | None = None,
        timeout: int | None = None,
        progress: Progress | None = None,
    ) -> RunId:
        """Run a notebook as a run, each of its cells recorded; see `pipeline.runner`.

        Raises
        ------
        NotebookNotFoundError, UnknownParameterError, InvalidParameterError
            Before anything is begun or written.
        NotebookFailedError
            When a cell failed; its run is recorded.
        """
        from jupyter_mlops.pipeline.runner import run_notebook

        return run_notebook(
            path,
            parameters,
            begin_run=self.begin_notebook,
            blobs=self.store.blobs,
            output=output,
            name=name,
            experiment=experiment,
            kernel=kernel,
            timeout=timeout,
            progress=progress,
        )

    def verify(self, run: str, **options: Any) -> Verification:
        """Run a tracked cell's recipe again, compare, and keep the verdict with it.

        `options` are those of `pipeline.verification.verify_recipe`: ``tolerance``,
        ``ignore``, ``kernel``, ``timeout``, ``progress``.
        """
        import tempfile

        from jupyter_mlops.pipeline.verdict import keep_verdict
        from jupyter_mlops.pipeline.verification import verify_recipe
        from jupyter_mlops.tracking.comparison import RunSide

        recorded = self.get_run(run)
        with tempfile.TemporaryDirectory(
            prefix="mlops-verify-", ignore_cleanup_errors=True
        ) as place:
            # With settings of its own: the user's may lead to a team's index.
            rerun = Workspace(place, settings=Settings())
            try:
                found = verify_recipe(
                    RunSide(recorded, self.store.blobs),
                    folder=self._folder_of(recorded),
                    scratch=rerun.layout.project,
                    begin_run=rerun._begin_apart,
                    blobs=rerun.store.blobs,
                    read_run=rerun.get_run,
                    **options,
                )
            finally:
                rerun.close()
        joined = Run.join(self.store, self.formats, recorded.id)
        keep_verdict(found, joined, self.store.blobs)
        return found

    def _begin_apart(self, **fields: Any) -> Run:
        """Begin a notebook's run that log calls of this process do not go to."""
        return Run.begin(self.store, self.formats, kind=Kind.NOTEBOOK, **fields)

    def _folder_of(self, run: RecordedRun) -> Path:
        """Say where a run's notebook worked, or would have."""
        folder = self.layout.project
        if run.record.notebook:
            folder = (folder / run.record.notebook).parent
        return folder if folder.is_dir() else self.layout.project

    def begin_notebook(
        self,
        *,
        name: str,
        experiment: str,
        params: dict[str, Any],
        notebook: str | None,
    ) -> Run:
        """Begin the run of a notebook that is about to run in batch."""
        return self.start_run(
            name,
            experiment=experiment,
            kind=Kind.NOTEBOOK,
            params=params,
            notebook=notebook,
        )

    # --- reading back ------------------------------------------------------------

    def runs(
        self,
        filter: str = "",  # noqa: A002 - the field's word for it
        *,
        order_by: str | Sequence[str] | None = None,
        experiment: str | None = None,
        limit: int | None = None,
    ) -> pd.DataFrame:
        """Return recorded runs as a table: see `jupyter_mlops.runs`."""
        from jupyter_mlops.store.index import RunQuery
        from jupyter_mlops.tracking.tables import frame_of

        return frame_of(
            self.run_table(
                RunQuery(
                    filter=filter,
                    order_by=order_by or (),
                    experiment=experiment,
                    limit=limit,
                )
            )
        )

    def run_table(self, query: RunQuery) -> RunTable:
        """Return recorded runs by column.

        Raises
        ------
        FilterSyntaxError
            When the filter cannot be read.
        ExperimentNotFoundError
            When the query names an experiment that is not there.
        """
        index = self.store.index
        index.catch_up()
        table = index.table(query)
        if not len(table) and query.experiment is not None:
            known = [item.name for item in index.experiments()]
            if query.experiment not in known:
                raise errors.ExperimentNotFoundError(
                    f"There is no experiment '{query.experiment}'."
                    f"{errors.nearest(query.experiment, known)}",
                    experiment=query.experiment,
                )
        return table

    def get_run(self, text: str) -> RecordedRun:
        """Return a recorded run by its id, a unique prefix of it, or ``last``.

        Raises
        ------
        RunNotFoundError, AmbiguousRunError
            When none or several fit.
        """
        from jupyter_mlops.tracking.recorded import RecordedRun

        index = self.store.index
        index.catch_up()
        record = index.run(index.resolve(text))
        return RecordedRun(self.store, self.formats, record)

    # --- models ------------------------------------------------------------------

    def push(
        self,
        source: str,
        name: str,
        *,
        artifact: str | None = None,
        note: str | None = None,
        loader: str | None = None,
    ) -> VersionRecord:
        """Make a run's model the next version of a registered one.

        Parameters
        ----------
        source : str
            ``runs:/<run id>/<artifact>``, or a run as `get_run` takes it.
        name : str
            The model's name in the registry.
        artifact : str, optional
            Which artifact of the run; without it the only model that it keeps.
        loader : str, optional
            ``package.module:function`` that loads an artifact that is a plain file.
        """
        # Refused before a byte is stored.
        self.layout.model_chain(name)
        candidate = self._candidate(source, artifact)
        binding = candidate.binding(self.store.blobs, loader=loader)
        return self.registry.register(name, binding, note=note)

    def load_model(
        self, uri: str, *, loader: str | None = None, allow_types: Sequence[str] = ()
    ) -> Any:
        """Load a registered model or a run's: see `jupyter_mlops.load_model`."""
        from jupyter_mlops.registry import LoadWord, RunUri, parse_uri

        word = LoadWord(
            loader=loader,
            allow_types=tuple(allow_types),
            trusted_loaders=self.settings.trusted_loaders,
        )
        if isinstance(parse_uri(uri), RunUri):
            return self._candidate(uri, None).load(self.store.blobs, word)
        return self.registry.load(uri, word)

    def models(self) -> pd.DataFrame:
        """Return the registered models as a table, one row a model."""
        import pandas as pd

        columns = ("name", "versions", "aliases", "registered", "by", "run_id")
        rows = [
            (
                model.name,
                model.versions,
                model.aliases,
                model.latest.registered if model.latest else None,
                model.latest.by if model.latest else None,
                model.latest.run_id if model.latest else None,
            )
            for model in self.registry.models()
        ]
        return pd.DataFrame(rows, columns=list(columns))

    def _candidate(self, source: str, artifact: str | None) -> Candidate:
        from jupyter_mlops.registry import RunUri, parse_uri
        from jupyter_mlops.registry.candidate import Candidate

        run = source
        if ":/" in source:
            uri = parse_uri(source)
            if not isinstance(uri, RunUri):
                raise errors.InvalidUriError(
                    f"{source} is registered already. To push, name a run's model, as "
                    f"in runs:/<run id>/<artifact>.",
                    uri=source,
                )
            run, artifact = uri.run, artifact or uri.artifact
        return Candidate.of(self.get_run(run), artifact)


def locate(start: str | os.PathLike[str] | None = None) -> Path:
    """Say which folder holds the workspace here, or would hold a new one.

    Raises
    ------
    WorkspaceError
        When ``JUPYTER_MLOPS_WORKSPACE`` names no folder.
    """
    named = os.environ.get(WORKSPACE_VARIABLE)
    if named and start is None:
        folder = Path(named).expanduser()
        if not folder.is_dir():
            raise errors.WorkspaceError(
                f"{WORKSPACE_VARIABLE} names {folder}, which is no folder. Make it, or "
                f"unset the variable to use the project's own workspace.",
                folder=folder,
            )
        return folder
    begin = Path.cwd() if start is None else Path(start)
    return find_project(begin) or project_root(begin)


def default_experiment() -> str:
    """Name the experiment of a notebook or a script: its file's name."""
    named = experiment_of(notebook_path({}))
    if named:
        return named
    script = Path(sys.argv[0]) if sys.argv and sys.argv[0] else None
    if script is None or script.suffix != ".py" or script.stem in _LAUNCHERS:
        return "default"
    return script.stem
