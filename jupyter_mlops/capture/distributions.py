"""Which distributions a process has imported, with their versions.

What only we have imported is left out: an index needs SQLAlchemy, a user's model does
not.

`importlib.metadata` reads and parses every METADATA file for this (0.4 s with 160
distributions); the names of the folders and their lists of files say the same in
a tenth of that. Specification: https://packaging.python.org/specifications/.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, NamedTuple

from jupyter_mlops.capture.ownimports import modules_behind, own_modules

if TYPE_CHECKING:
    from collections.abc import Iterable

_OURSELVES = "jupyter-mlops"
_REQUIREMENT = re.compile(r"^Requires-Dist: ([\w.-]+)(.*)$", re.MULTILINE)
_SITE_NAMES = ("site-packages", "dist-packages")


class Distribution(NamedTuple):
    """An installed distribution."""

    name: str
    version: str


class _Known(NamedTuple):
    signature: tuple[object, ...]
    by_module: dict[str, tuple[Distribution, ...]]
    installed: dict[str, str]
    folders: dict[str, str]


class _Installed(NamedTuple):
    distribution: Distribution
    folder: str
    modules: set[str]


_known = _Known((), {}, {}, {})
_sites: dict[str, tuple[int, list[_Installed]]] = {}
"""What was found in a folder of packages, and when that had last changed."""
_last: tuple[_Known, object, dict[str, str]] = (_known, None, {})


def imported_distributions() -> dict[str, str]:
    """Return the version of each distribution of which a module is imported.

    Those that only we have imported are left out, unless a name in ``__main__`` or in
    a module of the user's own comes from them, or what the user imported requires them.
    """
    global _last  # noqa: PLW0603 - a cache: what is imported changes seldom
    known = _current()
    own = own_modules()
    main = sys.modules.get("__main__")
    named = own & modules_behind(vars(main).values()) if main is not None else own
    # How many, and which came last: enough to see that there was an import.
    mark = (len(sys.modules), next(reversed(sys.modules)), len(own), named)
    if _last[0] is known and _last[1] == mark:
        return dict(_last[2])
    # list() first: another thread may be importing.
    modules = {name for name in list(sys.modules) if "." not in name}
    unused = own - named - _modules_behind_files(known)
    found = _distributions_of(modules - unused, known)
    found |= _required(found, _distributions_of(modules, known), known)
    _last = (known, mark, dict(sorted(found.items())))
    return dict(_last[2])


def _distributions_of(modules: Iterable[str], known: _Known) -> dict[str, str]:
    return {
        distribution.name: distribution.version
        for module in modules
        for distribution in known.by_module.get(module, ())
    }


def _modules_behind_files(known: _Known) -> set[str]:
    """Return what the user's own modules, beside the notebook, have imported."""
    found: set[str] = set()
    for name, module in list(sys.modules.items()):
        top = name.partition(".")[0]
        if top not in known.by_module and top not in sys.stdlib_module_names:
            found |= modules_behind(getattr(module, "__dict__", {}).values())
    return found


def _required(
    found: dict[str, str], imported: dict[str, str], known: _Known
) -> dict[str, str]:
    """Return those of `imported` that `found` cannot do without, however far down."""
    required: dict[str, str] = {}
    pending = [name for name in found if name != _OURSELVES]
    is_missing = imported.keys() - found.keys()
    while pending and is_missing:
        for name in _requirements(known.folders[pending.pop()]) & is_missing:
            required[name] = imported[name]
            is_missing.discard(name)
            pending.append(name)
    return required


def _requirements(folder: str) -> set[str]:
    text = _text(f"{folder}/METADATA").partition("\n\n")[0]
    return {
        _normalised(name)
        for name, condition in _REQUIREMENT.findall(text)
        if "extra ==" not in condition
    }


def installed_distributions() -> dict[str, str]:
    """Return the version of each distribution on the path."""
    return dict(_current().installed)


def distributions_behind(modules: Iterable[str]) -> dict[str, str]:
    """Return the version of each distribution that provides one of `modules`.

    With those are what they require, as far as this process has imported it.
    """
    known = _current()
    found = _distributions_of(modules, known)
    imported = {name for name in list(sys.modules) if "." not in name}
    return found | _required(found, _distributions_of(imported, known), known)


def _current() -> _Known:
    global _known  # noqa: PLW0603 - a cache, by what the path is and when it changed
    signature = _signature()
    if _known.signature != signature:
        _known = _scan(signature)
    return _known


def _signature() -> tuple[object, ...]:
    return tuple(part for folder in sys.path for part in (folder, _changed(folder)))


def _changed(folder: object) -> int | None:
    """Return when a folder of packages last changed; other folders do all the time."""
    if not (isinstance(folder, str) and folder.endswith(_SITE_NAMES)):
        return None
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - paths cost ten times as much
    except OSError:
        return None


def _scan(signature: tuple[object, ...]) -> _Known:
    by_module: dict[str, tuple[Distribution, ...]] = {}
    installed: dict[str, str] = {}
    folders: dict[str, str] = {}
    for folder in dict.fromkeys(sys.path):
        for found, entry, modules in _installed_in(folder):
            # As imports do: the first on the path hides the others.
            if found.name in installed:
                continue
            installed[found.name] = found.version
            folders[found.name] = entry
            for module in modules:
                by_module[module] = (*by_module.get(module, ()), found)
    return _Known(signature, by_module, dict(sorted(installed.items())), folders)


def _installed_in(folder: object) -> list[_Installed]:
    """Return what is installed in a folder, which is read again when it changed."""
    changed = _changed(folder)
    if changed is None or not isinstance(folder, str):
        return _read(folder)
    kept = _sites.get(folder)
    if kept is None or kept[0] != changed:
        kept = _sites[folder] = (changed, _read(folder))
    return kept[1]


def _read(folder: object) -> list[_Installed]:
    return [
        _Installed(found, entry, _modules(entry, found.name))
        for entry in _metadata_folders(folder)
        if (found := _distribution(entry)) is not None
    ]


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
    return Distribution(_normalised(name), version)


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


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
