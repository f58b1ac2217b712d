"""How many threads numeric libraries start: by variables, and in what is loaded.

Standard library only: the notebook's own process uses it.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_OPENMP = "OMP_NUM_THREADS"
_FOLLOW_OPENMP = (
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
"""Where these are not set, `_OPENMP` holds, too."""
_OTHERS = (
    "LOKY_MAX_CPU_COUNT",
    "POLARS_MAX_THREADS",
    "RAYON_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
_NATIVE = {
    "OPENBLAS_NUM_THREADS": (
        ("openblas",),
        tuple(
            f"{prefix}openblas_set_num_threads{suffix}"
            for prefix in ("scipy_", "")
            for suffix in ("64_", "")
        ),
    ),
    _OPENMP: (("libgomp", "libomp", "libiomp"), ("omp_set_num_threads",)),
    "MKL_NUM_THREADS": (("libmkl_rt",), ("MKL_Set_Num_Threads",)),
    "BLIS_NUM_THREADS": (("libblis",), ("bli_thread_set_num_threads",)),
}
"""By variable: names of libraries in C, and what they are told by, the first found."""


def thread_variables(count: int, environ: Mapping[str, str]) -> dict[str, str]:
    """Return what to add to an environment, so that libraries have `count` threads.

    What a user has set stays, and holds for what follows it.

    Parameters
    ----------
    count : int
        How many; 0: nothing is added.
    environ : mapping
        The environment so far.
    """
    if not count:
        return {}
    names = [_OPENMP, *_FOLLOW_OPENMP] if _OPENMP not in environ else []
    return {name: str(count) for name in (*names, *_OTHERS) if name not in environ}


def bound_loaded(variables: Mapping[str, str]) -> None:
    """Have libraries do what variables say that came too late for them.

    A library reads its variable when it is loaded: in a process that was forked from
    one that had loaded it, that is past.

    Parameters
    ----------
    variables : mapping
        As `thread_variables` gave them; others are passed over.
    """
    if not variables:
        return
    libraries = _mapped()
    for name, (parts, calls) in _NATIVE.items():
        if name in variables:
            for path in libraries:
                if any(part in Path(path).name for part in parts):
                    _tell(path, calls, int(variables[name]))
    if _OPENMP in variables:
        count = int(variables[_OPENMP])
        _call("torch", "set_num_threads", count)
        _call("pyarrow", "set_cpu_count", count)
    if "NUMEXPR_NUM_THREADS" in variables:
        _call("numexpr", "set_num_threads", int(variables["NUMEXPR_NUM_THREADS"]))


def _mapped() -> list[str]:
    """List the shared libraries of this process."""
    found: dict[str, None] = {}
    with contextlib.suppress(OSError), Path("/proc/self/maps").open("rb") as maps:
        for line in maps:
            _, slash, path = line.partition(b"/")
            if slash and b".so" in path:
                found["/" + path.rstrip(b"\n").decode(errors="surrogateescape")] = None
    return list(found)


def _tell(path: str, calls: tuple[str, ...], count: int) -> None:
    with contextlib.suppress(OSError):
        library = ctypes.CDLL(path)
        for name in calls:
            if hasattr(library, name):
                getattr(library, name)(ctypes.c_int(count))
                return


def _call(module: str, function: str, count: int) -> None:
    found: Any = sys.modules.get(module)
    # Whatever it says to that must not disturb the notebook.
    with contextlib.suppress(Exception):
        getattr(found, function, lambda _: None)(count)
