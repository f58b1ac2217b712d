"""What a version is made of, as the one document whose digest stands for all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from jupyter_mlops.errors import BlobCorruptError, InvalidInputError
from jupyter_mlops.registry.chain import canonical
from jupyter_mlops.store import events
from jupyter_mlops.store.manifest import ManifestEntry, write_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.ids import Digest, RunId
    from jupyter_mlops.records import (
        ArtifactRecord,
        JsonValue,
        RunRecord,
        VersionRecord,
    )
    from jupyter_mlops.registry.origin import Origin
    from jupyter_mlops.store.blobs import Blobs

FORMAT = 1
MODEL_FORMAT = "model"
_PARTS = ("signature", "example", "environment", "lock", "recipe", "profile")
_LATER = frozenset({"git", "tags"})
_WRAPPED = "wrapped"
"""Says that NaN or infinities are in it, by name: JSON has no word for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Everything that a version binds.

    Attributes
    ----------
    files : Digest
        Of the list of the model's files.
    flavor, flavor_meta : str, dict
        Who reads them, and what it needs to know for it.
    size : int
        Bytes of all files together.
    data : dict
        Digest of each recorded input, by name.
    lock : Digest or None
        The run's packages, as a list that ``pip install -r`` takes.
    recipe, recipe_kind : Digest and str, or None
        What makes it again: a recipe, a notebook or a script.
    profile : Digest or None
        What its training data looked like.
    git : dict
        Commit, branch and remote; `diff`: digest of what was uncommitted.
    tags : dict
        Those that the user had set on the run.
    """

    files: Digest
    flavor: str
    flavor_meta: dict[str, Any]
    size: int
    run_id: RunId | None = None
    artifact: str | None = None
    environment: Digest | None = None
    data: dict[str, Digest] = field(default_factory=dict)
    params: dict[str, JsonValue] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    signature: Digest | None = None
    example: Digest | None = None
    lock: Digest | None = None
    recipe: Digest | None = None
    recipe_kind: str | None = None
    profile: Digest | None = None
    git: dict[str, JsonValue] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def parts(self) -> dict[str, Digest]:
        """Digest of each single blob that is bound, by what it is."""
        named = {name: getattr(self, name) for name in _PARTS}
        named["diff"] = self.git.get("diff")
        return {name: digest for name, digest in named.items() if digest is not None}

    def to_json(self) -> dict[str, Any]:
        """Return the document; what is not known is left out."""
        document: dict[str, Any] = {"format": FORMAT}
        for name in self.__slots__:
            value = getattr(self, name)
            # Documents from before there were such fields say the same.
            if value is not None and (value or name not in _LATER):
                document[name] = shown = events.to_json(value)
                if shown != value:
                    document[_WRAPPED] = True
        return document

    def to_bytes(self) -> bytes:
        """Return the document's one text: same things bound, same bytes."""
        return canonical(self.to_json())


def binding_of(
    artifact: ArtifactRecord,
    blobs: Blobs,
    *,
    run: RunRecord | None = None,
    data: Mapping[str, Digest] | None = None,
    loader: str | None = None,
    signature: Digest | None = None,
    example: Digest | None = None,
    origin: Origin | None = None,
) -> Binding:
    """Bind a run's model to where it came from.

    Parameters
    ----------
    artifact : ArtifactRecord
        What `log_model` kept; or any file, if its `loader` is named.
    blobs : Blobs
        Where the artifact's bytes are.
    run : RunRecord, optional
        The run that made it: its params, last metrics and environment are bound.
    data : mapping, optional
        Digest of each recorded input, by name.
    loader : str, optional
        ``package.module:function`` that makes a model from a plain file.
    signature, example : Digest, optional
        What it takes and gives, and rows to try it with.
    origin : Origin, optional
        What else is known of how the run came about.

    Raises
    ------
    InvalidInputError
        When the artifact is no model and no loader is named.
    """
    flavor, meta = _flavor_of(artifact, loader)
    metrics = run.metrics if run else {}
    return Binding(
        files=files_of(artifact, blobs),
        flavor=flavor,
        flavor_meta=meta,
        size=artifact.size,
        run_id=run.run_id if run else None,
        artifact=artifact.name,
        environment=run.environment if run else None,
        data=dict(data or {}),
        params=dict(run.params) if run else {},
        metrics={name: summary.last for name, summary in metrics.items()},
        signature=signature,
        example=example,
        **(origin.to_fields() if origin else {}),
    )


def _flavor_of(
    artifact: ArtifactRecord, loader: str | None
) -> tuple[str, dict[str, Any]]:
    if artifact.format == MODEL_FORMAT:
        return artifact.meta["flavor"], artifact.meta["flavor_meta"]
    if loader is None:
        raise InvalidInputError(
            f"The artifact '{artifact.name}' is a {artifact.format}, not a model. Keep "
            f"models with log_model, or name what loads the file: "
            f"loader='package.module:function'.",
            artifact=artifact.name,
        )
    from jupyter_mlops.registry.flavors import loader as flavor

    if artifact.is_folder:
        raise InvalidInputError(
            f"The artifact '{artifact.name}' is a folder; a loader takes one file.",
            artifact=artifact.name,
        )
    return flavor.NAME, flavor.meta_of(loader, _file_name(artifact))


def files_of(artifact: ArtifactRecord, blobs: Blobs) -> Digest:
    """Return the digest of the list of an artifact's files; one file has one, too."""
    if artifact.is_folder:
        return artifact.digest
    entry = ManifestEntry(
        path=_file_name(artifact), digest=artifact.digest, size=artifact.size
    )
    return blobs.put_bytes(write_manifest([entry]))


def _file_name(artifact: ArtifactRecord) -> str:
    return str(artifact.meta.get("file") or artifact.name.rsplit("/", 1)[-1])


def check_binding(version: VersionRecord, blobs: Blobs) -> None:
    """Check that a version is what was bound when it was registered.

    Raises
    ------
    BlobCorruptError
        When its document is damaged, or says something else than the history.
    BlobNotFoundError
        When its document is gone.
    """
    document = orjson.loads(blobs.get_bytes(version.digest))
    if document != binding_from(version).to_json():
        raise BlobCorruptError(
            f"Version {version.version} of '{version.model}' differs from the document "
            f"{version.digest} that it binds. Bring the history back from a copy.",
            digest=version.digest,
        )


def binding_from(version: VersionRecord) -> Binding:
    """Return what a version binds."""
    return Binding(**{name: getattr(version, name) for name in Binding.__slots__})


def read_binding(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a document, for a `VersionRecord` or a `Binding`."""
    if _WRAPPED in document:
        # Asked of the whole document: they are rare, and lists of versions are long.
        document = {name: events.from_json(value) for name, value in document.items()}
    return {name: document[name] for name in Binding.__slots__ if name in document}
