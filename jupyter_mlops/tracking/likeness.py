"""Whether two values are alike: numbers, texts, values of JSON's types.

Each function returns None when they are, else a few words on what differs and by how
much. Nothing is read or stored here.
"""

from __future__ import annotations

import math
import re
import tempfile
from typing import Any

Change = str | None
_SHOWN = 60
_DURATION = r"(?:ns|[µμu]s|ms|sec(?:ond)?s?|min(?:ute)?s?|s|h)\b"
_TEMP = "|".join(
    re.escape(folder)
    for folder in sorted({tempfile.gettempdir(), "/tmp", "/var/tmp"})  # noqa: S108 - looked for in texts, not used
)
# In this order: what comes first may hold the later ones.
_PASSING: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]"), ""),
    # A progress bar writes over its line: what it showed last counts.
    (re.compile(r"[^\n]*\r(?!\n)"), ""),
    (re.compile(rf"(?:{_TEMP})/[^\s'\"<>:,)]*"), "<path>"),
    (re.compile(r"\b0x[0-9a-fA-F]{4,}\b"), "<address>"),
    (re.compile(r"\b[0-7][0-9a-hjkmnp-tv-z]{25}\b"), "<run>"),
    (re.compile(r"\bIn ?\[\d+\]"), "In [ ]"),
    (
        re.compile(
            r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?"
            r"(?:Z|[+-]\d\d:?\d\d)?"
        ),
        "<time>",
    ),
    (re.compile(r"\b\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?\b"), "<time>"),
    (re.compile(r"[\d.,?]+ ?(?:\w*it|s)/(?:s|\w*it)\b"), "<speed>"),
    (re.compile(rf"(?<![\w.])\d+(?:[.,]\d+)?(?:e[+-]?\d+)? ?{_DURATION}"), "<seconds>"),
)
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w])")


def number_change(recorded: float, rerun: float, tolerance: float) -> Change:
    """Compare two numbers; NaN is like NaN, and `tolerance` is relative."""
    if recorded == rerun or (recorded != recorded and rerun != rerun):  # noqa: PLR0124 - NaN, of any type
        return None
    # Large integers lose their last digits when they are compared as floats.
    if tolerance and math.isclose(recorded, rerun, rel_tol=tolerance):
        return None
    said = f"{short(recorded)} then, {short(rerun)} now"
    if not (math.isfinite(recorded) and math.isfinite(rerun)):
        return said
    said += f": by {rerun - recorded:+.3g}"
    return said + (f" ({(rerun - recorded) / abs(recorded):+.2%})" if recorded else "")


def text_change(recorded: str, rerun: str, tolerance: float) -> Change:
    """Compare two texts, line by line, without what passes: addresses, times, ids."""
    if recorded == rerun:
        return None
    then = normal_text(recorded).splitlines()
    now = normal_text(rerun).splitlines()
    for count, (one, other) in enumerate(zip(then, now, strict=False), start=1):
        if (change := _line_change(one, other, tolerance)) is not None:
            return f"line {count}: {change}"
    if len(then) != len(now):
        return f"{len(then)} lines then, {len(now)} now"
    return None


def normal_text(text: str) -> str:
    """Replace what differs from run to run by itself in a text."""
    for pattern, word in _PASSING:
        text = pattern.sub(word, text)
    return text.strip()


def _line_change(recorded: str, rerun: str, tolerance: float) -> Change:
    # Tables are aligned by their longest number: the blanks say nothing.
    one, other = (
        " ".join(_NUMBER.sub("#", line).split()) for line in (recorded, rerun)
    )
    if one != other:
        return f"{short(recorded)} then, {short(rerun)} now"
    pairs = zip(_NUMBER.findall(recorded), _NUMBER.findall(rerun), strict=True)
    for then, now in pairs:
        if then != now and (
            change := number_change(float(then), float(now), tolerance)
        ):
            return change
    return None


def value_change(recorded: Any, rerun: Any, tolerance: float, at: str = "") -> Change:
    """Compare two values of JSON's types, however deep."""
    where = f"{at}: " if at else ""
    if _is_number(recorded) and _is_number(rerun):
        change = number_change(recorded, rerun, tolerance)
        return None if change is None else where + change
    if isinstance(recorded, dict) and isinstance(rerun, dict):
        if recorded.keys() != rerun.keys():
            odd = sorted(map(str, recorded.keys() ^ rerun.keys()))
            return f"{where}only in one of them: {short(', '.join(odd))}"
        parts = [(f"{at}.{key}".lstrip("."), key) for key in recorded]
    elif isinstance(recorded, list) and isinstance(rerun, list):
        if len(recorded) != len(rerun):
            return f"{where}{len(recorded)} items then, {len(rerun)} now"
        parts = [(f"{at}[{place}]", place) for place in range(len(recorded))]
    elif type(recorded) is type(rerun) and recorded == rerun:
        return None
    else:
        return f"{where}{short(recorded)} then, {short(rerun)} now"
    changes = (
        value_change(recorded[key], rerun[key], tolerance, name) for name, key in parts
    )
    return next((change for change in changes if change is not None), None)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def short(value: Any) -> str:
    """Write a value in a few words."""
    if isinstance(value, float):
        return f"{value:.10g}"
    text = value if isinstance(value, str) else repr(value)
    text = " ".join(text.split())
    text = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return f"'{text}'" if isinstance(value, str) else text
