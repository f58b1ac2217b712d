"""A workspace's models: pushed from runs, promoted, made again, loaded, listed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from jupyter_mlops.pipeline.execution import Progress
    from jupyter_mlops.pipeline.verdict import Verification
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.registry import Identity, LoadWord
    from jupyter_mlops.registry.candidate import Candidate
    from jupyter_mlops.registry.promotion import Promotion
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.workspace import Workspace

DEFAULT_ALIAS = "champion"


class Models:
    """What a workspace does with models: see `Workspace.models`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def push(
        self,
        source: str,
        name: str,
        *,
        artifact: str | None = None,
        note: str | None = None,
        loader: str | None = None,
        example: Any = None,
        onnx: bool | None = None,
        allow_pickle: bool = False,
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
        note : str, optional
            Of the version. One that is there already gets it in place of its own,
            which stays in the history.
        loader : str, optional
            ``package.module:function`` that loads an artifact that is a plain file.
        example : frame-like or str, optional
            Rows that the model takes: they give its signature. A text names an object
            of the run, or a file with a table (parquet, csv, json) or an array (npy).
        onnx : bool, optional
            With ONNX beside a scikit-learn model, or without; else as the run has it.
        allow_pickle : bool
            Register it though loading it unpickles; it is marked so for ever.
        """
        # Refused before a byte is stored.
        self._workspace.layout.model_chain(name)
        candidate = self._candidate(source, artifact)
        candidate.check_word(allow_pickle=allow_pickle)
        if isinstance(example, str | Path):
            from jupyter_mlops.workspace.examplerows import rows_named

            example = rows_named(candidate, str(example))
        binding = candidate.binding(
            self._workspace.store.blobs, loader=loader, example=example, onnx=onnx
        )
        return self._workspace.registry.register(
            name, binding, note=note, is_described=example is not None
        )

    def load(self, uri: str, *, allow_types: Sequence[str] = (), **allowed: Any) -> Any:
        """Load a registered model or a run's: see `jupyter_mlops.load_model`.

        `allowed` is what else a `LoadWord` says.
        """
        from jupyter_mlops.registry import RunUri, parse_uri

        word = self.word(allow_types=tuple(allow_types), **allowed)
        if isinstance(parse_uri(uri), RunUri):
            return self._candidate(uri, None).load(self._workspace.store.blobs, word)
        return self._workspace.registry.load(uri, word)

    def promote(
        self,
        name: str,
        version: int,
        alias: str = DEFAULT_ALIAS,
        *,
        reason: str | None = None,
        approver: str | None = None,
        force: bool = False,
        progress: Progress | None = None,
        word: LoadWord | None = None,
        seen: int | None = None,
        by: Identity | str | None = None,
    ) -> Promotion:
        """Move an alias to a version, if the gates of ``gates.yaml`` let it pass.

        Parameters
        ----------
        reason : str, optional
            Kept in the history; needed with `force`.
        approver : str, optional
            Who approves of it; kept as an approval that was entered for them.
        force : bool
            Move the alias though a gate says no; the history says so for ever.
        word : LoadWord, optional
            What the model may do when a gate loads it.
        seen : int, optional
            Where the alias was seen to point, 0 for nowhere: see `Registry.promote`.

        Raises
        ------
        PromotionRefusedError
            When a gate says no; its `answers` tell all that was asked.
        """
        from jupyter_mlops.registry.promotion import check_reason

        registry, gates = self._workspace.registry, self._workspace.gates
        if force:
            check_reason(reason, name, version)
        found = registry.version(name, version)
        book = gates.book()
        if approver is not None:
            registry.standing.approve(
                name, version, alias=alias, reason=reason, approver=approver, by=by
            )
        return registry.promote(
            name,
            version,
            alias,
            gates=gates.trials(
                found,
                book.gates(name, alias),
                alias=alias,
                word=word or self.word(),
                progress=progress,
            ),
            demand=book.demand(name, alias),
            reason=reason,
            force=force,
            seen=seen,
            by=by,
        )

    def verify(
        self,
        uri: str,
        *,
        word: LoadWord | None = None,
        by: Identity | str | None = None,
        **options: Any,
    ) -> Verification:
        """Make a version again from its recipe; the verdict is kept in its history.

        `options` are those of `Notebooks.verify`.
        """
        from jupyter_mlops.workspace.reproduction import make_again

        version = self._workspace.registry.find(uri)
        word = word or self.word()
        return make_again(self._workspace, version, word, by=by, **options)

    def word(self, **allowed: Any) -> LoadWord:
        """Return what is allowed when models are loaded: see `LoadWord`."""
        from jupyter_mlops.registry import LoadWord

        trusted = self._workspace.settings.trusted_loaders
        return LoadWord(trusted_loaders=trusted, **allowed)

    def table(self) -> pd.DataFrame:
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
            for model in self._workspace.registry.models()
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
        return Candidate.of(self._workspace.get_run(run), artifact)

    def run_of(self, version: VersionRecord) -> RecordedRun | None:
        """Return the run that a version came from; it may be here without one."""
        if version.run_id is None:
            return None
        try:
            return self._workspace.get_run(version.run_id)
        except errors.MlopsError:
            return None
