"""Which names promise a secret."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

_SPLIT = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ENDS = {
    "password": "password",
    "passwords": "password",
    "passwd": "password",
    "passphrase": "password",
    "passcode": "password",
    "pwd": "password",
    "secret": "secret",
    "secrets": "secret",
    "token": "token",
    "apikey": "api-key",
    "credential": "credential",
    "credentials": "credential",
    "accesskey": "access-key",
    "privatekey": "private-key",
    "secretkey": "secret",
    "authtoken": "token",
    "accesstoken": "token",
}
KEYS = {
    "access": "access-key",
    "account": "access-key",
    "api": "api-key",
    "auth": "api-key",
    "encryption": "private-key",
    "private": "private-key",
    "secret": "secret",
    "signing": "private-key",
}
"""What goes before ``key`` where it opens something."""
_GLUED = ("password", "passwd", "apikey", "secretkey", "accesskey", "privatekey")
_TEXT_TOKENS = frozenset(
    {
        "add",
        "begin",
        "blank",
        "bos",
        "class",
        "cls",
        "count",
        "current",
        "decoder",
        "encoder",
        "end",
        "eos",
        "first",
        "image",
        "input",
        "last",
        "mask",
        "max",
        "min",
        "next",
        "num",
        "output",
        "pad",
        "prev",
        "previous",
        "prompt",
        "sep",
        "sos",
        "special",
        "start",
        "stop",
        "sub",
        "target",
        "text",
        "unk",
        "unknown",
        "word",
    }
)
"""What goes before ``token`` where it is a piece of text."""

SECRET_FILES = (
    ".env",
    ".env.*",
    ".netrc",
    ".pgpass",
    ".pypirc",
    "*.key",
    "*.kdbx",
    "*.p12",
    "*.pem",
    "*.pfx",
    "*credentials",
    "*credentials*.json",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    "id_rsa*",
    "secrets.json",
    "secrets.toml",
    "secrets.yaml",
    "secrets.yml",
)
"""Files, as shell patterns, of whose changes nothing is kept but the name."""


def is_secret_name(name: str) -> bool:
    """Tell whether a param, a variable or a setting of this name holds a secret.

    The last words decide: ``db_password``, ``HF_TOKEN`` and ``apiKey`` do,
    ``max_tokens``, ``token_count``, ``pad_token`` and ``tokenizer`` do not.
    """
    return kind_of_name(name) != ""


def is_secret_file(path: str) -> bool:
    """Tell whether a file of this name is made to hold secrets."""
    name = path.rpartition("/")[2].lower()
    return any(fnmatchcase(name, pattern) for pattern in SECRET_FILES)


def kind_of_name(name: str) -> str:
    """Return the kind of secret that a name promises, empty for none."""
    words = [word.lower() for word in _SPLIT.findall(name)]
    if not words:
        return ""
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last == "token" and before in _TEXT_TOKENS:
        return ""
    if last in ("key", "keys"):
        return KEYS.get(before, "")
    if last in _ENDS:
        return _ENDS[last]
    return next((_ENDS[end] for end in _GLUED if last.endswith(end)), "")
