"""What models add up to in a line each, kept so that a list reads no history.

Derived: a line holds as long as its history's file is as it was when it was read and
verified. The file of lines may be deleted at any time, and is not believed when it is
not whole. Whoever changes a model, loads or verifies one reads its history.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson

from jupyter_mlops.errors import ChainBrokenError
from jupyter_mlops.records import ModelRecord
from jupyter_mlops.registry.chain import canonical
from jupyter_mlops.registry.state import version_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.registry.state import ModelState
    from jupyter_mlops.store.layout import Layout

SUFFIX = ".jsonl"
_FORMAT = 2
_DIGEST = 64


class Summaries:
    """The lines of all models of one workspace.

    Parameters
    ----------
    layout : Layout
        Where the histories are.
    read : callable
        Reads and verifies a model's history.
    """

    def __init__(self, layout: Layout, read: Callable[[str], ModelState]) -> None:
        self._folder = layout.registry
        self._file = layout.registry_cache
        self._read_state = read

    def names(self) -> list[str]:
        """Return the names of all models that have a history, sorted."""
        return [name for name, line in self._lines().items() if line["links"]]

    def records(self) -> list[ModelRecord]:
        """Return all models, by name.

        Raises
        ------
        ChainBrokenError
            When a history that changed was changed by no one of us.
        """
        return _records(self._lines())

    def survey(self) -> tuple[list[ModelRecord], dict[str, ChainBrokenError]]:
        """Return all models that can be trusted, and by name why others cannot."""
        broken: dict[str, ChainBrokenError] = {}
        return _records(self._lines(broken)), broken

    def _lines(
        self, broken: dict[str, ChainBrokenError] | None = None
    ) -> dict[str, dict[str, Any]]:
        kept = self._kept()
        found: dict[str, dict[str, Any]] = {}
        for name, stamp in sorted(self._stamps()):
            line = kept.get(name)
            if line is None or line["stamp"] != stamp:
                try:
                    line = _line(self._read_state(name), stamp)
                except ChainBrokenError as error:
                    if broken is None:
                        raise
                    broken[name] = error
                    continue
            found[name] = line
        if found != kept:
            self._keep(found)
        return found

    def _stamps(self) -> list[tuple[str, list[int]]]:
        """Return what tells whether a file is as it was."""
        found = []
        try:
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    if entry.name.endswith(SUFFIX):
                        state = entry.stat()
                        stamp = [state.st_ino, state.st_size, state.st_mtime_ns]
                        found.append((entry.name.removesuffix(SUFFIX), stamp))
        except FileNotFoundError:
            return []
        return found

    def _kept(self) -> dict[str, dict[str, Any]]:
        try:
            data = self._file.read_bytes()
        except OSError:
            return {}
        body = data[_DIGEST + 1 :]
        if hashlib.sha256(body).hexdigest().encode() != data[:_DIGEST]:
            return {}
        try:
            told = orjson.loads(body)
        except orjson.JSONDecodeError:
            return {}
        is_ours = isinstance(told, dict) and told.get("format") == _FORMAT
        return told["models"] if is_ours else {}

    def _keep(self, lines: dict[str, dict[str, Any]]) -> None:
        body = canonical({"format": _FORMAT, "models": lines})
        data = hashlib.sha256(body).hexdigest().encode() + b"\n" + body
        beside = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        # Who may only read, or whose disk is full, reads histories each time.
        with suppress(OSError):
            try:
                beside.write_bytes(data)
                beside.replace(self._file)
            finally:
                beside.unlink(missing_ok=True)


def _line(state: ModelState, stamp: list[int]) -> dict[str, Any]:
    latest = state.latest
    return {
        "stamp": stamp,
        "links": len(state.links),
        "versions": len(state.registered),
        "aliases": dict(sorted(state.aliases.items())),
        "latest": state.registered[latest] if latest else None,
        "standing": state.standing(latest),
    }


def _records(lines: dict[str, dict[str, Any]]) -> list[ModelRecord]:
    return [_record(name, line) for name, line in lines.items() if line["links"]]


def _record(name: str, line: dict[str, Any]) -> ModelRecord:
    standing = line["standing"] | {"aliases": tuple(line["standing"]["aliases"])}
    return ModelRecord(
        name=name,
        versions=line["versions"],
        latest=version_from(line["latest"], standing) if line["latest"] else None,
        aliases=line["aliases"],
    )
