"""What the names in a filter stand for, and values in the form they are stored in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jupyter_mlops.errors import FilterSyntaxError, nearest
from jupyter_mlops.records import micros_from_time
from jupyter_mlops.store.index.answers import NOUNS

if TYPE_CHECKING:
    from jupyter_mlops.store.index.grammar import Condition, Field

_PREFIXES = {
    **{name: name for name in NOUNS},
    **{name.removesuffix("s"): name for name in NOUNS},
    "attributes": "attributes",
    "attribute": "attributes",
}
ATTRIBUTES = (
    "run_id",
    "name",
    "experiment",
    "kind",
    "status",
    "started",
    "ended",
    "seconds",
    "notebook",
    "parent",
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a field stands for: an attribute, or a key of params, metrics or tags."""

    noun: str
    key: str


def find_target(text: str, field: Field) -> Target:
    """Find what a field of the filter `text` stands for.

    Raises
    ------
    FilterSyntaxError
        When it stands for nothing; names the nearest that does.
    """
    prefix, dot, key = field.text.partition(".")
    if not dot:
        prefix, key = "attributes", prefix
    noun = _PREFIXES.get(prefix.lower())
    if noun is None:
        hint = nearest(prefix, [*NOUNS, "attributes"])
        raise FilterSyntaxError(
            text, field.position, f"'{prefix}.' is no kind of name.{hint}"
        )
    if key[0] in '"`':
        key = key[1:-1]
    if noun == "attributes" and key not in ATTRIBUTES:
        position = field.position + (len(prefix) + 1 if dot else 0)
        raise FilterSyntaxError(
            text, position, f"runs have no '{key}'.{nearest(key, ATTRIBUTES)}"
        )
    return Target(noun, key)


def as_times(text: str, condition: Condition) -> Condition:
    """Turn ISO dates in quotes into microseconds; without a zone they are in UTC."""
    values = []
    for value in condition.values:
        try:
            moment = datetime.fromisoformat(value.value)
        except (TypeError, ValueError):
            raise FilterSyntaxError(
                text,
                value.position,
                "times compare with dates in quotes, such as '2026-01-31 18:00'",
            ) from None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        values.append(replace(value, value=micros_from_time(moment)))
    return replace(condition, values=tuple(values))


def lowered(condition: Condition) -> Condition:
    """Let FINISHED mean finished, as MLflow writes it."""
    values = tuple(
        replace(value, value=value.value.lower()) if type(value.value) is str else value
        for value in condition.values
    )
    return replace(condition, values=values)


def as_glob(pattern: str) -> str:
    """Turn a LIKE pattern, where a backslash escapes, into a GLOB pattern."""
    parts = []
    letters = iter(pattern)
    for letter in letters:
        if letter in "%_":
            parts.append("*" if letter == "%" else "?")
            continue
        plain = next(letters, "\\") if letter == "\\" else letter
        parts.append(f"[{plain}]" if plain in "*?[" else plain)
    return "".join(parts)
