"""A workspace's models elsewhere: published, registered with MLflow, and pulled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.workspace.departures import (
    not_there,
    noted_departure,
    runs_along,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlops.interop.mlflow_registry import Registered
    from jupyter_mlops.interop.places import Place
    from jupyter_mlops.interop.publishing import Published
    from jupyter_mlops.interop.pulling import Pulled
    from jupyter_mlops.registry import LoadWord
    from jupyter_mlops.workspace.workspace import Workspace

MLFLOW_PREFIX = "mlflow+"
PUBLISHED = "published"


def is_mlflow(url: str) -> bool:
    """Tell whether a URL names an MLflow server."""
    return url.startswith(MLFLOW_PREFIX)


class Remotes:
    """What a workspace shares with others: see `Workspace.remotes`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def publish(self, name: str, url: str) -> Published:
        """Publish a model at any URL of fsspec: versions, history, and their runs.

        Parameters
        ----------
        name : str
            The model, with all its versions: they share one history.

        Raises
        ------
        HistoryConflictError
            When another history, or a longer one, is there.
        BlobCorruptError, BlobNotFoundError
            When something that a version binds is not here as it was.
        RemoteError
            When the place cannot be reached or used.
        """
        from jupyter_mlops.interop.places import FsspecPlace
        from jupyter_mlops.interop.publishing import publish
        from jupyter_mlops.workspace.mirrors import mirrored

        place = FsspecPlace(url)
        versions = self._workspace.registry.versions(name)
        return publish(
            self._workspace.store,
            place,
            versions,
            [
                run
                for version in versions
                for run in runs_along(self._workspace, version)
            ],
            # Kept here only when it has been published: who was slower keeps a history
            # that others can still be joined to.
            note=lambda before: noted_departure(
                self._workspace, versions[-1], PUBLISHED, place.where, before
            ),
            is_note=lambda event: mirrored(event) is not None,
        )

    def register(self, uri: str, url: str, word: LoadWord | None = None) -> Registered:
        """Register a version with an MLflow server: see `MlflowServer.register`."""
        from jupyter_mlops.workspace.mlflowserver import MlflowServer

        return MlflowServer(self._workspace, url).register(uri, word)

    def pull(self, url: str, names: Sequence[str] = ()) -> list[Pulled]:
        """Bring models here that were published or registered there.

        Parameters
        ----------
        names : sequence of str
            The models; without it all that are there.

        Raises
        ------
        ModelNotFoundError
            When a model is not there.
        ChainBrokenError, RemoteError, BlobCorruptError, HistoryConflictError
            When something there is not what was published, or is another history.
        """
        if is_mlflow(url):
            from jupyter_mlops.workspace.mlflowserver import MlflowServer

            return list(MlflowServer(self._workspace, url).pull(names))
        from jupyter_mlops.interop.places import FsspecPlace

        return list(self._pull_from(FsspecPlace(url), names))

    def _pull_from(self, place: Place, names: Sequence[str]) -> Iterator[Pulled]:
        from jupyter_mlops.interop.publication import (
            published_models,
            read_publication,
        )
        from jupyter_mlops.interop.pulling import pull

        there = published_models(place)
        for name in names or there:
            found = read_publication(place, name)
            if found is None:
                raise not_there(name, place.where, there)
            yield pull(self._workspace.store, place, found)
        if not there and not names:
            raise not_there("", place.where, there)
