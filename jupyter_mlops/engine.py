"""The papermill engine ``mlops``: ``papermill in.ipynb out.ipynb --engine mlops``.

papermill loads every registered engine when it is imported. So nothing is imported
here: neither would each user of papermill want to wait for it, nor could a room that
imports papermill itself be imported in the middle of that.
"""

from __future__ import annotations

from typing import Any

UNNAMED = "notebook"


class MlopsEngine:
    """Records what papermill runs, in the workspace that holds here.

    It has the methods that papermill asks an engine for; they are those of
    `pipeline.engine.NotebookEngine`.
    """

    @classmethod
    def execute_notebook(
        cls,
        nb: Any,
        kernel_name: str,
        *,
        input_path: Any = None,
        **options: Any,
    ) -> Any:
        """Run a notebook as a run; papermill calls this with its own arguments.

        A failing cell ends the run as failed and is then papermill's to raise.
        """
        from pathlib import Path

        from jupyter_mlops.pipeline.engine import NotebookEngine
        from jupyter_mlops.pipeline.recording import NotebookRecording
        from jupyter_mlops.pipeline.runner import ended
        from jupyter_mlops.pipeline.source_notebook import (
            effective_parameters,
            secret_parameters,
        )
        from jupyter_mlops.workspace import Workspace

        source = Path(input_path).absolute() if isinstance(input_path, str) else None
        name = source.stem if source else UNNAMED
        workspace = Workspace.find()
        run = workspace.notebooks.begin(
            name=name,
            experiment=name,
            params=effective_parameters(nb, name),
            notebook=str(source) if source else None,
        )
        run.masker.know(secret_parameters(nb, name))
        recording = NotebookRecording(run, workspace.store.blobs, name)
        with ended(run, recording):
            options.setdefault("engine", workspace.settings.engine)
            return NotebookEngine.execute_notebook(
                nb, kernel_name, recording=recording, source=source, **options
            )

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """Return the kernel to use: the one asked for, the notebook's, or Python's."""
        from jupyter_mlops.pipeline.engine import NotebookEngine

        return NotebookEngine.nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """Return the notebook's language, Python when it says none."""
        from jupyter_mlops.pipeline.engine import NotebookEngine

        return NotebookEngine.nb_language(nb, language)
