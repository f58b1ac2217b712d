"""A workspace's model cards: what is recorded of a version, and what people wrote."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import MlopsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.ids import Digest
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.registry import Identity
    from jupyter_mlops.registry.cards import CardFacts, Carried, RecipeCell
    from jupyter_mlops.registry.signatures import Signature
    from jupyter_mlops.workspace.lineage import Lineage
    from jupyter_mlops.workspace.workspace import Workspace


class Cards:
    """What a workspace says of its versions: see `Workspace.cards`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def facts(self, version: VersionRecord | str) -> CardFacts:
        """Gather what a card says of a version; what is not here is left out."""
        from jupyter_mlops.registry.cards import (
            CardFacts,
            carried_fields,
            own_fields,
        )

        registry = self._workspace.registry
        if isinstance(version, str):
            version = registry.find(version)
        number = version.version
        history = registry.history(version.model)
        events = [event for event in history if event.fields.get("version") == number]
        run = self._workspace.models.run_of(version)
        profile = self._document(version.profile)
        return CardFacts(
            version=version,
            run=run.record if run else None,
            events=events,
            fields={k: text for k, text in own_fields(events, number).items() if text},
            carried=carried_fields(history, number),
            files=run.files if run else (),
            profile=profile,
            inputs=_inputs(self.signature(version)),
            recipe=self._recipe(version),
            environment=self._document(version.environment),
            lock=self._text(version.lock),
        )

    def signature(self, version: VersionRecord) -> Signature | None:
        """Return what a version takes, None when that is not known."""
        from jupyter_mlops.registry.signatures import Signature

        if version.signature is None:
            return None
        data = self._workspace.store.blobs.get_bytes(version.signature)
        return Signature.read(data, version.signature)

    def fill(
        self,
        uri: str,
        fields: Mapping[str, str],
        *,
        by: Identity | str | None = None,
    ) -> VersionRecord:
        """Keep what people write on a card, as an event of the model's history.

        Fields that say what they said before are passed over; an empty text empties
        one. The text that an earlier version's card has confirms it for this one.
        """
        from jupyter_mlops.registry.cards import checked_field, own_fields

        registry = self._workspace.registry
        version = registry.find(uri)
        own = own_fields(registry.history(version.model), version.version)
        carried = self.carried(version)
        checked = {name: checked_field(name, text) for name, text in fields.items()}
        new = {
            name: text
            for name, text in checked.items()
            if name in carried or text != own.get(name, "")
        }
        if not new:
            return version
        confirmed = {
            name: carried[name].version
            for name, text in new.items()
            if name in carried and text == carried[name].text
        }
        return registry.standing.keep_card(
            version.model, version.version, new, confirmed=confirmed, by=by
        )

    def carried(self, version: VersionRecord) -> dict[str, Carried]:
        """Return what the card has of earlier versions, and nobody has confirmed."""
        from jupyter_mlops.registry.cards import carried_fields

        history = self._workspace.registry.history(version.model)
        return carried_fields(history, version.version)

    def lineage(self, facts: CardFacts) -> Lineage:
        """Draw where a version came from, and where it went."""
        from jupyter_mlops.workspace.lineage import lineage_of

        return lineage_of(self._workspace, facts)

    def curves(self, facts: CardFacts) -> dict[str, tuple[list[int], list[float]]]:
        """Return steps and values of each metric that has more than one value."""
        if facts.run is None:
            return {}
        found = {}
        for name in facts.version.metrics:
            summary = facts.summary(name)
            if summary is not None and summary.count > 1:
                series = self._workspace.store.index.history(facts.run.run_id, name)
                found[name] = (list(series.steps), list(series.values))
        return found

    def _recipe(self, version: VersionRecord) -> list[RecipeCell]:
        from jupyter_mlops.registry.cards import RecipeCell

        if version.recipe_kind == "script":
            text = self._text(version.recipe)
            return [RecipeCell(source=text)] if text else []
        cells = self._document(version.recipe).get("cells") or ()
        found = []
        for cell in cells:
            told = cell.get("metadata", {}).get("jupyter_mlops") or {}
            is_ours = version.recipe_kind == "recipe" and not told
            if cell.get("cell_type") != "code" or is_ours:
                continue
            source = cell.get("source", "")
            found.append(
                RecipeCell(
                    source=source if isinstance(source, str) else "".join(source),
                    ran_as=told.get("ran_as", cell.get("execution_count")),
                    reasons=tuple(told.get("reasons") or ()),
                    cell_id=told.get("cell_id"),
                )
            )
        return found

    def _document(self, digest: Digest | None) -> dict[str, Any]:
        text = self._text(digest)
        found = json.loads(text) if text else {}
        return found if isinstance(found, dict) else {}

    def _text(self, digest: Digest | None) -> str:
        if digest is None:
            return ""
        try:
            return self._workspace.store.blobs.get_bytes(digest).decode()
        except MlopsError:
            # The card says what it can; the doctor says what is missing.
            return ""


def _inputs(signature: Signature | None) -> list[dict[str, Any]]:
    """Return what a model takes: name, kind, dtype and whether it must be there."""
    if signature is None:
        return []
    if not signature.columns:
        shape = ["any" if size is None else size for size in signature.shape or ()]
        return [{"name": "array", "kind": shape, "dtype": signature.dtype}]
    return [
        {
            "name": column.name,
            "kind": column.kind,
            "dtype": column.dtype,
            "required": not column.optional,
        }
        for column in signature.columns
    ]
