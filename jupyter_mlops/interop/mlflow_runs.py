"""The run of a version on an MLflow server: what it says, and its artifacts.

It has params, the whole series of each metric, and tags that say where it comes from;
its artifacts are an MLflow model and, beside it, all that `pull` needs. Whatever was
done before is found again by its tags and not done twice.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
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

BUNDLE = "mlops"
DIGEST_TAG = "jupyter_mlops.digest"
VERSION_TAG = "jupyter_mlops.version"
RUN_TAG = "jupyter_mlops.run"
_BATCH = 500
_PARAMS = 100
_PARAM_LENGTH = 6000
_KEY_LENGTH = 250
_KEY = re.compile(r"[^\w./ -]")
_STATUS = {"finished": "FINISHED", "failed": "FAILED", "cancelled": "KILLED"}
Point = tuple[int, float, int]


@dataclass(frozen=True, slots=True)
class ServerRun:
    """A run on the server.

    Attributes
    ----------
    is_made : bool
        It was begun by this very push.
    """

    run_id: str
    artifact_uri: str
    is_made: bool = False


def run_for(
    client: MlflowClient,
    version: VersionRecord,
    run: RunRecord | None,
    known: str | None = None,
) -> ServerRun:
    """Find the server's run of this version, or begin one.

    Parameters
    ----------
    known : str, optional
        The run that a registered version there is bound to.

    Raises
    ------
    RemoteError
        When that run was deleted there.
    """
    if known is not None:
        return _known_run(client, known)
    experiment = _experiment(client, run.experiment if run else version.model)
    found = client.post(
        "runs/search",
        experiment_ids=[experiment],
        filter=f"tags.`{DIGEST_TAG}` = '{version.digest}'",
        max_results=1,
    )
    runs: list[dict[str, Any]] = found.get("runs") or []
    is_made = not runs
    if is_made:
        began = micros_from_time(run.started if run else version.registered) // 1000
        tags = {**lineage_of(version), "mlflow.source.type": "NOTEBOOK"}
        made = client.post(
            "runs/create",
            experiment_id=experiment,
            run_name=run.name if run else f"{version.model} {version.version}",
            start_time=began,
            tags=tag_pairs(tags),
        )
        runs = [made["run"]]
    info = runs[0]["info"]
    return ServerRun(info["run_id"], info["artifact_uri"], is_made)


def _known_run(client: MlflowClient, run_id: str) -> ServerRun:
    info = client.get("runs/get", run_id=run_id)["run"]["info"]
    if info.get("lifecycle_stage") == "deleted":
        raise RemoteError(
            f"Run {run_id} at {client.where}, which the registered version belongs to, "
            f"was deleted there. Restore it ('mlflow runs restore --run-id {run_id}'), "
            f"or delete the version there, too, and push again.",
            where=client.where,
            run_id=run_id,
        )
    return ServerRun(run_id, info["artifact_uri"])


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
    tags = {**(run.tags if run else {}), **lineage_of(version)}
    if run is not None and run.note:
        tags["mlflow.note.content"] = run.note
    for batch in _batches(tag_pairs(tags), _PARAMS):
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


def tags_of(item: Mapping[str, Any]) -> dict[str, str]:
    """Return tags by name."""
    return {tag["key"]: tag.get("value", "") for tag in item.get("tags") or ()}


def _experiment(client: MlflowClient, name: str) -> str:
    found = client.find("experiments/get-by-name", experiment_name=name)
    if found is None:
        client.make("experiments/create", name=name)
        found = client.get("experiments/get-by-name", experiment_name=name)
    return str(found["experiment"]["experiment_id"])


def lineage_of(version: VersionRecord) -> dict[str, str]:
    """Return the tags that say where a version comes from."""
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


def tag_pairs(words: Mapping[str, str]) -> list[dict[str, str]]:
    """Write tags as the server takes them."""
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
