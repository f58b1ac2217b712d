"""Secrets in text, found and masked before the text is stored. Sends nothing anywhere.

A text without any word or mark of a secret costs a few substring searches only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops.capture.secretnames import KEYS, is_secret_name, kind_of_name
from jupyter_mlops.capture.secretshapes import MARKS, Span, find_shapes

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Finding", "find_secrets", "is_secret_name", "redact"]

_WORDS = ("passw", "passphr", "pwd", "secret", "token", "credential")
_BEFORE_KEY = tuple(before + joint for before in KEYS for joint in ("", "_", "-", "."))
_SIGNS = (*_WORDS, "key", "://", *MARKS)
"""A text without any of these, in lower case, holds no secret that we know."""
_SHORT = 2000
_NAME_LIMIT = 80
_LINE_LIMIT = 500
_NAME_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"
_NAME_AFTER = re.compile(r"[\w-]{0,80}")
_OPERATOR = re.compile(
    r"""(?P<close>\\{0,3}["']?\]?)"""
    r"""(?P<space>[ \t]*)(?::[ \t]*[A-Za-z][\w\[\], |.]{0,40}?[ \t]*(?==[^=]))?"""
    r"""(?P<sign>=>|[:=!]?=|:|,)[ \t]*(?:\([ \t]*\n?[ \t]*)?"""
)
_QUOTE = re.compile(r"""[rRbBuUfF]{0,2}(\\{0,3})(\"\"\"|'''|"|')""")
_BODY = {
    '"': re.compile(r'(?:[^"\\\n]|\\.)*(?=")'),
    "'": re.compile(r"(?:[^'\\\n]|\\.)*(?=')"),
}
_BARE = re.compile(r"""[^\s"'`\\;,&|()\[\]{}<>]+""")
_LINE_START = re.compile(
    r"""\s*(?:[!%$>#-]*\s*)?(?:(?:export|set|env|set_env|ENV|ARG|-e)\s+)?\Z"""
)
_IN_CALL = re.compile(
    r"""(?:setenv|putenv|setdefault|set_key|run_line_magic)\(\s*[rbuf]?["']\Z"""
)
_FLAG_VALUE = re.compile(r"[= ][ ]*([^\s\"'`$<{(|;&-][^\s\"'`|;&]{3,})")
_USERINFO = re.compile(r"""[^\s:/?#@"'<>]{0,200}:([^\s@/"'<>]{1,400})@""")
_URL = re.compile(r"""://[^\s"'<>`\\]{1,8000}""")
_ARGUMENT = re.compile(r"[?&;]([\w.-]{1,60})=([^&;#\s]{6,4000})")
_SIGNATURES = frozenset({"sig", "signature", "awsaccesskeyid", "key", "code"})
"""Arguments of URLs that open what they lead to, besides those named as secrets."""
_PLACEHOLDER = re.compile(
    r"""[\s*xX.#?_-]*|<.*|\$.*|%[\w(].*|\{.*\}|(?i:your|my|insert|example)[-_ ].*"""
    r"""|(?i:none|null|true|false|str|string|empty|env)""",
    re.DOTALL,
)
_FILE = re.compile(
    r"(?:[~.]?/|\w:\\).*|.*\.(?:json|pem|txt|ya?ml|key|toml|ini|env|cfg)"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A secret that was masked; it holds nothing of the secret itself.

    Attributes
    ----------
    kind : str
        As in the mask: ``password``, ``api-key``, ``aws-key`` …
    line : int
        Where it was, from 1.
    """

    kind: str
    line: int


def redact(text: str) -> tuple[str, list[Finding]]:
    """Mask the secrets in code, configuration, output or a diff.

    Returns
    -------
    str
        The text with ``<masked:kind>`` in the place of each secret; quotes and the
        rest of the line stay.
    list of Finding
        In the order of the text; empty when nothing was masked.
    """
    spans = find_secrets(text)
    if not spans:
        return text, []
    parts, findings = [], []
    done, line, counted = 0, 1, 0
    for start, end, kind in spans:
        line += text.count("\n", counted, start)
        counted = start
        parts += [text[done:start], f"<masked:{kind}>"]
        findings.append(Finding(kind, line))
        done = end
    return "".join(parts) + text[done:], findings


def find_secrets(text: str) -> list[Span]:
    """Find where secrets stand in a text: in order, and none within another."""
    # A to Z only: places must be the same in both texts.
    lowered = text.lower() if text.isascii() else _lower(text)
    if len(text) < _SHORT and not _has_sign(lowered):
        # Nearly all of them, and it takes a tenth of the time.
        return []
    spans = [*find_shapes(text, lowered), *_named(text, lowered), *_urls(text)]
    return list(apart(spans)) if spans else []


def _has_sign(lowered: str) -> bool:
    for sign in _SIGNS:  # noqa: SIM110 - a generator would take twice as long
        if sign in lowered:
            return True
    return False


def _lower(text: str) -> str:
    return (
        text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
    )


def apart(spans: list[Span]) -> Iterator[Span]:
    """Join what overlaps; the first to begin names the whole."""
    last: Span | None = None
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if last is not None and span.start < last.end:
            last = last._replace(end=max(last.end, span.end))
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _urls(text: str) -> Iterator[Span]:
    at = text.find("://")
    while at >= 0:
        match = _USERINFO.match(text, at + 3)
        if match and not _PLACEHOLDER.fullmatch(match[1]):
            yield Span(match.start(1), match.end(1), "url-password")
        yield from _queries(text, at)
        at = text.find("://", at + 3)


def _queries(text: str, at: int) -> Iterator[Span]:
    """Find what opens a URL: a token or a signature among its arguments."""
    url = _URL.match(text, at)
    if url is None or "?" not in url[0]:
        return
    for match in _ARGUMENT.finditer(text, at, url.end()):
        name = match[1].lower()
        is_secret = name.rpartition("-")[2] in _SIGNATURES or is_secret_name(match[1])
        if is_secret and not _PLACEHOLDER.fullmatch(match[2]):
            yield Span(match.start(2), match.end(2), "url-signature")


def _named(text: str, lowered: str) -> Iterator[Span]:
    """Find literals that are given to names such as ``password``."""
    places = [at for word in _WORDS for at in _places(lowered, word)]
    places += _key_places(lowered)
    places.sort()
    done = 0
    for at in places:
        if at < done:
            continue
        before = text[max(at - _NAME_LIMIT, done) : at]
        start = at - len(before) + len(before.rstrip(_NAME_LETTERS))
        after = _NAME_AFTER.match(text, at)
        done = after.end() if after else at
        name = text[start:done]
        if is_secret_name(name):
            span = _value(text, start, done, name)
            if span is not None:
                done = span[1]
                yield Span(*span, kind_of_name(name))


def _places(lowered: str, word: str) -> Iterator[int]:
    at = lowered.find(word)
    while at >= 0:
        yield at
        at = lowered.find(word, at + len(word))


def _key_places(lowered: str) -> list[int]:
    """Find the keys that open something, among the many that sort or look up."""
    return [
        at
        for at in _places(lowered, "key")
        if lowered[max(at - 12, 0) : at].endswith(_BEFORE_KEY)
    ]


def _value(text: str, start: int, end: int, name: str) -> tuple[int, int] | None:
    """Find the literal given to the name that stands from `start` to `end`."""
    line = text[max(text.rfind("\n", 0, start) + 1, start - _LINE_LIMIT) : start]
    if name.startswith("--"):
        flag = _FLAG_VALUE.match(text, end)
        return flag.span(1) if flag else None
    operator = _OPERATOR.match(text, end)
    if operator is None:
        return None
    is_quoted = operator["close"].strip("\\]") != ""
    if operator["sign"] == "," and not (is_quoted and _IN_CALL.search(line)):
        return None
    is_inside = not is_quoted and _is_inside(line)
    quote = None if is_inside else _QUOTE.match(text, operator.end())
    if quote is not None:
        return _quoted(text, quote, name)
    if is_quoted:
        return None
    return _bare(text, operator, line, name, is_inside=is_inside)


def _quoted(text: str, quote: re.Match[str], name: str) -> tuple[int, int] | None:
    escape, mark = quote[1], quote[2]
    start = quote.end()
    if not escape and mark in _BODY:
        body = _BODY[mark].match(text, start)
        end = body.end() if body else -1
    else:
        end = text.find(escape + mark, start)
    if end < 0 or not is_real(text[start:end], name):
        return None
    return start, end


def _bare(
    text: str, operator: re.Match[str], line: str, name: str, *, is_inside: bool
) -> tuple[int, int] | None:
    """Find an unquoted value: in a settings file, or within a text that is quoted."""
    match = _BARE.match(text, operator.end())
    if match is None or not is_real(match[0], name) or _is_expression(match[0]):
        return None
    if is_inside:
        is_value = operator["sign"] == "=" and not operator["space"]
    else:
        is_whole = text[match.end() : match.end() + 1] in ("", "\n", "\r")
        is_value = is_whole and _LINE_START.match(line) is not None
        if operator["sign"] == ":" or operator["space"] or name.upper() != name:
            # Python writes so, too: only what could be none of its names.
            is_value = (
                is_value
                and any(letter.isdigit() for letter in match[0])
                and (operator["sign"] == ":" or not match[0].isidentifier())
            )
    return match.span() if is_value else None


def _is_inside(line: str) -> bool:
    """Tell whether the end of `line` is within quotes, as far as a line can tell."""
    unescaped = line.replace("\\\\", "").replace('\\"', "").replace("\\'", "")
    quotes = re.findall(r"[\"']", unescaped)
    opened = ""
    for quote in quotes:
        if not opened:
            opened = quote
        elif quote == opened:
            opened = ""
    return opened != ""


def _is_expression(value: str) -> bool:
    """Tell whether a bare value rather is a dotted name or a small number."""
    if value.replace(".", "").isdigit():
        return len(value) < 6  # noqa: PLR2004 - a count or a length, no code
    return "." in value and all(part.isidentifier() for part in value.split("."))


def is_real(value: str, name: str) -> bool:
    """Tell a secret from an empty text, a placeholder, a path or a word."""
    if _PLACEHOLDER.fullmatch(value) or _FILE.fullmatch(value):
        return False
    kind = kind_of_name(name)
    if kind == "private-key":
        return len(value) > 6  # noqa: PLR2004 - it may have many lines
    if kind in ("password", "secret"):
        return len(value) > 2 and "\n" not in value  # noqa: PLR2004 - "no" is none
    if len(value) < 6 or any(letter.isspace() for letter in value):  # noqa: PLR2004 - as above
        return False
    # A "token" of a text is a word; the secret kind has digits, or is long.
    is_word = name.lower() == "token" and value.isalpha() and len(value) < 20  # noqa: PLR2004 - as above
    return not is_word
