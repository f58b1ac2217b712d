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
from typing import Any

from jupyter_mlops.capture.distributions import distributions_behind
from jupyter_mlops.capture.files import DigestCache, FileWatch
from jupyter_mlops.capture.files.entries import digest_files
from jupyter_mlops.capture.files.places import Places
from jupyter_mlops.capture.ownimports import OwnImports, own_modules

_INSTALLED = ("site-packages", "dist-packages")
_IMPORTER = "<frozen importlib._bootstrap_external>"
_MOST = 20_000
_KERNEL = ("ipykernel",)
_OURSELVES = "jupyter-mlops"


@dataclass
class _Inside:
    project: str
    target: str
    modules: list[str]
    watch: FileWatch
    before: set[str]
    opened: dict[str, None] = field(default_factory=dict)
    listed: dict[str, None] = field(default_factory=dict)


_now: _Inside | None = None
_is_hooked = False


def begin(told: str) -> None:
    """Start to watch.

    Parameters
    ----------
    told : str
        JSON: ``project``, ``target``, the file to write what was seen to, and
        ``modules``, the top-level names that the notebook imports.
    """
    global _now, _is_hooked  # noqa: PLW0603 - it belongs to the process, as this does
    with OwnImports():
        given = json.loads(told)
        watch = FileWatch(given["project"]).start()
        _now = _Inside(**given, watch=watch, before=set(sys.modules))
    if not _is_hooked:
        _is_hooked = True
        sys.addaudithook(_hook)
    _forget_cell()


def end() -> None:
    """Write down what was seen; without the file, nothing is known."""
    global _now
    inside, _now = _now, None
    if inside is None:
        return
    with OwnImports():
        found = _told(inside)
        beside = f"{inside.target}.part"
        Path(beside).write_text(json.dumps(found), encoding="utf-8")
        Path(beside).replace(inside.target)


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
    except Exception:  # noqa: BLE001 - whatever it is must not disturb the notebook
        return


def _note_listed(inside: _Inside, path: Any, caller: str) -> None:
    # Imports list folders all the time.
    if caller != _IMPORTER and not isinstance(path, int):
        name = os.fsdecode(path or ".")
        inside.listed[os.path.abspath(name)] = None  # noqa: PTH100 - texts are at hand, and many


def _note_opened(inside: _Inside, path: Any) -> None:
    if type(path) is str and path and len(inside.opened) < _MOST:
        inside.opened[os.path.abspath(path)] = None  # noqa: PTH100 - no pathlib within a hook


def _told(inside: _Inside) -> dict[str, Any]:
    listed, opened = list(inside.listed), list(inside.opened)
    seen = inside.watch.stop()
    remotes = sorted({file.path for file in seen if file.remote is not None})
    files = [file for file in seen if file.remote is None]
    entries = digest_files(files, "/", DigestCache())
    places = Places(inside.project)
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
        "listed": [path for path in listed if not places.is_left_out(f"{path}/")],
        "modules": _modules(places),
        "distributions": _distributions(inside),
        "unavailable": _unavailable(inside.modules),
        "python": _python(),
        "remotes": remotes,
        "problems": inside.watch.problems,
        "is_whole": len(inside.opened) < _MOST,
    }


def _modules(places: Places) -> list[str]:
    """List the files of modules that are not installed."""
    found = set()
    standard = os.path.dirname(os.__file__)  # noqa: PTH120 - texts are at hand, and many
    ours = str(Path(__file__).parents[2])
    for module in list(sys.modules.values()):
        file = getattr(module, "__dict__", {}).get("__file__")
        if not isinstance(file, str) or not os.path.isfile(file):  # noqa: PTH113 - texts are at hand, and many
            continue
        is_installed = any(name in file for name in _INSTALLED)
        if is_installed or file.startswith((standard, f"{ours}/")):
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
