"""Local modules behind an import: those of the project, not those that are installed.

Imports are resolved as Python would in the notebook's folder: there first, then what
code puts on ``sys.path`` by name, then ``PYTHONPATH``.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from jupyter_mlops.pipeline.versions.mentions import Mentions
from jupyter_mlops.pipeline.versions.sources import COMPILED, Sources

INSTALLED = ("site-packages", "dist-packages")
OURSELVES = "jupyter_mlops"
"""What records does not change what is recorded."""


@dataclass
class LocalModules:
    """The local files that code runs, found from its imports on.

    Parameters
    ----------
    folder : Path
        The notebook's.
    sources : Sources
        Reads them.

    Attributes
    ----------
    digests : dict
        Of what each file says, by its absolute path.
    outside : dict
        Top-level modules that are not local.
    mentions : Mentions
        All that the notebook and its local modules mention.
    """

    folder: Path
    sources: Sources = field(default_factory=Sources)
    digests: dict[str, str] = field(default_factory=dict)
    outside: dict[str, None] = field(default_factory=dict)
    mentions: Mentions = field(default_factory=Mentions)
    _names: dict[str, frozenset[str]] = field(default_factory=dict)

    def follow(self, mentions: Mentions) -> LocalModules:
        """Follow what a notebook mentions, and that in turn; returns itself."""
        self.mentions.join(mentions)
        self._follow(mentions, "", self.folder)
        return self

    def add_script(self, file: Path) -> None:
        """Add a file that is run, and what it imports."""
        name = os.path.normpath(file)
        if name not in self.digests and Path(name).name in self._in(Path(name).parent):
            self._add(name, package="", folder=Path(name).parent)

    @cached_property
    def _path(self) -> list[str]:
        """Where modules are looked for, the notebook's folder aside."""
        found = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        found += [entry for entry in sys.path if _is_local(entry)]
        return [os.path.abspath(entry) for entry in found if entry]  # noqa: PTH100 - texts are at hand, and many

    @property
    def _made(self) -> set[str]:
        """What the code writes itself: not there, or an earlier run's."""
        return {os.path.normpath(self.folder / name) for name in self.mentions.made}

    def _in(self, place: str | Path) -> frozenset[str]:
        """Return the names in a folder, each folder listed once."""
        known = self._names.get(str(place))
        if known is None:
            try:
                known = frozenset(os.listdir(place))  # noqa: PTH208 - names are all that is wanted
            except OSError:
                known = frozenset()
            self._names[str(place)] = known
        return known

    def _follow(self, mentions: Mentions, package: str, folder: Path) -> None:
        for name in mentions.folders:
            self._path.append(os.path.normpath(self.folder / name))
        for module, names, level in list(mentions.imports):
            base = package
            for _ in range(level - 1):
                base = os.path.dirname(base)  # noqa: PTH120 - texts are at hand, and many
            if not level or base:
                self._import(module, names, base if level else "", folder)
        for script in mentions.scripts:
            for name in (script, f"{script}.py", f"{script}.ipynb"):
                target = os.path.normpath(self.folder / os.path.expanduser(name))  # noqa: PTH111 - it is a shell's word
                if target not in self._made:
                    self.add_script(Path(target))

    def _import(
        self, module: str, names: tuple[str, ...], base: str, folder: Path
    ) -> None:
        parts = module.split(".") if module else []
        place = base or self._home(parts[0], folder)
        if not place:
            return
        for part in parts:
            place = self._step_into(place, part)
            if not place:
                return
        for name in names:
            if name == "*":
                self._add_all(place)
            else:
                self._step_into(place, name)

    def _home(self, part: str, folder: Path) -> str:
        """Return the folder that a top-level module is found in, if that is local."""
        if part == OURSELVES:
            return ""
        for place in (str(folder), str(self.folder), *self._path):
            if self._holds(place, part):
                return place
        if part not in sys.stdlib_module_names:
            self.outside[part] = None
        return ""

    def _holds(self, place: str, part: str) -> bool:
        names = self._in(place)
        if f"{part}.py" in names or self._compiled(place, part):
            return True
        if part not in names:
            return False
        inside = self._in(f"{place}/{part}")
        # A folder without __init__.py is a package, too, but anything else wins.
        return "__init__.py" in inside or (
            any(name.endswith(".py") for name in inside) and not _is_known(part)
        )

    def _compiled(self, place: str, part: str) -> list[str]:
        head, names = f"{part}.", self._in(place)
        return [n for n in names if n.endswith(COMPILED) and n.startswith(head)]

    def _step_into(self, place: str, part: str) -> str:
        """Add a module or package in a folder; return a package's folder."""
        package = f"{place}/{part}"
        names = self._in(place)
        if part in names and "__init__.py" in self._in(package):
            self._add_new(f"{package}/__init__.py", package)
            return package
        if f"{part}.py" in names:
            self._add_new(f"{package}.py", place)
            return ""
        for name in self._compiled(place, part):
            self._add_new(f"{place}/{name}", place)
            return ""
        return package if part in names and self._in(package) else ""

    def _add_all(self, package: str) -> None:
        for name in sorted(self._in(package)):
            if name.endswith(".py"):
                self._add_new(f"{package}/{name}", package)

    def _add_new(self, file: str, package: str) -> None:
        name = os.path.normpath(file)
        if name not in self.digests and name not in self._made:
            self._add(name, package=package, folder=self.folder)

    def _add(self, name: str, *, package: str, folder: Path) -> None:
        found = self.sources.module(name)
        self.digests[name] = found.digest
        self.mentions.join(found.mentions)
        self._follow(found.mentions, package, folder)


def _is_known(part: str) -> bool:
    if part in sys.stdlib_module_names:
        return True
    from importlib.machinery import PathFinder

    try:
        found = PathFinder.find_spec(part)
    except (ImportError, ValueError):
        return False
    return found is not None and found.origin is not None


def _is_local(entry: str) -> bool:
    """Tell a folder of the user's own on our path from those of installations."""
    if not entry or any(name in entry for name in INSTALLED):
        return False
    place = os.path.abspath(entry)  # noqa: PTH100 - texts are at hand, and many
    standard = os.path.dirname(os.__file__)  # noqa: PTH120 - as above
    outside = (standard, os.path.dirname(sys.executable), sys.exec_prefix)  # noqa: PTH120 - as above
    return os.path.isdir(place) and not place.startswith(outside)  # noqa: PTH112 - as above
