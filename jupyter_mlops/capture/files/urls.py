"""URLs as they may be stored: without users, passwords and signatures."""

from __future__ import annotations

import re

from jupyter_mlops.capture.secretnames import is_secret_name

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_SIGNED = re.compile(
    r"x-amz-|x-goog-|x-ms-|aws|google|(sig|sv|se|sp|sr|key|code|policy|auth|hmac|"
    r"expires|expiry|key-pair-id|signature|jwt|session|access)$",
    re.IGNORECASE,
)
"""Names of query fields that sign a URL, or open what it leads to."""


def is_url(text: str) -> bool:
    """Tell a URL from a path."""
    return _SCHEME.match(text) is not None


def bare_url(url: str) -> str:
    """Take user and password off a URL, and its query when a field of it signs it."""
    scheme, _, rest = url.partition("://")
    place, mark, query = rest.partition("?")
    host, slash, path = place.partition("/")
    host = host.rpartition("@")[2]
    if query and any(_is_signing(field) for field in query.split("&")):
        mark = query = ""
    return f"{scheme}://{host}{slash}{path}{mark}{query}"


def _is_signing(field: str) -> bool:
    name = field.partition("=")[0]
    return _SIGNED.match(name) is not None or is_secret_name(name)
