"""Code without what does not count: comments, blank lines, formatting.

Docstrings count: code can read them. Lines of magics count as they are written.
"""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from dataclasses import dataclass, field

_MAGIC = re.compile(r"^\s*(?:[\w.,\s\[\]'\"]+?=\s*)?(?P<sign>%{1,2}|!{1,2})\S")
FORMAT = 2
"""Raised whenever the same source gets another digest, or mentions other things."""
_COUNTED_TAGS = ("parameters", "raises-exception")


@dataclass(frozen=True)
class Code:
    """What a piece of source says.

    Attributes
    ----------
    digest : str
        Equal for sources that differ in nothing that counts.
    tree : ast.Module or None
        None when it is no Python.
    magics : tuple of str
        Its lines of magics and of shells, as written; a cell magic whole.
    """

    digest: str
    tree: ast.Module | None = None
    magics: tuple[str, ...] = field(default=())


def read_code(source: str, *, tags: tuple[str, ...] = ()) -> Code:
    """Read a cell, or a module, which has no magics."""
    counted = [tag for tag in _COUNTED_TAGS if tag in tags]
    stripped = source.lstrip()
    if stripped.startswith("%%"):
        body = stripped.partition("\n")[2]
        return Code(_digest("magic", stripped, counted), _parsed(body), (stripped,))
    tree = _parsed(source)
    magics: list[str] = []
    if tree is None:
        tree = _parsed(_without_magics(source, magics))
    said = None if tree is None else _dump(tree)
    if tree is None or said is None:
        # No Python that we can read: every letter counts.
        return Code(_digest("text", source, counted), None, tuple(magics))
    # The magics a second time: a text that only looks like one is not one.
    return Code(_digest("python", said, counted, magics), tree, tuple(magics))


def code_digest(source: str) -> str:
    """Return the digest of a module's source."""
    return read_code(source).digest


def _without_magics(source: str, magics: list[str]) -> str:
    """Put a call in the place of each line that looks like a magic, all of it in it."""
    lines = []
    for line in source.split("\n"):
        if _MAGIC.match(line):
            magics.append(line)
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(f"{indent}__magic__({line!r})")
        else:
            lines.append(line)
    return "\n".join(lines)


def _parsed(source: str) -> ast.Module | None:
    with warnings.catch_warnings():
        # What the code is warned of is shown when it runs.
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _dump(tree: ast.Module) -> str | None:
    try:
        return ast.dump(tree, annotate_fields=False)
    except RecursionError:
        return None


def _digest(*parts: object) -> str:
    data = repr(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:32]
