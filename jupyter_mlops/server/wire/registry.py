"""Everything of one version: what it takes, who let it through, where it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.wire.models import version
from jupyter_mlops.server.wire.plain import moment, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlops.records import ModelEvent
    from jupyter_mlops.registry import GateResult
    from jupyter_mlops.registry.cards import CardFacts, Carried
    from jupyter_mlops.registry.signatures import Signature
    from jupyter_mlops.registry.signatures.signature import Column
    from jupyter_mlops.server.trials import Trial
    from jupyter_mlops.store.manifest import ManifestEntry
    from jupyter_mlops.workspace.lineage import Lineage


def version_details(
    facts: CardFacts,
    *,
    signature: Signature | None,
    approvals: Sequence[ModelEvent],
    files: Sequence[ManifestEntry],
    trials: Sequence[Trial] = (),
    exports: Sequence[str] = (),
) -> dict[str, Any]:
    """Say what a version's own view needs.

    Parameters
    ----------
    exports : sequence of str
        The forms in which it can be taken away.
    """
    found = facts.version
    return {
        "version": version(found),
        "uri": facts.uri,
        "load": "\n".join(facts.load_lines()),
        "run_name": facts.run.name if facts.run else None,
        "signature": None if signature is None else _signature(signature),
        "gates": [
            {**_answer(one), "time": moment(one["time"])} for one in facts.gates()
        ],
        "approvals": [event(one) for one in approvals],
        "events": [event(one) for one in facts.events],
        "cells": [
            {
                "source": cell.source,
                "ran_as": cell.ran_as,
                "reasons": list(cell.reasons),
            }
            for cell in facts.recipe
        ],
        "recipe_kind": found.recipe_kind,
        "data": [
            {"name": name, "digest": digest, "size": size}
            for name, digest, size in facts.data()
        ],
        "files": [
            {"path": one.path, "size": one.size, "digest": one.digest} for one in files
        ],
        "git": plain(found.git),
        "requirements": facts.lock,
        "trials": [trial(one) for one in trials],
        "exports": list(exports),
    }


def _signature(found: Signature) -> dict[str, Any]:
    return {
        "container": found.container,
        "columns": [_column(one) for one in found.columns],
        "shape": None if found.shape is None else list(found.shape),
        "dtype": found.dtype,
        "outputs": [_column(one) for one in found.outputs],
    }


def _column(found: Column) -> dict[str, Any]:
    return {
        "name": found.name,
        "kind": found.kind,
        "dtype": found.dtype,
        "optional": found.optional,
    }


def event(found: ModelEvent) -> dict[str, Any]:
    """Say one link of a model's history; fields that are not there are null."""
    fields = found.fields
    return {
        "number": found.number,
        "time": moment(found.time),
        "kind": found.kind,
        "by": found.by,
        "by_source": found.by_source,
        "version": fields.get("version"),
        "alias": fields.get("alias"),
        "was": fields.get("was"),
        "reason": fields.get("reason"),
        "note": fields.get("note"),
        "forced": bool(fields.get("forced")),
        "entered_by": fields.get("entered_by"),
        "about": _about(fields),
        "gates": [_answer(one) for one in fields.get("gates") or ()],
        "digest": found.digest,
    }


def _about(fields: Mapping[str, Any]) -> str:
    """Say what an event of verification, download or card is about."""
    words = [fields.get(name) for name in ("purpose", "target", "summary")]
    words.append(", ".join(fields.get("fields") or ()))
    return " ".join(str(word) for word in words if word)


def history(events: Sequence[ModelEvent]) -> dict[str, Any]:
    """List everything that happened to a model, in order."""
    return {"events": [event(one) for one in events]}


def answers(found: Sequence[GateResult]) -> list[dict[str, Any]]:
    """Say what gates answered."""
    return [_answer(one.to_json()) for one in found]


def _answer(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "gate": told["gate"],
        "passed": bool(told["passed"]),
        "detail": told.get("detail") or "",
        "run_id": told.get("run"),
        "cached": bool(told.get("cached")),
    }


def card(
    markdown: str,
    fields: Mapping[str, str],
    carried: Mapping[str, Carried],
    helps: Mapping[str, str],
) -> dict[str, Any]:
    """Say a version's card, what people wrote on it, and what they may write.

    Parameters
    ----------
    carried : mapping
        What an earlier version's card says, and nobody has confirmed.
    helps : mapping
        What to write in each field there is.
    """
    form = [
        {
            "name": name,
            "help": about,
            "text": carried[name].text if name in carried else fields.get(name, ""),
            "carried_from": carried[name].version if name in carried else None,
        }
        for name, about in helps.items()
    ]
    return {"markdown": markdown, "fields": dict(fields), "form": form}


def lineage(found: Lineage) -> dict[str, Any]:
    """Say where a version came from and went, as a graph."""
    return {
        "nodes": [
            {
                "id": one.id,
                "kind": one.kind,
                "label": one.label,
                "detail": one.detail,
                "digest": one.digest,
                "size": one.size,
                "run_id": one.run_id,
                "cells": one.cells,
            }
            for one in found.nodes.values()
        ],
        "edges": [{"source": source, "target": to} for source, to in found.edges],
        "left_out": found.left_out,
    }


def trial(found: Trial) -> dict[str, Any]:
    """Say work on a version: under way, or what came of it."""
    outcome = found.outcome
    return {
        "id": found.id,
        "verb": found.about.verb,
        "model": found.about.model,
        "version": found.about.version,
        "alias": found.about.alias,
        "is_running": found.is_running,
        "answers": [] if outcome is None else answers(outcome.answers),
        "said": "" if outcome is None else outcome.said,
    }
