"""Long values of outputs, moved out into blobs and back. Knows no store."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

INLINE_LIMIT = 1024
_BLOB = "blob"
_BINARY_APPLICATIONS = frozenset(
    {"application/pdf", "application/octet-stream", "application/zip"}
)


def externalise(
    outputs: Iterable[dict[str, Any]],
    put: Callable[[bytes], str],
    inline_limit: int = INLINE_LIMIT,
) -> list[dict[str, Any]]:
    """Replace long stream texts and MIME values by references to blobs.

    Parameters
    ----------
    outputs : iterable of dict
        As nbformat has them; left as they are.
    put : callable
        Keeps bytes and returns the digest to find them by. Images are given to it
        decoded, JSON as UTF-8 text.
    inline_limit : int
        Bytes up to which a value stays where it is.

    Returns
    -------
    list of dict
        A reference is ``{"blob": digest, "size": bytes}``, with ``"encoding"``
        ``"base64"`` or ``"json"`` where the bytes are not the value's own text.
    """

    def move(value: Any, mime: str) -> Any:
        found = _encode(value, mime, inline_limit)
        if found is None:
            return value
        data, encoding = found
        reference: dict[str, Any] = {_BLOB: put(data), "size": len(data)}
        if encoding:
            reference["encoding"] = encoding
        return reference

    return [_each_value(output, move) for output in outputs]


def internalise(
    outputs: Iterable[dict[str, Any]], get: Callable[[str], bytes]
) -> list[dict[str, Any]]:
    """Undo `externalise`: put the bytes that `get` finds back in their places."""

    def fetch(value: Any, mime: str) -> Any:
        del mime
        if not isinstance(value, dict) or _BLOB not in value:
            return value
        return _decode(get(value[_BLOB]), value.get("encoding"))

    return [_each_value(output, fetch) for output in outputs]


def is_json_mime(mime: str) -> bool:
    """Tell whether nbformat keeps values of this MIME type as JSON."""
    return mime == "application/json" or mime.endswith("+json")


def is_binary_mime(mime: str) -> bool:
    """Tell whether nbformat keeps values of this MIME type as base64."""
    if mime.partition("/")[0] in ("image", "audio", "video"):
        return not mime.endswith("+xml")
    return mime in _BINARY_APPLICATIONS


def _each_value(
    output: dict[str, Any], change: Callable[[Any, str], Any]
) -> dict[str, Any]:
    changed = dict(output)
    if output.get("output_type") == "stream":
        changed["text"] = change(output["text"], "text/plain")
    elif isinstance(output.get("data"), dict):
        changed["data"] = {
            mime: change(value, mime) for mime, value in output["data"].items()
        }
    return changed


def _encode(value: Any, mime: str, limit: int) -> tuple[bytes, str] | None:
    """Return the bytes to move out and their encoding, None for what stays."""
    if not isinstance(value, str):
        data = json.dumps(value, separators=(",", ":")).encode("ascii")
        # A user's own {"blob": …} must not be taken for a reference later.
        is_lookalike = isinstance(value, dict) and _BLOB in value
        return (data, "json") if len(data) > limit or is_lookalike else None
    if len(value) * 4 <= limit:
        return None
    text = value.encode("utf-8", "surrogatepass")
    if len(text) <= limit:
        return None
    if is_binary_mime(mime):
        raw = _from_base64(text)
        if raw is not None:
            return raw, "base64"
    return text, ""


def _from_base64(text: bytes) -> bytes | None:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    # Only what comes back letter by letter may be kept decoded.
    return raw if base64.b64encode(raw) == text else None


def _decode(data: bytes, encoding: str | None) -> Any:
    if encoding == "json":
        return json.loads(data)
    if encoding == "base64":
        return base64.b64encode(data).decode("ascii")
    return data.decode("utf-8", "surrogatepass")
