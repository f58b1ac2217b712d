"""A version in the registry of an MLflow server: registered once, with its aliases.

The server numbers versions, and that is all it has to decide who was first: whoever
finds that a lower number binds the same takes back what it has just added.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import RemoteError
from jupyter_mlops.interop.mlflow_runs import (
    DIGEST_TAG,
    lineage_of,
    tag_pairs,
    tags_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from jupyter_mlops.interop.mlflow_client import MlflowClient
    from jupyter_mlops.interop.mlflow_runs import ServerRun
    from jupyter_mlops.records import VersionRecord

MODEL = "model"
EVENTS_TAG = "jupyter_mlops.events"


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


def register(
    client: MlflowClient, server_run: ServerRun, version: VersionRecord
) -> Registered | None:
    """Register the run's model, once, and bring its note up to date.

    Returns
    -------
    Registered or None
        None when somebody else has registered the same from another run meanwhile:
        nothing of ours is left there then.
    """
    name = version.model
    client.make("registered-models/create", name=name)
    same = same_versions(client, name, str(version.digest))
    made: dict[str, Any] | None = None
    if not same:
        made = _created(client, server_run, version)
        same = same_versions(client, name, str(version.digest))
    first = same[0]
    is_new = made is not None and first["version"] == made["version"]
    if made is not None and not is_new:
        client.delete("model-versions/delete", name=name, version=made["version"])
    if first["run_id"] != server_run.run_id:
        if server_run.is_made:
            client.post("runs/delete", run_id=server_run.run_id)
        return None
    number = str(first["version"])
    if first.get("description", "") != (version.note or ""):
        client.patch(
            "model-versions/update",
            name=name,
            version=number,
            description=version.note or "",
        )
    return Registered(
        version=number,
        run_id=server_run.run_id,
        url=f"{client.where}/#/models/{name}/versions/{number}",
        is_new=is_new,
        # One that has just come will be taken back by whoever added it.
        notes=[] if made else [_spare(one) for one in same[1:]],
    )


def tell_events(client: MlflowClient, name: str, number: str, events: int) -> None:
    """Say at a version how long the history is that lies with its run."""
    client.post(
        "model-versions/set-tag",
        name=name,
        version=number,
        key=EVENTS_TAG,
        value=str(events),
    )


def _spare(found: Mapping[str, Any]) -> str:
    return (
        f"version {found['version']} there is the same, left by a push that was cut "
        f"off; delete it there if nothing uses it"
    )


def _created(
    client: MlflowClient, server_run: ServerRun, version: VersionRecord
) -> dict[str, Any]:
    answer = client.post(
        "model-versions/create",
        name=version.model,
        source=f"{server_run.artifact_uri.rstrip('/')}/{MODEL}",
        run_id=server_run.run_id,
        description=version.note or "",
        tags=tag_pairs(lineage_of(version)),
    )
    return dict(answer["model_version"])


def same_versions(client: MlflowClient, name: str, digest: str) -> list[dict[str, Any]]:
    """Return the versions that bind `digest`, by number: the first one counts."""
    found = [
        one for one in versions_of(client, name) if tags_of(one)[DIGEST_TAG] == digest
    ]
    return sorted(found, key=lambda one: int(one["version"]))


def versions_of(client: MlflowClient, name: str) -> Iterator[dict[str, Any]]:
    """List the versions of a model that come from us."""
    quoted = name.replace("'", "\\'")
    found = client.every(
        "model-versions/search", "model_versions", filter=f"name='{quoted}'"
    )
    return (item for item in found if DIGEST_TAG in tags_of(item))


def set_aliases(
    client: MlflowClient, version: VersionRecord, number: str, gone: Collection[str]
) -> Iterator[str]:
    """Move the version's aliases to it; say which were not taken.

    Parameters
    ----------
    gone : collection of str
        Aliases that were taken away here: they go there, too, if they are on it.
    """
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
    if not gone:
        return
    known = client.get("registered-models/get", name=version.model)
    for told in known["registered_model"].get("aliases") or ():
        if told["alias"] in gone and str(told["version"]) == number:
            client.delete(
                "registered-models/alias", name=version.model, alias=told["alias"]
            )
