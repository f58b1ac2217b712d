"""Where the parent for this user, Python and environment listens, if there is one.

Standard library only.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import site
import stat
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.worker.libraries import lasting_variables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAMESPACES = ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts")


class NoPrivatePlaceError(Exception):
    """There is no folder that only this user can use."""


def parent_key(environ: Mapping[str, str]) -> str:
    """Name the parent that may serve a notebook.

    Anything that an import or a forked process might show is part of it: interpreter,
    installed packages, environment variables, configuration, limits, namespaces.

    Parameters
    ----------
    environ : mapping
        The notebook's environment variables.
    """
    told = [
        sys.executable,
        sys.version,
        sys.prefix,
        lasting_variables(environ.items()),
        [_mark(place) for place in _watched(environ)],
        [str(Path(f"/proc/self/ns/{name}").readlink()) for name in _NAMESPACES],
        _cgroup(),
        [os.getuid(), os.getgid(), sorted(os.getgroups())],
        [
            resource.getrlimit(getattr(resource, name))[1]
            for name in dir(resource)
            if name.startswith("RLIMIT_")
        ],
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:20]


def parent_folder() -> Path:
    """Return the folder for sockets, which no one else can enter.

    Raises
    ------
    NoPrivatePlaceError
        When someone else has put something in its place.
    """
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and _is_private(Path(runtime)):
        folder = Path(runtime) / "jupyter-mlops"
    else:
        folder = Path(tempfile.gettempdir()) / f"jupyter-mlops-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise NoPrivatePlaceError(str(error)) from error
    if not _is_private(folder):
        raise NoPrivatePlaceError(f"{folder} belongs to someone else")
    return folder


def _is_private(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == os.getuid()
        and not found.st_mode & 0o077
    )


def _watched(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield what changes when packages or configuration do."""
    for folder in (*site.getsitepackages(), site.getusersitepackages()):
        yield Path(folder)
    home = Path(environ.get("HOME", "/"))
    ipython = Path(environ.get("IPYTHONDIR") or home / ".ipython")
    profiles = (ipython / "profile_default", Path(sys.prefix, "etc/ipython"),
                Path("/etc/ipython"))  # fmt: skip
    for profile in profiles:
        for name in ("ipython_config", "ipython_kernel_config"):
            yield profile / f"{name}.py"
            yield profile / f"{name}.json"
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "matplotlib"
    yield from (config, config / "matplotlibrc")
    yield Path(sys.executable)
    yield from sorted(Path(__file__).parent.glob("*.py"))


def _mark(place: Path) -> tuple[int, int] | None:
    try:
        found = place.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def _cgroup() -> str:
    try:
        return Path("/proc/self/cgroup").read_text(encoding="utf-8")
    except OSError:
        return ""
