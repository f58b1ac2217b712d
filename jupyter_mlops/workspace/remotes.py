"""A workspace's models elsewhere: published, registered with MLflow, and pulled."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.errors import MlopsError, ModelNotFoundError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.interop.mlflow_client import MlflowClient
    from jupyter_mlops.interop.mlflow_registry import Point, Registered
    from jupyter_mlops.interop.places import Place
    from jupyter_mlops.interop.publishing import Published
    from jupyter_mlops.interop.pulling import Pulled
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.registry import LoadWord
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.workspace import Workspace

_PREFIX = "mlflow+"
PUBLISHED = "published"
MLFLOW = "mlflow server"


def is_mlflow(url: str) -> bool:
    """Tell whether a URL names an MLflow server."""
    return url.startswith(_PREFIX)


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
            [run for version in versions for run in self._runs(version)],
            # Kept here only when it has been published: who was slower keeps a history
            # that others can still be joined to.
            note=lambda before: self._note(
                versions[-1], PUBLISHED, place.where, before
            ),
            is_note=lambda event: mirrored(event) is not None,
        )

    def register(self, uri: str, url: str, word: LoadWord | None = None) -> Registered:
        """Register a version with an MLflow server; what is there is not done twice.

        Parameters
        ----------
        word : LoadWord, optional
            What may run when it is loaded there: see `Exports.export`.

        Raises
        ------
        RemoteError
            When the server cannot be reached, or refuses.
        NotExportableError
            When models of this flavor have no form for MLflow.
        """
        from jupyter_mlops.interop import mlflow_folder, mlflow_registry
        from jupyter_mlops.interop.mlflow_client import MlflowClient
        from jupyter_mlops.interop.mlflow_place import MlflowPlace
        from jupyter_mlops.interop.publishing import publish
        from jupyter_mlops.workspace.exports import check_flavor

        client = MlflowClient(url.removeprefix(_PREFIX))
        registry, store = self._workspace.registry, self._workspace.store
        version = registry.find(uri)
        check_flavor(version, mlflow_folder)
        run = self._workspace.models.run_of(version)
        record = run.record if run else None
        there = mlflow_registry.run_for(client, version, record)
        mlflow_registry.log_run(
            client, there, version, record, self._series(version, run)
        )
        with tempfile.TemporaryDirectory(prefix="mlops-") as made:
            word = word or self._workspace.models.word()
            taken = self._workspace.exports.taken(version, Path(made) / "files", word)
            folder = Path(made) / "written"
            folder.mkdir()
            mlflow_folder.write(taken, folder)
            place = MlflowPlace(client, there.artifact_uri, mlflow_registry.MODEL)
            mlflow_registry.upload_folder(place, folder)
        version = self._note(version, MLFLOW, client.where)
        bundle = MlflowPlace(client, there.artifact_uri, mlflow_registry.BUNDLE)
        publish(store, bundle, [version], self._runs(version))
        events = len(registry.history(version.model))
        return mlflow_registry.register(client, there, version, events)

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
            from jupyter_mlops.interop.mlflow_client import MlflowClient

            client = MlflowClient(url.removeprefix(_PREFIX))
            return list(self._pull_from_mlflow(client, names))
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
                raise _not_there(name, place.where, there)
            yield pull(self._workspace.store, place, found)
        if not there and not names:
            raise _not_there("", place.where, there)

    def _pull_from_mlflow(
        self, client: MlflowClient, names: Sequence[str]
    ) -> Iterator[Pulled]:
        from jupyter_mlops.interop.mlflow_registry import (
            EVENTS_TAG,
            tags_of,
            versions_of,
        )

        registered = client.every("registered-models/search", "registered_models")
        there = [str(item["name"]) for item in registered]
        is_any = False
        for name in names or there:
            found = list(versions_of(client, name)) if name in there else []
            if not found and names:
                raise _not_there(name, client.where, there)
            # The longest history first: the others are its beginnings.
            found.sort(
                key=lambda item: _count(tags_of(item).get(EVENTS_TAG)), reverse=True
            )
            pulled = [self._pull_bundle(client, name, item["run_id"]) for item in found]
            if pulled:
                is_any = True
                yield _merged(pulled)
        if not is_any and not names:
            raise _not_there("", client.where, there)

    def _pull_bundle(self, client: MlflowClient, name: str, run_id: str) -> Pulled:
        from jupyter_mlops.interop.mlflow_place import MlflowPlace
        from jupyter_mlops.interop.mlflow_registry import BUNDLE
        from jupyter_mlops.interop.publication import read_publication
        from jupyter_mlops.interop.pulling import pull

        run = client.get("runs/get", run_id=run_id)["run"]
        place = MlflowPlace(client, run["info"]["artifact_uri"], BUNDLE)
        found = read_publication(place, name)
        if found is None:
            raise _not_there(name, place.where, ())
        return pull(self._workspace.store, place, found)

    def _note(
        self,
        version: VersionRecord,
        purpose: str,
        target: str,
        before: Callable[[bytes], None] | None = None,
    ) -> VersionRecord:
        """Keep that a version was taken there, once; return it as it is now."""
        from jupyter_mlops.capture.masking import Masker
        from jupyter_mlops.registry.state import DOWNLOADED

        registry = self._workspace.registry
        # As it is kept: masked.
        target = Masker().text(target)
        about = {"version": version.version, "purpose": purpose, "target": target}
        for event in registry.history(version.model):
            if event.kind == DOWNLOADED and about.items() <= event.fields.items():
                return version
        return registry.standing.keep_download(
            version.model, version.version, purpose, target, before=before
        )

    def _series(
        self, version: VersionRecord, run: RecordedRun | None
    ) -> dict[str, list[Point]]:
        """Return step, value and time of each metric; the last value at the least."""
        from jupyter_mlops.records import micros_from_time

        moment = micros_from_time(version.registered)
        found = {name: [(0, last, moment)] for name, last in version.metrics.items()}
        if run is None:
            return found
        for name in version.metrics:
            if name in run.record.metrics:
                series = self._workspace.store.index.history(run.id, name)
                points = zip(series.steps, series.values, series.times, strict=True)
                found[name] = list(points)
        return found

    def _runs(self, version: VersionRecord) -> list[RunId]:
        """Return the run, those that it is within, and those within it."""
        run = self._workspace.models.run_of(version)
        if run is None:
            return []
        found = [run.id]
        outer = run.record.parent_id
        while outer is not None and outer not in found:
            found.append(outer)
            try:
                outer = self._workspace.get_run(outer).record.parent_id
            except MlopsError:
                # It was begun elsewhere, and is not here.
                break
        todo = list(run.children)
        while todo:
            child = todo.pop()
            found.append(child.id)
            todo += child.children
        return found


def _count(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0


def _merged(pulled: list[Pulled]) -> Pulled:
    versions = sorted({number for one in pulled for number in one.versions})
    return replace(
        pulled[0],
        versions=tuple(versions),
        without_files=pulled[-1].without_files,
        runs=sum(one.runs for one in pulled),
        blobs=sum(one.blobs for one in pulled),
        missing=[digest for one in pulled for digest in one.missing],
    )


def _not_there(name: str, where: str, there: Sequence[str]) -> ModelNotFoundError:
    if not name:
        return ModelNotFoundError(
            f"Nothing of ours is published at {where}. Push a model there first: "
            f"'jupyter mlops push NAME --to URL'.",
            where=where,
        )
    return ModelNotFoundError(
        f"No model '{name}' of ours is at {where}.{nearest(name, there)}",
        model=name,
        where=where,
    )
