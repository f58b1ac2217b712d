"""What a step's kernel tells of itself: files, folders, modules and distributions used.

`begin` and `end` are called within the kernel, around the notebook's own cells. Here
nothing of IPython is imported; nothing may disturb the notebook.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import site
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.distributions import distributions_behind
from jupyter_mlops.capture.files import DigestCache, FileWatch
from jupyter_mlops.capture.files.entries import digest_files
from jupyter_mlops.capture.files.places import Places, is_temporary
from jupyter_mlops.capture.ownimports import OwnImports, own_modules
from jupyter_mlops.pipeline.steps.witness import StepWitness
from jupyter_mlops.pipeline.versions.trace import ASIDE, listing_digest
from jupyter_mlops.pipeline.worker import witnesses

if TYPE_CHECKING:
    from jupyter_mlops.capture.files.seen import SeenFile

_INSTALLED = ("site-packages", "dist-packages")
_IMPORTER = "<frozen importlib._bootstrap_external>"
_MOST = 20_000
_GONE = {"os.remove": -1, "os.rmdir": -1, "shutil.rmtree": -1, "os.rename": 2}
"""Calls after which their first argument is gone; where the folder of that is told."""
_KERNEL = ("ipykernel",)
_OURSELVES = "jupyter-mlops"
_PACKAGE = Path(__file__).parents[2]
_LOOKERS = (f"{_PACKAGE}/capture/", f"{_PACKAGE}/pipeline/", _IMPORTER)
"""Where we look at folders for ourselves, not for a cell."""


@dataclass
class _Inside:
    project: str
    modules: list[str]
    local: list[str]
    outputs: list[str]
    written: frozenset[str]
    places: Places
    watch: FileWatch
    before: set[str]
    opened: dict[str, None] = field(default_factory=dict)
    gone: dict[str, None] = field(default_factory=dict)
    made: dict[str, None] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)
    witness: _Witness | None = None


class _Witness(StepWitness):
    """Looks at what child processes wrote, too."""

    def __init__(self, inside: _Inside) -> None:
        super().__init__(
            project=inside.project,
            places=inside.places,
            outputs=inside.outputs,
            written=inside.written,
            opened=lambda: {*inside.opened, *inside.gone, *inside.watch.paths()},
            made=lambda: list(inside.made),
            listed=lambda: list(inside.listed),
            modules=lambda: _met_modules(inside),
            surroundings=lambda: (_python(), _unavailable(inside.modules)),
        )
        self._watch = inside.watch

    def note(self) -> None:
        self._watch.rest()
        super().note()

    def go_on(self) -> None:
        self._watch.go_on()

    def changes(self) -> list[str]:
        # Notebooks are mended, and saved whenever somebody looks at them.
        others = [
            path
            for path in self._watch.wake()
            if not self.is_output(path) and not path.endswith((".ipynb", ASIDE))
        ]
        return super().changes() or [
            f"{path.removeprefix(self.project + '/')} changed, and child processes may "
            f"have read it"
            for path in others[:1]
        ]


_now: _Inside | None = None
_is_hooked = False


def begin(told: str) -> None:
    """Start to watch.

    Parameters
    ----------
    told : str
        JSON: ``project``,
        ``modules``, the top-level names that the notebook imports, ``local``, files of
        modules that it imports, or may, ``outputs`` and ``written``, the places that it
        and all steps declare to write.
    """
    global _now, _is_hooked  # noqa: PLW0603 - it belongs to the process, as this does
    with OwnImports():
        given = json.loads(told)
        given["outputs"] = [_as_met(path) for path in given["outputs"]]
        given["written"] = frozenset(map(_as_met, given["written"]))
        watch = FileWatch(given["project"]).start()
        places = Places(given["project"])
        before = set(sys.modules)
        _now = _Inside(**given, places=places, watch=watch, before=before)
        _now.witness = _Witness(_now)
        witnesses.call(_now.witness)
    if not _is_hooked:
        _is_hooked = True
        sys.addaudithook(_hook)
    _forget_cell()


def end(told: str) -> None:
    """Write down what was seen; without the file, nothing is known.

    Parameters
    ----------
    told : str
        JSON: ``target``, the file, and ``modules`` as for `begin`: a copy that has
        gone on was told of another notebook's.
    """
    global _now
    inside, _now = _now, None
    if inside is None:
        return
    with OwnImports():
        given = json.loads(told)
        target, inside.modules = given["target"], given["modules"]
        found = _told(inside)
        beside = f"{target}.part"
        Path(beside).write_text(json.dumps(found), encoding="utf-8")
        Path(beside).replace(target)


def _forget_cell() -> None:
    """Take our own cell out of the count and the history of the user's."""
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    with contextlib.suppress(Exception):
        history = shell.history_manager
        for inputs in (history.input_hist_parsed, history.input_hist_raw):
            del inputs[-1]
        history.db_input_cache.clear()
        # Counted up for this cell already, or, by older versions, when it ends.
        shell.execution_count -= 1


def _hook(event: str, args: tuple[Any, ...]) -> None:
    """Note names; may neither raise nor print, and must be done at once."""
    inside = _now
    if inside is None:
        return
    try:
        if event == "open":
            _note_opened(inside, args[0])
        elif event in ("os.listdir", "os.scandir"):
            caller = sys._getframe(1).f_code.co_filename  # noqa: SLF001 - there is no other way
            _note_listed(inside, args[0], caller)
        elif event in _GONE:
            _note_path(inside.gone, args[0], args[_GONE[event]])
        elif event == "os.mkdir":
            _note_path(inside.made, args[0], args[-1])
    except Exception:  # noqa: BLE001 - whatever it is must not disturb the notebook
        return


def _note_listed(inside: _Inside, path: Any, caller: str) -> None:
    # Imports list folders all the time.
    if not caller.startswith(_LOOKERS) and not isinstance(path, int):
        folder = os.path.abspath(os.fsdecode(path or "."))  # noqa: PTH100 - texts are at hand, and many
        is_noted = folder in inside.listed or len(inside.listed) >= _MOST
        if not is_noted and not inside.places.is_left_out(f"{folder}/"):
            # As it is now: what others put there while the cells run is not met.
            inside.listed[folder] = listing_digest(folder, inside.written)


def _note_path(noted: dict[str, None], name: Any, folder: Any) -> None:
    """Note a path that may be relative to an open folder."""
    path = os.fsdecode(name)
    if isinstance(folder, int) and folder >= 0:
        path = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), path)  # noqa: PTH115, PTH118 - no pathlib within a hook
    if len(noted) < _MOST:
        noted[os.path.abspath(path)] = None  # noqa: PTH100 - as above


def _note_opened(inside: _Inside, path: Any) -> None:
    if type(path) is str and path and len(inside.opened) < _MOST:
        inside.opened[os.path.abspath(path)] = None  # noqa: PTH100 - no pathlib within a hook


def _as_met(place: str) -> str:
    """Return a place by the name that this process has for it, links followed."""
    folder, name = os.path.split(place)
    return os.path.join(os.path.realpath(folder), name)  # noqa: PTH118 - texts are at hand, and many


def _met_modules(inside: _Inside) -> list[str]:
    """List the files of local modules that were met, by child processes, too."""
    local = inside.local if inside.watch.has_children else ()
    return [*_modules(inside.places), *local]


def _told(inside: _Inside) -> dict[str, Any]:
    opened = list(inside.opened)
    seen = inside.watch.stop()
    remotes = sorted({file.path for file in seen if file.remote is not None})
    files = [file for file in seen if file.remote is None]
    entries = digest_files(files, "/", DigestCache())
    places = inside.places
    return {
        "files": [
            {**entry, "path": f"/{entry['path'].lstrip('/')}"}
            for entry in (*entries.ready, *entries.wait())
        ],
        "absent": [
            path
            for path in opened
            if not os.path.lexists(path) and not places.is_left_out(path)
        ],
        "listed": list(inside.listed),
        "unsteady": _unsteady(inside, seen),
        "modules": _modules(places),
        "distributions": _distributions(inside),
        "unavailable": _unavailable(inside.modules),
        "python": _python(),
        "remotes": remotes,
        "problems": inside.watch.problems,
        "is_whole": max(len(inside.opened), len(inside.listed)) < _MOST,
        "earlier": sorted(inside.witness.known if inside.witness else ()),
    }


def _unsteady(inside: _Inside, seen: list[SeenFile]) -> list[str]:
    """List the folders whose names others have changed since they were listed."""
    own = {file.path for file in seen if file.role == "written"}
    ways = (inside.written, inside.written | own)
    return [
        folder
        for folder, digest in list(inside.listed.items())
        # A temporary one comes and goes with whoever made it.
        if not is_temporary(folder, inside.project)
        and all(listing_digest(folder, outputs) != digest for outputs in ways)
    ]


def _modules(places: Places) -> list[str]:
    """List the files of modules that are not installed."""
    found = set()
    standard = os.path.dirname(os.__file__)  # noqa: PTH120 - texts are at hand, and many
    known = (standard, f"{_PACKAGE}/")
    for module in list(sys.modules.values()):
        file = getattr(module, "__dict__", {}).get("__file__")
        if not isinstance(file, str) or file.startswith(known):
            continue
        is_installed = any(name in file for name in _INSTALLED)
        if is_installed or not os.path.isfile(file):  # noqa: PTH113 - texts are at hand, and many
            continue
        if not places.is_left_out(file) or file.endswith((".so", ".pyd")):
            found.add(os.path.abspath(file))  # noqa: PTH100 - texts are at hand, and many
    return sorted(found)


def _distributions(inside: _Inside) -> dict[str, str]:
    """Return what the notebook has loaded, not what any kernel has."""
    own = own_modules()
    tops = {name.partition(".")[0] for name in list(sys.modules)}
    new = {name.partition(".")[0] for name in set(sys.modules) - inside.before}
    used = distributions_behind({*inside.modules, *(new - own)})
    base = distributions_behind(_KERNEL)
    every = distributions_behind(tops - own)
    found = {
        name: version
        for name, version in every.items()
        if name not in base or name in used
    }
    found |= used
    found.pop(_OURSELVES, None)
    return dict(sorted(found.items()))


def _unavailable(names: list[str]) -> list[str]:
    import importlib.util

    found = []
    for name in names:
        if name in sys.modules:
            continue
        try:
            is_there = importlib.util.find_spec(name) is not None
        except (ImportError, ValueError, AttributeError):
            is_there = True
        if not is_there:
            found.append(name)
    return found


def _python() -> dict[str, Any]:
    folders = [entry for entry in sys.path if entry.endswith(_INSTALLED)]
    with contextlib.suppress(Exception):
        own = site.getusersitepackages()
        if site.ENABLE_USER_SITE and own not in folders:
            folders.append(own)
    return {
        "version": ".".join(platform.python_version_tuple()[:2]),
        "implementation": platform.python_implementation(),
        "executable": sys.executable,
        "resolved": os.path.realpath(sys.executable),
        "folders": [[folder, _changed(folder)] for folder in folders],
        "pythonpath": os.environ.get("PYTHONPATH", ""),
    }


def _changed(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - texts are at hand, and many
    except OSError:
        return 0
