"""Values that are known to be secret, found in texts in every form they may take."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from jupyter_mlops.capture.secretshapes import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VARIABLE = "JUPYTER_MLOPS_SECRET_NAMES"
"""Tells a notebook's kernel which of its variables hold secrets: names, no values."""
SHORTEST = 4
"""Letters: what is shorter would be found in every other word."""
KIND = "secret"
MASK = f"<masked:{KIND}>"
_LINE = 12


class KnownSecrets:
    """Finds values that must not be stored.

    In a kernel that runs a notebook with secret parameters they are looked up by the
    names that `VARIABLE` gives, when a text is about to be recorded.
    """

    __slots__ = ("_forms", "_names", "_pattern", "_seen")

    def __init__(self) -> None:
        self._names = tuple(filter(None, os.environ.get(VARIABLE, "").split(",")))
        self._seen: set[str] = set()
        self._forms: tuple[str, ...] = ()
        self._pattern: re.Pattern[str] | None = None

    def __bool__(self) -> bool:
        return bool(self._names or self._forms)

    def add(self, values: Iterable[Any]) -> None:
        """Take values; of containers, the texts in them."""
        new = {text for value in values for text in _texts(value)} - self._seen
        if not new:
            return
        self._seen |= new
        forms = {form for text in self._seen for form in _forms(text)}
        # The longest first: one may begin with another.
        self._forms = tuple(sorted(forms, key=lambda form: (-len(form), form)))
        self._pattern = re.compile("|".join(map(re.escape, self._forms)))

    def spans(self, text: str) -> list[Span]:
        """Find where they stand in a text."""
        self._look_up()
        if self._pattern is None or not any(form in text for form in self._forms):
            return []
        return [Span(*found.span(), KIND) for found in self._pattern.finditer(text)]

    def masked(self, text: str) -> tuple[str, int]:
        """Mask them in a text, and count them."""
        self._look_up()
        if self._pattern is None or not any(form in text for form in self._forms):
            return text, 0
        return self._pattern.subn(MASK, text)

    def begins_at(self, text: str, end: int) -> int:
        """Say where, before `end`, one may have begun of which the rest is to come."""
        self._look_up()
        longest = max(map(len, self._forms), default=0)
        for at in range(max(0, end - longest + 1), end):
            if any(form.startswith(text[at:end]) for form in self._forms):
                return at
        return end

    def _look_up(self) -> None:
        if self._names:
            names = vars(sys.modules["__main__"])
            self.add(names[name] for name in self._names if name in names)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
    elif hasattr(value, "get_secret_value"):
        # As pydantic keeps one.
        yield from _texts(value.get_secret_value())
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        text = str(value)
        if len(text) >= SHORTEST:
            yield text


def _forms(text: str) -> Iterator[str]:
    """List how a value may be written: in code, JSON, HTML, a URL, or encoded."""
    # Here: few notebooks have a secret.
    import base64
    import html

    single, double = repr(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]
    yield from (text, single, double, json.dumps(text)[1:-1])
    # Code within JSON, as in a notebook's file.
    yield json.dumps(single, ensure_ascii=False)[1:-1]
    yield json.dumps(double, ensure_ascii=False)[1:-1]
    yield from (html.escape(text), html.escape(text, quote=False))
    yield from (quote(text, errors="replace"), quote_plus(text, errors="replace"))
    data = text.encode("utf-8", "replace")
    yield from (base64.b64encode(data).decode(), data.hex())
    for line in text.splitlines():
        if len(line.strip()) >= _LINE:
            yield line.strip()
