"""Which distributions a process has imported, with their versions.

`importlib.metadata` reads and parses every METADATA file for this (0.4 s with 160
distributions); the names of the folders and their lists of files say the same in
a tenth of that. Specification: https://packaging.python.org/specifications/.
"""

from __future__ import annotations

import os
import re
import sys
from typing import NamedTuple

_SITE_NAMES = ("site-packages", "dist-packages")


class Distribution(NamedTuple):
    """An installed distribution."""

    name: str
    version: str


class _Known(NamedTuple):
    signature: tuple[object, ...]
    by_module: dict[str, tuple[Distribution, ...]]
    installed: dict[str, str]


_known = _Known((), {}, {})
_last: tuple[_Known, tuple[int, str], dict[str, str]] = (_known, (0, ""), {})


def imported_distributions() -> dict[str, str]:
    """Return the version of each distribution of which a module is imported."""
    global _last  # noqa: PLW0603 - a cache: what is imported changes seldom
    known = _current()
    # How many, and which came last: enough to see that there was an import.
    mark = (len(sys.modules), next(reversed(sys.modules)))
    if _last[0] is known and _last[1] == mark:
        return dict(_last[2])
    # list() first: another thread may be importing.
    modules = {name for name in list(sys.modules) if "." not in name}
    found = {
        distribution.name: distribution.version
        for module in modules
        for distribution in known.by_module.get(module, ())
    }
    _last = (known, mark, dict(sorted(found.items())))
    return dict(_last[2])


def installed_distributions() -> dict[str, str]:
    """Return the version of each distribution on the path."""
    return dict(_current().installed)


def _current() -> _Known:
    global _known  # noqa: PLW0603 - a cache, by what the path is and when it changed
    signature = _signature()
    if _known.signature != signature:
        _known = _scan(signature)
    return _known


def _signature() -> tuple[object, ...]:
    parts: list[object] = []
    for folder in sys.path:
        parts.append(folder)
        # Only where packages are installed: other folders change all the time.
        if isinstance(folder, str) and folder.endswith(_SITE_NAMES):
            try:
                parts.append(os.stat(folder).st_mtime_ns)  # noqa: PTH116 - as above
            except OSError:
                continue
    return tuple(parts)


def _scan(signature: tuple[object, ...]) -> _Known:
    by_module: dict[str, tuple[Distribution, ...]] = {}
    installed: dict[str, str] = {}
    for folder in dict.fromkeys(sys.path):
        for entry in _metadata_folders(folder):
            found = _distribution(entry)
            # As imports do: the first on the path hides the others.
            if found is None or found.name in installed:
                continue
            installed[found.name] = found.version
            for module in _modules(entry, found.name):
                by_module[module] = (*by_module.get(module, ()), found)
    return _Known(signature, by_module, dict(sorted(installed.items())))


def _metadata_folders(folder: object) -> list[str]:
    if not isinstance(folder, str):
        return []
    try:
        with os.scandir(folder or ".") as entries:
            return sorted(
                entry.path
                for entry in entries
                if entry.name.endswith((".dist-info", ".egg-info"))
            )
    except OSError:
        return []


def _distribution(folder: str) -> Distribution | None:
    stem, kind = os.path.splitext(os.path.basename(folder))  # noqa: PTH119, PTH122 - paths cost ten times as much
    name, _, rest = stem.partition("-")
    version = rest if kind == ".dist-info" else rest.partition("-py")[0]
    if not version:
        # An egg-info beside its sources has no version in its name.
        found = re.search(r"^Version: (.+)$", _text(f"{folder}/PKG-INFO"), re.MULTILINE)
        if found is None:
            return None
        version = found[1].strip()
    return Distribution(re.sub(r"[-_.]+", "-", name).lower(), version)


def _modules(folder: str, name: str) -> set[str]:
    listed = set(_text(f"{folder}/top_level.txt").split())
    if not listed:
        listed = {_top_level(line) for line in _text(f"{folder}/RECORD").splitlines()}
    # An editable install lists no module: it mostly bears its own name.
    return {*listed, name.replace("-", "_")}


def _top_level(line: str) -> str:
    first, is_folder, _ = line.partition(",")[0].partition("/")
    return first if is_folder else first.partition(".")[0]


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - as above
            return file.read()
    except OSError:
        return ""
