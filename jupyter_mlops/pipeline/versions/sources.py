"""What sources say, read once for each content: parsing costs most of all."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from jupyter_mlops.pipeline.versions.code import FORMAT, Code, read_code
from jupyter_mlops.pipeline.versions.mentions import Mentions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

COMPILED = (".so", ".pyd")
MISSING = "missing"
_MOST = 20_000


@dataclass(frozen=True)
class SourceText:
    """What a notebook, a module or a script says.

    Attributes
    ----------
    digests : list of str
        One for each cell; of a module one.
    mentions : Mentions
        What its code mentions by name.
    """

    digests: list[str]
    mentions: Mentions

    @property
    def digest(self) -> str:
        """One for all of it."""
        if len(self.digests) == 1:
            return self.digests[0]
        return hashlib.sha256(" ".join(self.digests).encode()).hexdigest()[:32]


class Sources:
    """Reads sources, and remembers what they said by what they hold.

    Parameters
    ----------
    folder : Path or None
        Where that is kept; it may be deleted at any time. None: nowhere.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._file = None if folder is None else folder / "sources.json"
        self._known: dict[str, Any] | None = None
        self._is_changed = False

    def cells(self, cells: Iterable[tuple[str, tuple[str, ...]]]) -> SourceText:
        """Read cells of Python, each with its tags."""
        given = list(cells)
        text = json.dumps(given)
        return self._remembered(
            text.encode("utf-8", "surrogatepass"),
            lambda: [read_code(source, tags=tags) for source, tags in given],
        )

    def module(self, file: str) -> SourceText:
        """Read a module, a script or a notebook that is run as one.

        One that cannot be read says `MISSING`: it counts when that changes.
        """
        try:
            data = Path(file).read_bytes()
        except OSError:
            return SourceText([MISSING], Mentions())
        if file.endswith(COMPILED):
            return _opaque(data)
        try:
            text = data.decode("utf-8-sig")
            if file.endswith(".ipynb"):
                return self.cells((source, ()) for source in _cells(text))
        except (UnicodeDecodeError, ValueError, KeyError, TypeError):
            return _opaque(data)
        return self._remembered(data, lambda: [read_code(text)])

    def save(self) -> None:
        """Keep what was learnt; that it cannot be kept is no harm."""
        if self._file is None or not self._is_changed:
            return
        self._is_changed = False
        beside = self._file.with_name(f"{self._file.name}.{os.getpid()}.part")
        kept = dict(list(self._all.items())[-_MOST:])
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(orjson.dumps(kept))
            beside.replace(self._file)
        except (OSError, TypeError, ValueError):
            beside.unlink(missing_ok=True)

    @property
    def _all(self) -> dict[str, Any]:
        if self._known is None:
            self._known = {}
            try:
                if self._file is not None:
                    found = orjson.loads(self._file.read_bytes())
                    self._known = found if isinstance(found, dict) else {}
            except (OSError, ValueError):
                pass
        return self._known

    def _remembered(self, data: bytes, read: Callable[[], list[Code]]) -> SourceText:
        # What a tree looks like is a matter of the Python that parses.
        head = f"{FORMAT} {sys.version_info[:2]} ".encode()
        key = hashlib.sha256(head + data).hexdigest()
        try:
            digests, told = self._all[key]
            return SourceText(list(digests), Mentions.from_json(told))
        except (KeyError, ValueError, TypeError, AttributeError):
            pass
        codes = read()
        mentions = Mentions()
        for code in codes:
            mentions.add(code)
        digests = [code.digest for code in codes]
        self._all[key] = [digests, mentions.to_json()]
        self._is_changed = True
        return SourceText(digests, mentions)


def _opaque(data: bytes) -> SourceText:
    return SourceText([hashlib.sha256(data).hexdigest()[:32]], Mentions())


def _cells(text: str) -> list[str]:
    cells = json.loads(text)["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
