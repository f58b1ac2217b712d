"""Secrets that are known by their own shape, whatever name they bear.

The common ones are written here, since they must be found at once. For others the
detectors of detect-secrets are asked, whose import takes a third of a second: only
when a text holds a mark of theirs. Nothing is ever sent anywhere to verify it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.capture.ownimports import OwnImports

if TYPE_CHECKING:
    from collections.abc import Iterator


class Span(NamedTuple):
    """Where a secret stands in a text."""

    start: int
    end: int
    kind: str


class _Shape(NamedTuple):
    """A pattern, and how its matches begin in lower case: found much faster."""

    kind: str
    marks: tuple[str, ...]
    pattern: re.Pattern[str]


def _shape(kind: str, marks: str, pattern: str) -> _Shape:
    return _Shape(kind, tuple(marks.split()), re.compile(pattern))


_SHAPES = (
    _shape("aws-key", "akia asia", r"(?<!\w)A(?:KIA|SIA)[0-9A-Z]{16}(?!\w)"),
    _shape("github-token", "gh", r"(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{36,255}"),
    _shape("github-token", "github_pat_", r"github_pat_[A-Za-z0-9_]{22,255}"),
    _shape("slack-token", "xox", r"(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{10,250}"),
    _shape("google-key", "aiza", r"(?<![A-Za-z0-9])AIza[0-9A-Za-z_-]{35}"),
    _shape("stripe-key", "sk_live_ rk_live_", r"[sr]k_live_[0-9A-Za-z]{10,99}"),
    _shape("jwt", "eyj", r"(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"),
    _shape("huggingface-token", "hf_", r"(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,99}"),
    # Both kinds of letter and a digit: class names of scikit-learn's HTML have fewer.
    _shape(
        "openai-key",
        "sk-",
        r"(?<![\w-])sk-(?=[\w-]*[0-9])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{20,250}",
    ),
    _shape("npm-token", "npm_", r"(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}"),
    _shape("bearer-token", "bearer", r"(?i:bearer[ ]+)(?=\S*[0-9])[\w.~+/=-]{16,}"),
    _shape(
        "private-key",
        "-----begin",
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"
        r"(?:[^-]*-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|[\w+/=\s\\]*)",
    ),
)
_KEPT = len("bearer ")
"""What goes before a bearer token says how it is used, and stays."""
_DETECTORS = (
    ("gitlab_token", "GitLabTokenDetector", "glpat-"),
    ("pypi_token", "PypiTokenDetector", "pypi-ag"),
    ("sendgrid", "SendGridDetector", "sg."),
    ("slack", "SlackDetector", "hooks.slack.com"),
    ("square_oauth", "SquareOAuthDetector", "sq0csp-"),
)

MARKS = (
    *(mark for shape in _SHAPES for mark in shape.marks),
    *(mark for _, _, mark in _DETECTORS),
)
"""A text without any of these, in lower case, holds no secret of known shape."""


def find_shapes(text: str, lowered: str) -> Iterator[Span]:
    """Find the secrets of known shape; `lowered` is `text` with A to Z lowered."""
    for kind, marks, pattern in _SHAPES:
        for mark in marks:
            at = lowered.find(mark)
            while at >= 0:
                match = pattern.match(text, at)
                if match:
                    start = at + _KEPT if kind == "bearer-token" else at
                    yield Span(start, match.end(), kind)
                    at = match.end() - 1
                at = lowered.find(mark, at + 1)
    for module, name, mark in _DETECTORS:
        # "sg." ends many a word; what it marks is in capitals.
        if mark in lowered and (mark != "sg." or "SG." in text):
            yield from _detected(text, module, name)


def _detected(text: str, module: str, name: str) -> Iterator[Span]:
    kind = module.replace("_", "-")
    # Its patterns, not its analyze_string: that gives groups, so half a secret.
    for pattern in _patterns(module, name):
        for match in pattern.finditer(text):
            yield Span(*match.span(), kind)


@cache
def _patterns(module: str, name: str) -> tuple[re.Pattern[str], ...]:
    from importlib import import_module

    with OwnImports():
        plugin = import_module(f"detect_secrets.plugins.{module}")
    detector: Any = getattr(plugin, name)
    return tuple(detector.denylist)
