"""Registered models, their versions, and what an alias of theirs asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.wire.plain import moment, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlops.errors import ChainBrokenError
    from jupyter_mlops.records import ModelRecord, VersionRecord
    from jupyter_mlops.registry import Identity
    from jupyter_mlops.registry.gates.spec import GateBook


def models(
    found: Sequence[ModelRecord], broken: Mapping[str, ChainBrokenError] | None = None
) -> dict[str, Any]:
    """List models, and those whose history cannot be trusted."""
    return {
        "models": [model(one) for one in found],
        "broken": [
            {"name": name, "message": str(error)}
            for name, error in sorted((broken or {}).items())
        ],
    }


def model(found: ModelRecord) -> dict[str, Any]:
    """Say one model and its latest version."""
    return {
        "name": found.name,
        "versions": found.versions,
        "aliases": dict(found.aliases),
        "latest": None if found.latest is None else version(found.latest),
    }


def versions(
    name: str,
    found: Sequence[VersionRecord],
    *,
    who: Identity,
    book: GateBook | None,
    problem: str = "",
) -> dict[str, Any]:
    """List a model's versions, and what its aliases ask for.

    Parameters
    ----------
    who : Identity
        As whom the asker would act.
    book : GateBook, optional
        None when ``gates.yaml`` cannot be read; `problem` says why.
    """
    aliases = {alias: one.version for one in found for alias in one.aliases}
    return {
        "model": name,
        "versions": [version(one) for one in found],
        "aliases": aliases,
        "rules": [] if book is None else _rules(name, aliases, book),
        "problem": problem,
        "you": {"name": who.name, "source": who.source},
    }


def _rules(
    name: str, aliases: Mapping[str, int], book: GateBook
) -> list[dict[str, Any]]:
    names = dict.fromkeys(["champion", *aliases, *book.aliases(name)])
    found = []
    for alias in names:
        demand = book.demand(name, alias)
        found.append(
            {
                "alias": alias,
                "gates": [gate.name for gate in book.gates(name, alias)],
                "approvals": 0 if demand is None else demand.count,
            }
        )
    return found


def version(found: VersionRecord) -> dict[str, Any]:
    """Say one numbered version."""
    return {
        "model": found.model,
        "version": found.version,
        "digest": found.digest,
        "flavor": found.flavor,
        "class_name": str(found.flavor_meta.get("class") or ""),
        "size": found.size,
        "registered": moment(found.registered),
        "by": found.by,
        "by_source": found.by_source,
        "run_id": found.run_id,
        "artifact": found.artifact,
        "metrics": plain(found.metrics),
        "params": plain(found.params),
        "note": found.note,
        "aliases": list(found.aliases),
        "archived": found.archived,
        "verdict": found.verdict,
    }
