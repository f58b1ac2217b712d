"""A version in the registry of an MLflow server: its run, its files, its history.

The run there has params, the whole series of each metric, and tags that say where it
comes from; its artifacts are an MLflow model and, beside it, all that `pull` needs.
Whatever was done before is found again by its tags and not done twice.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import RemoteError
from jupyter_mlops.records import micros_from_time
from jupyter_mlops.store.events import float_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jupyter_mlops.interop.mlflow_client import MlflowClient
    from jupyter_mlops.interop.mlflow_place import MlflowPlace
    from jupyter_mlops.records import JsonValue, RunRecord, VersionRecord

MODEL = "model"
BUNDLE = "mlops"
DIGEST_TAG = "jupyter_mlops.digest"
VERSION_TAG = "jupyter_mlops.version"
RUN_TAG = "jupyter_mlops.run"
EVENTS_TAG = "jupyter_mlops.events"
_BATCH = 500
_PARAMS = 100
_PARAM_LENGTH = 6000
_KEY_LENGTH = 250
_KEY = re.compile(r"[^\w./ -]")
_STATUS = {"finished": "FINISHED", "failed": "FAILED", "cancelled": "KILLED"}
Point = tuple[int, float, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A version as the server has it.

    Attributes
    ----------
    is_new : bool
        False when it had been registered before.
    notes : list of str
        What the server did not take, in words.
    """

    version: str
    run_id: str
    url: str
    is_new: bool
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ServerRun:
    """A run on the server."""

    run_id: str
    artifact_uri: str


def run_for(
    client: MlflowClient, version: VersionRecord, run: RunRecord | None
) -> ServerRun:
    """Find the server's run of this version, or begin one."""
    experiment = _experiment(client, run.experiment if run else version.model)
    found = client.post(
        "runs/search",
        experiment_ids=[experiment],
        filter=f"tags.`{DIGEST_TAG}` = '{version.digest}'",
        max_results=1,
    )
    runs = found.get("runs")
    if not runs:
        began = micros_from_time(run.started if run else version.registered) // 1000
        tags = {**_lineage(version), "mlflow.source.type": "NOTEBOOK"}
        made = client.post(
            "runs/create",
            experiment_id=experiment,
            run_name=run.name if run else f"{version.model} {version.version}",
            start_time=began,
            tags=_pairs(tags),
        )
        runs = [made["run"]]
    info = runs[0]["info"]
    return ServerRun(info["run_id"], info["artifact_uri"])


def log_run(
    client: MlflowClient,
    server_run: ServerRun,
    version: VersionRecord,
    run: RunRecord | None,
    series: Mapping[str, Iterable[Point]],
) -> None:
    """Write params, tags and the whole series of each metric.

    Points that are there already are the same points to the server.
    """
    run_id = server_run.run_id
    params = [
        {"key": _key(name), "value": _param(found)}
        for name, found in sorted(version.params.items())
    ]
    for batch in _batches(params, _PARAMS):
        client.post("runs/log-batch", run_id=run_id, params=batch)
    tags = {**(run.tags if run else {}), **_lineage(version)}
    if run is not None and run.note:
        tags["mlflow.note.content"] = run.note
    for batch in _batches(_pairs(tags), _PARAMS):
        client.post("runs/log-batch", run_id=run_id, tags=batch)
    points = (
        {
            "key": _key(name),
            "value": _number(y),
            "timestamp": micros // 1000,
            "step": step,
        }
        for name, found in sorted(series.items())
        for step, y, micros in found
    )
    for batch in _batches(points, _BATCH):
        client.post("runs/log-batch", run_id=run_id, metrics=batch)
    ended = run.ended if run and run.ended else version.registered
    status = _STATUS.get(str(run.status) if run else "finished", "FINISHED")
    client.post(
        "runs/update",
        run_id=run_id,
        status=status,
        end_time=micros_from_time(ended) // 1000,
    )


def upload_folder(place: MlflowPlace, folder: Path) -> None:
    """Put a folder among a run's artifacts; what has its size there stays."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            if place.size(name) != path.stat().st_size:
                place.put(name, path)


def register(
    client: MlflowClient, server_run: ServerRun, version: VersionRecord, events: int
) -> Registered:
    """Register the run's model, once, and move the version's aliases to it."""
    name = version.model
    if client.find("registered-models/get", name=name) is None:
        client.post("registered-models/create", name=name)
    known = find_version(client, name, str(version.digest))
    is_new = known is None
    if known is None:
        made = client.post(
            "model-versions/create",
            name=name,
            source=f"{server_run.artifact_uri.rstrip('/')}/{MODEL}",
            run_id=server_run.run_id,
            description=version.note or "",
            tags=_pairs(_lineage(version)),
        )
        known = made["model_version"]
    number = str(known["version"])
    client.post(
        "model-versions/set-tag",
        name=name,
        version=number,
        key=EVENTS_TAG,
        value=str(events),
    )
    notes = list(_set_aliases(client, version, number))
    return Registered(
        version=number,
        run_id=server_run.run_id,
        url=f"{client.where}/#/models/{name}/versions/{number}",
        is_new=is_new,
        notes=notes,
    )


def find_version(client: MlflowClient, name: str, digest: str) -> dict[str, Any] | None:
    """Find the version that binds `digest`, None when it is not there."""
    for found in versions_of(client, name):
        if tags_of(found).get(DIGEST_TAG) == digest:
            return found
    return None


def versions_of(client: MlflowClient, name: str) -> Iterator[dict[str, Any]]:
    """List the versions of a model that come from us."""
    quoted = name.replace("'", "\\'")
    found = client.every(
        "model-versions/search", "model_versions", filter=f"name='{quoted}'"
    )
    return (item for item in found if DIGEST_TAG in tags_of(item))


def tags_of(item: Mapping[str, Any]) -> dict[str, str]:
    """Return tags by name."""
    return {tag["key"]: tag.get("value", "") for tag in item.get("tags") or ()}


def _set_aliases(
    client: MlflowClient, version: VersionRecord, number: str
) -> Iterator[str]:
    for alias in version.aliases:
        try:
            client.post(
                "registered-models/alias",
                name=version.model,
                alias=alias,
                version=number,
            )
        except RemoteError as error:
            # MLflow keeps some words for itself, such as 'latest' and 'v1'.
            yield f"the alias '{alias}' was not taken: {error}"


def _experiment(client: MlflowClient, name: str) -> str:
    found = client.find("experiments/get-by-name", experiment_name=name)
    if found is not None:
        return str(found["experiment"]["experiment_id"])
    return str(client.post("experiments/create", name=name)["experiment_id"])


def _lineage(version: VersionRecord) -> dict[str, str]:
    tags = {
        DIGEST_TAG: str(version.digest),
        VERSION_TAG: f"models:/{version.model}/{version.version}",
        "jupyter_mlops.registered_by": version.by,
    }
    if version.run_id:
        tags[RUN_TAG] = str(version.run_id)
    if commit := version.git.get("commit"):
        tags["mlflow.source.git.commit"] = str(commit)
    for name, digest in sorted(version.data.items())[:20]:
        tags[f"jupyter_mlops.data.{_key(name)}"[:_KEY_LENGTH]] = str(digest)
    return tags


def _pairs(words: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"key": _key(key), "value": str(word)[:5000]} for key, word in words.items()
    ]


def _key(name: str) -> str:
    return _KEY.sub("_", name)[:_KEY_LENGTH]


def _param(found: JsonValue) -> str:
    """Write a param's whole value: texts as they are, else as JSON."""
    text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    return text[:_PARAM_LENGTH]


def _number(found: float) -> float | str:
    from math import isfinite

    return found if isfinite(found) else float_name(found)


def _batches(items: Iterable[Any], most: int) -> Iterator[Sequence[Any]]:
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) == most:
            yield batch
            batch = []
    if batch:
        yield batch
