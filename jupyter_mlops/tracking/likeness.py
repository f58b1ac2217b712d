"""Whether two values are alike: numbers, texts, tables, arrays, pictures, models.

Each function returns None when they are, else a few words on what differs and by how
much. Nothing is read or stored here.
"""

from __future__ import annotations

import io
import json
import math
import re
import tempfile
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

Change = str | None
_SHOWN = 60
_PIXEL = 2 / 255
"""What two renderings of one picture may differ by in a channel."""
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
_SKOPS_ID = re.compile(r'("__id__": |")(\d{6,})(?=[,}\s]|\.npy"|\.npz")')


def number_change(recorded: float, rerun: float, tolerance: float) -> Change:
    """Compare two numbers; NaN is like NaN, and `tolerance` is relative."""
    if recorded == rerun or (recorded != recorded and rerun != rerun):  # noqa: PLR0124 - NaN, of any type
        return None
    # Large integers lose their last digits when they are compared as floats.
    if tolerance and math.isclose(recorded, rerun, rel_tol=tolerance):
        return None
    said = f"{_short(recorded)} then, {_short(rerun)} now"
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
        return f"{_short(recorded)} then, {_short(rerun)} now"
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
            return f"{where}only in one of them: {_short(', '.join(odd))}"
        parts = [(f"{at}.{key}".lstrip("."), key) for key in recorded]
    elif isinstance(recorded, list) and isinstance(rerun, list):
        if len(recorded) != len(rerun):
            return f"{where}{len(recorded)} items then, {len(rerun)} now"
        parts = [(f"{at}[{place}]", place) for place in range(len(recorded))]
    elif type(recorded) is type(rerun) and recorded == rerun:
        return None
    else:
        return f"{where}{_short(recorded)} then, {_short(rerun)} now"
    changes = (
        value_change(recorded[key], rerun[key], tolerance, name) for name, key in parts
    )
    return next((change for change in changes if change is not None), None)


def array_change(recorded: Any, rerun: Any, tolerance: float) -> Change:
    """Compare two arrays; `tolerance` is relative to the largest value."""
    import numpy as np

    then, now = np.asarray(recorded), np.asarray(rerun)
    if then.shape != now.shape:
        return f"shape {then.shape} then, {now.shape} now"
    if then.dtype != now.dtype:
        return f"type {then.dtype} then, {now.dtype} now"
    if then.dtype.kind not in "fciub":
        unlike = then != now
        count = int(np.count_nonzero(unlike))
        return f"{count} of {then.size} values differ" if count else None
    wide = np.complex128 if then.dtype.kind == "c" else np.float64
    alike = then == now
    then, now = then.astype(wide), now.astype(wide)
    finite = np.isfinite(then)
    largest = float(np.abs(then[finite]).max()) if finite.any() else 0.0
    alike |= np.isnan(then) & np.isnan(now)
    if tolerance:
        alike |= np.isclose(now, then, rtol=0.0, atol=tolerance * largest)
    if alike.all():
        return None
    with np.errstate(all="ignore"):
        most = float(np.nanmax(np.abs(now - then)[~alike], initial=0.0))
    count = int(np.count_nonzero(~alike))
    return f"{count} of {then.size} values differ, by up to {most:.3g}"


def frame_change(recorded: Any, rerun: Any, tolerance: float) -> Change:
    """Compare two tables of pandas, polars or pyarrow by their values."""
    then, now = _as_pandas(recorded), _as_pandas(rerun)
    if list(then.columns) != list(now.columns):
        names = (_short(list(item.columns)) for item in (then, now))
        return "columns {} then, {} now".format(*names)
    if len(then) != len(now):
        return f"{len(then)} rows then, {len(now)} now"
    if not then.index.equals(now.index):
        return "the index differs"
    for place, name in enumerate(then.columns):
        one, other = then.iloc[:, place], now.iloc[:, place]
        if one.dtype != other.dtype:
            return f"column {name}: type {one.dtype} then, {other.dtype} now"
        if not one.equals(other) and (change := _column_change(one, other, tolerance)):
            return f"column {name}: {change}"
    return None


def _column_change(one: pd.Series, other: pd.Series, tolerance: float) -> Change:
    import pandas as pd

    if pd.api.types.is_float_dtype(one.dtype):
        then, now = (
            item.to_numpy(dtype="float64", na_value=math.nan) for item in (one, other)
        )
        return array_change(then, now, tolerance)
    unlike = (one != other) & ~(one.isna() & other.isna())
    count = int(unlike.fillna(value=True).sum())
    return f"{count} of {len(one)} values differ" if count else None


def _as_pandas(table: Any) -> pd.DataFrame:
    import pandas as pd

    if not isinstance(table, pd.DataFrame | pd.Series):
        table = table.to_pandas()
    return table.to_frame() if isinstance(table, pd.Series) else table


def picture_change(recorded: bytes, rerun: bytes) -> Change:
    """Compare two pictures pixel by pixel; by their bytes when they cannot be read."""
    if recorded == rerun:
        return None
    try:
        from matplotlib.image import imread

        then, now = imread(io.BytesIO(recorded)), imread(io.BytesIO(rerun))
    except Exception:  # noqa: BLE001 - no matplotlib, or no picture that it knows
        return "the pictures' bytes differ"
    if then.shape != now.shape:
        sizes = (f"{item.shape[1]} by {item.shape[0]}" for item in (then, now))
        return "{} pixels then, {} now".format(*sizes)
    scale = 255 if then.dtype.kind == "u" else 1
    apart = abs(then.astype("float64") - now.astype("float64")) / scale
    if apart.ndim > 2:  # noqa: PLR2004 - rows, columns and channels
        apart = apart.max(axis=2)
    share = float((apart > _PIXEL).mean())
    if not share:
        return None
    return f"{share:.2%} of the pixels differ, by up to {apart.max():.0%}"


def file_change(recorded: bytes, rerun: bytes) -> Change:
    """Compare two files by their bytes; archives by the bytes of what they hold."""
    if recorded == rerun:
        return None
    then, now = _members(recorded), _members(rerun)
    if then is not None and then == now:
        return None
    return f"{len(recorded)} bytes then, {len(rerun)} other ones now"


def _members(data: bytes) -> dict[str, bytes] | None:
    """Read an archive without times; a skops file also without addresses."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return None
    schema = found.get("schema.json")
    if schema is None:
        return found
    # skops names each object, and each file of one, by its address in memory.
    places: dict[str, str] = {}

    def numbered(match: re.Match[str]) -> str:
        return match[1] + places.setdefault(match[2], str(len(places)))

    text = _SKOPS_ID.sub(numbered, json.dumps(json.loads(schema)))
    renamed = {_renamed(name, places): data for name, data in found.items()}
    return renamed | {"schema.json": text.encode()}


def _renamed(name: str, places: dict[str, str]) -> str:
    stem, dot, suffix = name.partition(".")
    return places.get(stem, stem) + dot + suffix


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    text = value if isinstance(value, str) else repr(value)
    text = " ".join(text.split())
    text = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return f"'{text}'" if isinstance(value, str) else text
