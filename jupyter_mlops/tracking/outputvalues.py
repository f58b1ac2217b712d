"""The values of recorded outputs, one by MIME type: their digests, texts and bytes."""

from __future__ import annotations

import base64
import binascii
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.inlining import externalise, internalise
from jupyter_mlops.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    GetBytes = Callable[[str], bytes]

PLAIN = "text/plain"
HTML = "text/html"
WIDGET = "application/vnd.jupyter.widget-view+json"
"""Names a view by a number that is another each time."""

_PASSING = (
    (re.compile(r"\b0x[0-9a-fA-F]{4,}\b"), "0x…"),
    # pandas' styled tables name their parts anew each time.
    (re.compile(r"\bT_[0-9a-f]{5}"), "T_…"),
)


def output_values(outputs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Bring each output into its values by MIME type; a stream by its name."""
    return [_by_mime(output) for output in outputs]


def _by_mime(output: dict[str, Any]) -> dict[str, Any]:
    kind = output.get("output_type")
    if kind == "stream":
        return {str(output.get("name", "stdout")): output.get("text", "")}
    if kind == "error":
        # The traceback tells lines of files that are none of this run's doing.
        return {"error": f"{output.get('ename')}: {output.get('evalue')}"}
    data = output.get("data")
    return data if isinstance(data, dict) else {}


def is_lines(name: str) -> bool:
    """Tell whether a value is read by line: plain text, streams and errors."""
    return name == PLAIN or "/" not in name


def value_digest(value: Any, mime: str) -> str:
    """Return the digest that the value has, or would have, among the blobs."""
    if isinstance(value, dict) and isinstance(value.get("blob"), str):
        return str(value["blob"])
    digest = ""

    def put(data: bytes) -> str:
        nonlocal digest
        digest = sha256(data).hexdigest()
        return digest

    output = {"output_type": "display_data", "data": {mime: value}}
    externalise([output], put, inline_limit=-1)
    return digest


def value_text(value: Any, get: GetBytes) -> str | None:
    """Return a text as it was shown; None when its bytes cannot be had."""
    if value is None:
        return ""
    output = {"output_type": "stream", "text": value}
    try:
        (found,) = internalise([output], get)
    except StoreError:
        return None
    text = found["text"]
    return "".join(text) if isinstance(text, str | list) else None


def without_passing(text: str) -> str:
    """Take out what no two processes share: addresses, and ids drawn by chance."""
    for pattern, word in _PASSING:
        text = pattern.sub(word, text)
    return text


def value_bytes(value: Any, get: GetBytes) -> bytes | None:
    """Return the bytes of a picture; None when they cannot be had."""
    try:
        if isinstance(value, dict):
            return get(value["blob"])
        text = "".join(value)
        if "<svg" in text[:1000]:
            return text.encode("utf-8", "replace")
        return base64.b64decode(text)
    except (StoreError, KeyError, TypeError, binascii.Error, ValueError):
        return None
