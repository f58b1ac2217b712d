"""A workspace's models on an MLflow server: registered there, and pulled back."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import RemoteError
from jupyter_mlops.interop import mlflow_folder, mlflow_registry, mlflow_runs
from jupyter_mlops.interop.mlflow_client import MlflowClient
from jupyter_mlops.interop.mlflow_place import MlflowPlace
from jupyter_mlops.interop.publication import read_publication
from jupyter_mlops.interop.publishing import check_publishable, publish
from jupyter_mlops.interop.pulling import pull
from jupyter_mlops.records import micros_from_time
from jupyter_mlops.workspace.departures import (
    is_noted,
    not_there,
    noted_departure,
    runs_along,
)
from jupyter_mlops.workspace.exports import check_flavor
from jupyter_mlops.workspace.mirrors import mirrored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jupyter_mlops.interop.mlflow_registry import Registered
    from jupyter_mlops.interop.mlflow_runs import Point, ServerRun
    from jupyter_mlops.interop.publishing import Note
    from jupyter_mlops.interop.pulling import Pulled
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.registry import LoadWord
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.workspace import Workspace

MLFLOW = "mlflow server"
_PREFIX = "mlflow+"
_TRIES = 5


class MlflowServer:
    """An MLflow server as a workspace sees it: see `Remotes`."""

    def __init__(self, workspace: Workspace, url: str) -> None:
        self._workspace = workspace
        self._client = MlflowClient(url.removeprefix(_PREFIX))

    def register(self, uri: str, word: LoadWord | None = None) -> Registered:
        """Register a version there; what is there is not done twice.

        Parameters
        ----------
        word : LoadWord, optional
            What may run when it is loaded there: see `Exports.export`.

        Raises
        ------
        RemoteError
            When the server cannot be reached, or refuses.
        HistoryConflictError
            When another history, or a longer one, is there.
        NotExportableError
            When models of this flavor have no form for MLflow.
        """
        version = self._workspace.registry.find(uri)
        check_flavor(version, mlflow_folder)
        for _ in range(_TRIES):
            # Where somebody else is registering the same, theirs is gone on with.
            if (found := self._registered(version, word)) is not None:
                return found
        raise RemoteError(
            f"Others have registered '{version.model}' at {self._client.where} "
            f"{_TRIES} times while it was tried. Try again.",
            model=version.model,
            where=self._client.where,
        )

    def _registered(
        self, version: VersionRecord, word: LoadWord | None
    ) -> Registered | None:
        """Register a version; None when somebody else did something meanwhile."""
        registry, store = self._workspace.registry, self._workspace.store
        model = version.model
        self._check_longest(model)
        there = self._run_for(version)
        self._upload(there, version, word)
        bundle = self._bundle(there.artifact_uri)
        # All that a pull needs is there before the version is.
        self._publish(version, bundle)
        found = mlflow_registry.register(self._client, there, version)
        if found is None:
            return None
        self._publish(version, bundle, self._note(version))
        # The server writes over what is there: of two, only the last one's stays.
        if check_publishable(store, bundle, model):
            return None
        events = len(registry.history(model))
        mlflow_registry.tell_events(self._client, model, found.version, events)
        version = registry.version(model, version.version)
        moved = {link["alias"] for link in registry.moves(model)}
        used = {alias for one in registry.versions(model) for alias in one.aliases}
        found.notes.extend(
            mlflow_registry.set_aliases(
                self._client, version, found.version, moved - used
            )
        )
        return found

    def _run_for(self, version: VersionRecord) -> ServerRun:
        """Find or begin the version's run there, and write what it says."""
        client = self._client
        run = self._workspace.models.run_of(version)
        record = run.record if run else None
        same = mlflow_registry.same_versions(client, version.model, str(version.digest))
        known = same[0]["run_id"] if same else None
        there = mlflow_runs.run_for(client, version, record, known)
        series = self._series(version, run)
        mlflow_runs.log_run(client, there, version, record, series)
        return there

    def _note(self, version: VersionRecord) -> Note | None:
        """Return what keeps in the history that it is there; None when it says so."""
        workspace, where = self._workspace, self._client.where
        if is_noted(workspace, version, MLFLOW, where):
            return None
        return lambda before: noted_departure(workspace, version, MLFLOW, where, before)

    def _publish(
        self, version: VersionRecord, bundle: MlflowPlace, note: Note | None = None
    ) -> None:
        """Put all that a pull needs among the run's artifacts."""
        publish(
            self._workspace.store,
            bundle,
            [version],
            runs_along(self._workspace, version),
            note=note,
            is_note=lambda event: mirrored(event) is not None,
            is_due=note is not None,
        )

    def _check_longest(self, model: str) -> None:
        """Refuse to add to a history that goes on, or goes another way, there.

        Raises
        ------
        HistoryConflictError
            Then; it says what to do.
        """
        found = list(mlflow_registry.versions_of(self._client, model))
        if found:
            bundle = self._bundle_of(max(found, key=_events)["run_id"])
            check_publishable(self._workspace.store, bundle, model)

    def _bundle_of(self, run_id: str) -> MlflowPlace:
        run = self._client.get("runs/get", run_id=run_id)["run"]
        return self._bundle(run["info"]["artifact_uri"])

    def _bundle(self, artifact_uri: str) -> MlflowPlace:
        return MlflowPlace(self._client, artifact_uri, mlflow_runs.BUNDLE)

    def _upload(
        self, there: ServerRun, version: VersionRecord, word: LoadWord | None
    ) -> None:
        """Put what MLflow loads among the run's artifacts."""
        with tempfile.TemporaryDirectory(prefix="mlops-") as made:
            word = word or self._workspace.models.word()
            taken = self._workspace.exports.taken(version, Path(made) / "files", word)
            folder = Path(made) / "written"
            folder.mkdir()
            mlflow_folder.write(taken, folder)
            place = MlflowPlace(self._client, there.artifact_uri, mlflow_registry.MODEL)
            mlflow_runs.upload_folder(place, folder)

    def _series(
        self, version: VersionRecord, run: RecordedRun | None
    ) -> dict[str, list[Point]]:
        """Return step, value and time of each metric; the last value at the least."""
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

    def pull(self, names: Sequence[str] = ()) -> Iterator[Pulled]:
        """Bring models here that were registered there: see `Remotes.pull`."""
        client = self._client
        registered = client.every("registered-models/search", "registered_models")
        there = [str(item["name"]) for item in registered]
        is_any = False
        for name in names or there:
            found = (
                list(mlflow_registry.versions_of(client, name)) if name in there else []
            )
            if not found and names:
                raise not_there(name, client.where, there)
            # The longest history first: the others are its beginnings.
            found.sort(key=_events, reverse=True)
            pulled = [self._pull_bundle(name, item["run_id"]) for item in found]
            if pulled:
                is_any = True
                yield _merged(pulled)
        if not is_any and not names:
            raise not_there("", client.where, there)

    def _pull_bundle(self, name: str, run_id: str) -> Pulled:
        place = self._bundle_of(run_id)
        found = read_publication(place, name)
        if found is None:
            raise not_there(name, place.where, ())
        return pull(self._workspace.store, place, found)


def _events(item: Mapping[str, Any]) -> int:
    """Return how long the history is that came with a version."""
    text = mlflow_runs.tags_of(item).get(mlflow_registry.EVENTS_TAG)
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
