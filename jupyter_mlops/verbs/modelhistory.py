"""Everything that happened to a model, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.verbs import shown
from jupyter_mlops.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from jupyter_mlops.records import ModelEvent
    from jupyter_mlops.workspace import Workspace

_WIDTH = 84
_DIGEST = 8
_NAME = 24


@dataclass(frozen=True)
class ModelHistory:
    """The events of one model, each a link of a verified chain."""

    model: str
    events: Sequence[ModelEvent]
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> list[ModelEvent]:
        """Return one object an event."""
        return list(self.events)

    def render(self) -> RenderableType:
        """Return a table, the oldest first."""
        return event_table(self.events)


def show_history(workspace: Workspace, name: str) -> ModelHistory:
    """List everything that happened to a model."""
    return ModelHistory(name, workspace.registry.history(name))


def event_table(events: Sequence[ModelEvent]) -> Table:
    """Make a table of events: when, who, what."""
    table = shown.make_table("", "when", "who", "what", "link", right=[""])
    for event in events:
        table.add_row(
            shown.text(str(event.number), "dim"),
            shown.text(shown.ago(event.time)),
            shown.text(_who(event)),
            shown.text(told(event), width=_WIDTH),
            shown.text(event.digest[:_DIGEST], "dim"),
        )
    return table


def told(event: ModelEvent) -> str:
    """Say what an event is about, in one line."""
    fields = event.fields
    version = f"version {fields.get('version')}"
    alias = fields.get("alias")
    gates = [one for one in fields.get("gates", ()) if isinstance(one, dict)]
    match event.kind:
        case "registered":
            said = f"{version} registered"
        case "alias_set" | "refused" | "alias_removed":
            said = _moved(event.kind, fields, gates)
        case "gated":
            said = f"{version}{_gates(gates)}"
        case "verified":
            said = f"{version} made again: {fields.get('summary')}"
        case "approved" | "withdrawn":
            does = "approved" if event.kind == "approved" else "no longer approved"
            to_be = f" as {alias}" if alias else ""
            said = f"{version} {does}{to_be}{_entered(fields)}"
        case "archived" | "restored":
            does = "archived" if event.kind == "archived" else "in use again"
            said = f"{version} {does}"
        case "downloaded":
            purpose, target = fields.get("purpose"), fields.get("target")
            how = "published" if purpose == "published" else f"taken as {purpose}"
            said = f"{version} {how} to {target}"
        case "card":
            # Which needs YAML, that lists can do without.
            from jupyter_mlops.registry.cards.markdown import card_words

            said = f"card of {version}: {card_words(fields)}"
        case "noted":
            gone = "" if fields.get("note") else ", taken off"
            said = f"note of {version}{gone}"
        case "healed":
            said = "a line torn by a crash stands before this one"
        case other:
            said = other
    words = (fields.get("note"), fields.get("reason"))
    return ": ".join([said, *(str(word) for word in words if word)])


def _moved(kind: str, fields: dict[str, Any], gates: list[dict[str, Any]]) -> str:
    """Say where an alias went, or why it did not."""
    alias, version = fields.get("alias"), f"version {fields.get('version')}"
    if kind == "alias_removed":
        return f"{alias} taken away from {version}"
    if kind == "refused":
        return f"{alias} not moved to {version}{_gates(gates)}"
    how = "forced to" if fields.get("forced") else "set to"
    return f"{alias} {how} {version}{_was(fields)}{_gates(gates)}"


def _who(event: ModelEvent) -> str:
    """Say who it was; however long the name, who vouches for it is seen."""
    if not event.by:
        return ""
    return f"{one_line(event.by, _NAME)} ({event.by_source})"


def _was(fields: dict[str, Any]) -> str:
    was = fields.get("was")
    return f", was {was}" if was not in (None, fields.get("version")) else ""


def _entered(fields: dict[str, Any]) -> str:
    by = fields.get("entered_by")
    return f", entered by {by}" if by else ""


def _gates(gates: list[dict[str, Any]]) -> str:
    if not gates:
        return ""
    failed = [str(one.get("gate")) for one in gates if not one.get("passed")]
    if not failed:
        return f", {shown.counted(len(gates), 'gate')} passed"
    return f", not passed: {', '.join(failed)}"
