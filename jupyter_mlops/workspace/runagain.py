"""A run done again with other values, as a new run: its notebook, or its recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.parameters import DeclaredParameters, check_parameters
from jupyter_mlops.pipeline.recipevalues import recipe_parameters, with_values
from jupyter_mlops.pipeline.source_notebook import (
    SourceNotebook,
    declared_parameters,
    notebook_node,
)
from jupyter_mlops.pipeline.verification.plans import Means, Plan, plan_of
from jupyter_mlops.tracking.comparison import RunSide

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.pipeline.execution import Progress
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.workspace import Workspace


@dataclass(frozen=True)
class Again:
    """What a run can be done again with.

    Attributes
    ----------
    declared : DeclaredParameters
        What may be changed. Of a tracked cell: the names that cells of its recipe
        bind to literals.
    """

    workspace: Workspace
    run: RecordedRun
    plan: Plan
    declared: DeclaredParameters

    @classmethod
    def of(cls, workspace: Workspace, text: str) -> Again:
        """Find what is done again for a run: an id, a prefix of one, or ``last``.

        Raises
        ------
        RunNotFoundError, ArtifactNotFoundError, NotebookError
            When it goes on, or keeps nothing that it could be done again with.
        InvalidInputError
            When it is a script.
        """
        run = workspace.get_run(text)
        plan = plan_of(RunSide(run, workspace.store.blobs))
        if plan.means is Means.SCRIPT:
            raise errors.InvalidInputError(
                f"Run {run.id} ({run.name}) is a script: start it again by its name.",
                run_id=run.id,
            )
        shown = f"run {run.name}"
        if plan.means is Means.RECIPE:
            found = recipe_parameters(plan.document, run.params)
            by_name = {item.name: item for item in found}
            declared = DeclaredParameters(notebook=shown, by_name=by_name)
            return cls(workspace, run, plan, declared)
        node = notebook_node(plan.document)
        return cls(workspace, run, plan, declared_parameters(node, shown))

    def checked(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values of the declared kinds, those of the run where none is given.

        Raises
        ------
        UnknownParameterError, InvalidParameterError
            On the first that does not fit.
        """
        given = {**self.plan.params, **values}
        return check_parameters(self.declared, given)

    def start(
        self, values: Mapping[str, Any], *, progress: Progress | None = None
    ) -> RunId:
        """Do it again in batch; the notebook or recipe is the one that ran then.

        Raises
        ------
        NotebookFailedError
            When a cell failed; the new run is recorded.
        """
        from jupyter_mlops.pipeline.runner import run_notebook
        from jupyter_mlops.workspace.resuming import checkpointing

        given = self.checked(values)
        document = self.plan.document
        if self.plan.means is Means.RECIPE:
            document, given = with_values(document, given), {}
        workspace, record = self.workspace, self.run.record
        name = record.notebook or f"{record.name}.ipynb"
        source = SourceNotebook(
            path=workspace.layout.project / name,
            shown=self.declared.notebook,
            node=notebook_node(document),
        )
        return run_notebook(
            source.path,
            given,
            begin_run=workspace.notebooks.begin,
            blobs=workspace.store.blobs,
            name=record.name,
            experiment=record.experiment,
            progress=progress,
            engine=workspace.settings.engine,
            source=source,
            checkpoints=checkpointing(workspace),
        )
