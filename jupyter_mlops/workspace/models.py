"""A workspace's models: pushed from runs, loaded by URI, listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.registry.candidate import Candidate
    from jupyter_mlops.workspace.workspace import Workspace


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
        self._workspace.layout.model_chain(name)
        candidate = self._candidate(source, artifact)
        binding = candidate.binding(self._workspace.store.blobs, loader=loader)
        return self._workspace.registry.register(name, binding, note=note)

    def load(
        self, uri: str, *, loader: str | None = None, allow_types: Sequence[str] = ()
    ) -> Any:
        """Load a registered model or a run's: see `jupyter_mlops.load_model`."""
        from jupyter_mlops.registry import LoadWord, RunUri, parse_uri

        word = LoadWord(
            loader=loader,
            allow_types=tuple(allow_types),
            trusted_loaders=self._workspace.settings.trusted_loaders,
        )
        if isinstance(parse_uri(uri), RunUri):
            return self._candidate(uri, None).load(self._workspace.store.blobs, word)
        return self._workspace.registry.load(uri, word)

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
