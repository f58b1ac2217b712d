"""A workspace: its store, its runs, and what works on them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.capture.ownimports import OwnImports
from jupyter_mlops.kinds import Kind
from jupyter_mlops.settings import Settings, load_settings
from jupyter_mlops.store.layout import Layout
from jupyter_mlops.store.store import Store
from jupyter_mlops.tracking import current
from jupyter_mlops.tracking.objects import ObjectFormats
from jupyter_mlops.tracking.run import Run
from jupyter_mlops.workspace.place import default_experiment, locate

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from jupyter_mlops.registry import Registry
    from jupyter_mlops.registry.state import ModelState
    from jupyter_mlops.store.index import RunQuery, RunTable
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.background import Background
    from jupyter_mlops.workspace.cards import Cards
    from jupyter_mlops.workspace.exports import Exports
    from jupyter_mlops.workspace.following import Following
    from jupyter_mlops.workspace.gates import Gates
    from jupyter_mlops.workspace.livebooks import LiveBooks
    from jupyter_mlops.workspace.models import Models
    from jupyter_mlops.workspace.notebooks import Notebooks
    from jupyter_mlops.workspace.pipelines import Pipelines
    from jupyter_mlops.workspace.remotes import Remotes
    from jupyter_mlops.workspace.sweeps import Sweeps


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
        from jupyter_mlops.registry.flavors.format import ModelFormat

        return ObjectFormats(further=(ModelFormat(self.store.put_soon),))

    @cached_property
    def registry(self) -> Registry:
        """The model registry."""
        from jupyter_mlops.registry import Registry

        return Registry(
            self.layout,
            self.store.blobs,
            trusted_loaders=self.settings.trusted_loaders,
            on_link=self._mirror,
        )

    def _mirror(self, state: ModelState) -> None:
        from jupyter_mlops.workspace.mirrors import mirror_link

        mirror_link(self, state)

    @cached_property
    def gates(self) -> Gates:
        """Checks that a promotion must pass."""
        from jupyter_mlops.workspace.gates import Gates

        return Gates(self)

    @cached_property
    def notebooks(self) -> Notebooks:
        """Notebooks run in batch, and recipes run again."""
        from jupyter_mlops.workspace.notebooks import Notebooks

        return Notebooks(self)

    @cached_property
    def pipelines(self) -> Pipelines:
        """Notebooks as steps, run and looked at."""
        from jupyter_mlops.workspace.pipelines import Pipelines

        return Pipelines(self)

    @cached_property
    def sweeps(self) -> Sweeps:
        """Notebooks run over many values of their parameters."""
        from jupyter_mlops.workspace.sweeps import Sweeps

        return Sweeps(self)

    @cached_property
    def background(self) -> Background:
        """Notebooks and pipelines that run in the background."""
        from jupyter_mlops.workspace.background import Background

        return Background(self)

    @cached_property
    def following(self) -> Following:
        """Runs followed while they go on."""
        from jupyter_mlops.workspace.following import Following

        return Following(self.layout)

    @cached_property
    def livebooks(self) -> LiveBooks:
        """Runs that somebody looks at again and again."""
        from jupyter_mlops.workspace.livebooks import LiveBooks

        return LiveBooks(self)

    @cached_property
    def models(self) -> Models:
        """Models pushed, loaded and listed."""
        from jupyter_mlops.workspace.models import Models

        return Models(self)

    @cached_property
    def remotes(self) -> Remotes:
        """Models published, registered elsewhere, and pulled."""
        from jupyter_mlops.workspace.remotes import Remotes

        return Remotes(self)

    @cached_property
    def cards(self) -> Cards:
        """What is said of versions, for people."""
        from jupyter_mlops.workspace.cards import Cards

        return Cards(self)

    @cached_property
    def exports(self) -> Exports:
        """Versions in other systems' forms."""
        from jupyter_mlops.workspace.exports import Exports

        return Exports(self)

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
        if kind is Kind.SCRIPT and outer is None:
            from jupyter_mlops.tracking.scripts import keep_script

            keep_script(run, self.store)
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

    # --- reading back ------------------------------------------------------------

    def runs(
        self,
        filter: str = "",  # noqa: A002 - the field's word for it
        *,
        order_by: str | Sequence[str] | None = None,
        experiment: str | None = None,
        limit: int | None = None,
        archived: bool = False,
    ) -> pd.DataFrame:
        """Return recorded runs as a table: see `jupyter_mlops.runs`."""
        from jupyter_mlops.store.index import RunQuery
        from jupyter_mlops.tracking.badges import listed
        from jupyter_mlops.tracking.tables import frame_of

        return frame_of(
            self.run_table(
                RunQuery(
                    filter=filter,
                    order_by=order_by or (),
                    experiment=experiment,
                    tagged=listed(filter, with_archived=archived),
                    limit=limit,
                )
            )
        )

    @OwnImports()
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

    @OwnImports()
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
