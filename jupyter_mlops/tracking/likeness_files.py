"""Whether two pictures, files or archives are alike."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_mlops.tracking.likeness import Change

_PIXEL = 2 / 255
"""What two renderings of one picture may differ by in a channel."""
_SKOPS_ID = re.compile(r'("__id__": |")(\d{6,})(?=[,}\s]|\.npy"|\.npz")')


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
