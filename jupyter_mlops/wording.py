"""What is recorded, in words and short numbers, for terminals and pages alike."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SHORT_ID = 10
_WIDTH = 40
_KILO = 1000


def one_line(value: str, width: int | None = None) -> str:
    """Bring a text onto one line that cannot steer the terminal, shortened."""
    if width is not None:
        # Enough to know that it is too long, of a text that may be huge.
        value = value[: 4 * width + 4]
    line = " ".join(value.split())
    line = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for letter in line
    )
    if width is not None and len(line) > width:
        return line[: width - 1] + "…"
    return line


def safe_line(line: str) -> str:
    """Keep a line's spaces, but nothing that steers the terminal."""
    kept = line.expandtabs(4)
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for letter in kept
    )


def number(value: float) -> str:
    """Write a number with about five digits; not-a-number as NaN."""
    if isinstance(value, int):
        return str(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    return f"{value:.5g}"


def value(found: Any, width: int = _WIDTH) -> str:
    """Write a param's value."""
    if isinstance(found, bool) or found is None:
        return str(found)
    if isinstance(found, int | float):
        return number(found)
    if isinstance(found, str):
        return one_line(found, width)
    return one_line(json.dumps(found, ensure_ascii=False), width)


def counted(count: int, noun: str) -> str:
    """Write how many of a noun there are."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def took(seconds: float | None) -> str:
    """Write how long something took."""
    if seconds is None or math.isnan(seconds):
        return ""
    if seconds < 1:
        return f"{seconds * _KILO:.0f} ms"
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def ago(moment: datetime, now: datetime | None = None) -> str:
    """Write when something was: relative within a week, else the local day."""
    seconds = ((now or datetime.now(UTC)) - moment).total_seconds()
    for limit, size, unit in ((90, 1, "s"), (5400, 60, "min"), (129600, 3600, "h")):
        if seconds < limit:
            return f"{max(0, round(seconds / size))} {unit} ago"
    days = round(seconds / 86400)
    if days <= 7:  # noqa: PLR2004 - a week
        return f"{days} days ago"
    return moment.astimezone().strftime("%Y-%m-%d")


def day_and_time(moment: datetime) -> str:
    """Write when something was, to the second, as the local clock has it."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def size(count: int) -> str:
    """Write a number of bytes."""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < _KILO:
            return f"{count} B" if unit == "B" else f"{amount:.3g} {unit}"
        amount /= _KILO
    return f"{amount:.3g} TB"


def short_ids(ids: Iterable[str]) -> dict[str, str]:
    """Shorten ids to prefixes that tell them apart, of at least ten letters."""
    ordered = sorted(set(ids))
    short = {}
    for at, run_id in enumerate(ordered):
        neighbours = ordered[max(0, at - 1) : at] + ordered[at + 1 : at + 2]
        common = max((_common(run_id, other) for other in neighbours), default=0)
        short[run_id] = run_id[: max(SHORT_ID, common + 1)]
    return short


def _common(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def named_values(values: Mapping[str, Any], most: int = 8) -> str:
    """Write names with their values on a line: a few, and how many more."""
    said = [f"{one_line(name, 40)}={value(v, 24)}" for name, v in values.items()]
    rest = len(said) - most
    return ", ".join(said[:most]) + (f" and {rest} more" if rest > 0 else "")
