"""Registered models and their versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.wire.plain import moment, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.records import ModelRecord, VersionRecord


def models(found: Sequence[ModelRecord]) -> dict[str, Any]:
    """List models."""
    return {"models": [model(one) for one in found]}


def model(found: ModelRecord) -> dict[str, Any]:
    """Say one model and its latest version."""
    return {
        "name": found.name,
        "versions": found.versions,
        "aliases": dict(found.aliases),
        "latest": None if found.latest is None else version(found.latest),
    }


def versions(found: Sequence[VersionRecord]) -> dict[str, Any]:
    """List a model's versions."""
    return {"versions": [version(one) for one in found]}


def version(found: VersionRecord) -> dict[str, Any]:
    """Say one numbered version."""
    return {
        "model": found.model,
        "version": found.version,
        "digest": found.digest,
        "flavor": found.flavor,
        "size": found.size,
        "registered": moment(found.registered),
        "by": found.by,
        "run_id": found.run_id,
        "artifact": found.artifact,
        "metrics": plain(found.metrics),
        "params": plain(found.params),
        "note": found.note,
        "aliases": list(found.aliases),
    }
