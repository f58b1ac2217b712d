"""A workspace's gates: ``gates.yaml`` read, and asked about versions of models."""

from __future__ import annotations

import hashlib
import os
from functools import partial
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.workspace.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jupyter_mlops.pipeline.execution import Progress
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.registry import GateResult, Identity, LoadWord
    from jupyter_mlops.registry.gates.spec import GateBook, GateSpec
    from jupyter_mlops.registry.gates.trial import GateTrial
    from jupyter_mlops.workspace.workspace import Workspace

MODEL_PARAMETER = "model"
"""The parameter of a gate's notebook that gets the version's URI."""


class Gates:
    """What a workspace does with gates: see `Models.promote`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @property
    def file(self) -> Path:
        """Where the project's gates are, or would be."""
        from jupyter_mlops.registry.gates.spec import FILE_NAME

        return self._workspace.layout.project / FILE_NAME

    def book(self) -> GateBook:
        """Read the project's gates.

        Raises
        ------
        GatesFileError
            With `line` and `column`, when they make no sense.
        """
        from jupyter_mlops.registry.gates.reader import read_gates

        return read_gates(self.file)

    def add(self, model: str, alias: str, text: str) -> None:
        """Add an expression to the gates of an alias; the file is made if need be.

        Raises
        ------
        GatesFileError, InvalidInputError
            When it makes no sense, or cannot be put into the file.
        """
        from jupyter_mlops.registry.gates.editing import with_gate
        from jupyter_mlops.registry.uris import checked_alias
        from jupyter_mlops.store.layout import checked_file_name

        if model != "*":
            checked_file_name(model, "model")
        if alias != "*":
            checked_alias(alias)
        file = self.file
        before = file.read_text(encoding="utf-8") if file.is_file() else ""
        after = with_gate(before, file, model, alias, text)
        beside = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            beside.write_text(after, encoding="utf-8")
            beside.replace(file)
        except PermissionError as error:
            raise errors.WorkspaceReadOnlyError(
                f"{file} cannot be written: {error.strerror}.", folder=file.parent
            ) from error
        finally:
            beside.unlink(missing_ok=True)

    def trials(
        self,
        version: VersionRecord,
        specs: Sequence[GateSpec],
        *,
        alias: str | None,
        word: LoadWord,
        progress: Progress | None = None,
    ) -> list[GateTrial]:
        """Return gates, ready to be asked about a version."""
        from jupyter_mlops.registry.gates.trial import GateTrial, Means, Trial

        workspace = self._workspace
        means = Means(
            load=lambda one: workspace.registry.load(one, word),
            reproduce=partial(_reproduce, workspace, word, progress),
            dataset=self._dataset,
            run_notebook=partial(self._run_notebook, progress),
            folder=self.file.parent,
        )
        trial = Trial(
            version,
            registry=workspace.registry,
            blobs=workspace.store.blobs,
            means=means,
            alias=alias,
        )
        return [GateTrial(trial, spec) for spec in specs]

    def run(
        self,
        name: str,
        version: int,
        *,
        alias: str | None = None,
        word: LoadWord | None = None,
        progress: Progress | None = None,
        by: Identity | str | None = None,
    ) -> list[GateResult]:
        """Ask the gates about a version, and keep their answers in the history.

        Parameters
        ----------
        alias : str, optional
            Only the gates of this alias.
        """
        from jupyter_mlops.registry.gates import run_gates

        registry = self._workspace.registry
        found = registry.version(name, version)
        specs = self.book().gates(name, alias)
        word = word or self._workspace.models.word()
        trials = self.trials(found, specs, alias=alias, word=word, progress=progress)
        answers = run_gates(found, trials)
        if answers:
            registry.standing.keep_gates(name, version, answers, alias=alias, by=by)
        return answers

    def approved(self, name: str, version: int, alias: str) -> GateResult | None:
        """Say whether enough people have approved; None when nobody need."""
        demand = self.book().demand(name, alias)
        if demand is None:
            return None
        standing = self._workspace.registry.standing
        return standing.judge(name, version, alias, demand)

    def _dataset(self, name: str, version: VersionRecord) -> Any:
        """Return the frame that a gate's ``dataset`` names."""
        found = self._kept(name, version)
        if not hasattr(found, "columns"):
            raise errors.InvalidInputError(
                f"The dataset '{name}' is a {type(found).__name__}, not a table.",
                dataset=name,
            )
        return found

    def _kept(self, name: str, version: VersionRecord) -> Any:
        workspace = self._workspace
        if name.startswith("runs:/"):
            run, _, artifact = name.removeprefix("runs:/").partition("/")
            return workspace.get_run(run).artifact(artifact)
        file = self.file.parent / name
        if file.is_file():
            return read_table(file)
        if version.run_id is not None:
            run_of_it = workspace.get_run(version.run_id)
            if name in run_of_it.artifacts:
                return run_of_it.artifact(name)
            hint = errors.nearest(name, run_of_it.artifacts)
        else:
            hint = ""
        raise errors.InvalidInputError(
            f"There is no dataset '{name}': no such file in {file.parent}, and nothing "
            f"of this name that the version's run keeps.{hint}",
            dataset=name,
        )

    def _run_notebook(
        self, progress: Progress | None, spec: GateSpec, version: VersionRecord
    ) -> GateResult:
        from jupyter_mlops.registry import GateResult

        assert spec.notebook is not None, "asked only for notebooks"
        path = self.file.parent / spec.notebook
        key = _notebook_key(path, spec, version)
        registry = self._workspace.registry
        if known := registry.passed_before(version.model, key):
            return GateResult(
                gate=spec.name,
                passed=True,
                detail="passed before with the same model and notebook",
                key=key,
                run_id=known.get("run"),
                is_cached=True,
            )
        uri = f"models:/{version.model}/{version.version}"
        try:
            run_id = self._workspace.notebooks.run(
                path,
                {MODEL_PARAMETER: uri, **spec.parameters},
                name=f"gate {spec.name}",
                timeout=spec.timeout,
                progress=progress,
            )
        except errors.NotebookFailedError as error:
            return GateResult(
                gate=spec.name,
                passed=False,
                detail=str(error),
                run_id=getattr(error, "run_id", None),
            )
        return GateResult(
            gate=spec.name, passed=True, detail="it ended", key=key, run_id=run_id
        )


def _reproduce(
    workspace: Workspace,
    word: LoadWord,
    progress: Progress | None,
    version: VersionRecord,
) -> tuple[str, str]:
    from jupyter_mlops.workspace.reproduction import make_again

    found = make_again(workspace, version, word, progress=progress)
    return str(found.verdict), found.summary


def _notebook_key(path: Path, spec: GateSpec, version: VersionRecord) -> str:
    """Digest what a gate's notebook hangs on: the model, its code and its params."""
    from jupyter_mlops.pipeline.versions.notebook import NotebookText
    from jupyter_mlops.registry.chain import canonical

    codes = NotebookText.read(path, path.name).codes
    told = {
        "code": [code.digest for code in codes],
        "model": version.digest,
        "parameters": spec.parameters,
    }
    return hashlib.sha256(canonical(told)).hexdigest()
