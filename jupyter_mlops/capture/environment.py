"""Where a run happens: interpreter, machine, distributions, git, variables."""

from __future__ import annotations

import os
import platform
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.distributions import (
    imported_distributions,
    installed_distributions,
)
from jupyter_mlops.capture.git import GitDiff, git_diff, git_state

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["GitDiff", "describe_environment", "git_diff"]

VARIABLES = (
    "CONDA_DEFAULT_ENV",
    "CUBLAS_WORKSPACE_CONFIG",
    "CUDA_VISIBLE_DEVICES",
    "JAX_PLATFORMS",
    "LANG",
    "LC_ALL",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "PYTHONHASHSEED",
    "PYTORCH_ENABLE_MPS_FALLBACK",
    "TF_DETERMINISTIC_OPS",
    "TZ",
    "XLA_FLAGS",
)
"""The only environment variables that are looked at: any other may be a secret."""


def describe_environment(
    imported_only: bool = True,  # noqa: FBT001, FBT002 - the one question there is
    *,
    folder: Path | str | None = None,
) -> dict[str, Any]:
    """Describe what a result may depend on besides its code and data.

    Nothing in it changes from cell to cell by itself, and all is sorted, so that
    equal environments have equal JSON.

    Parameters
    ----------
    imported_only : bool
        List the distributions that are imported, else all that are installed.
    folder : Path or str, optional
        Where to look for git; the working directory by default.

    Returns
    -------
    dict
        ``cpu``, ``git`` (None where there is none), ``packages``, ``platform``,
        ``python``, ``variables``.
    """
    packages = imported_distributions() if imported_only else installed_distributions()
    return {
        "cpu": dict(_cpu()),
        "git": git_state(folder),
        "packages": packages,
        "platform": dict(_platform()),
        "python": {
            "executable": os.path.basename(sys.executable or ""),  # noqa: PTH119 - may be empty
            "implementation": platform.python_implementation(),
            "version": platform.python_version(),
        },
        "variables": {
            name: value
            for name in VARIABLES
            if (value := os.environ.get(name)) is not None
        },
    }


@cache
def _platform() -> dict[str, str]:
    return {
        "machine": platform.machine(),
        "release": platform.release(),
        "system": platform.system(),
    }


@cache
def _cpu() -> dict[str, Any]:
    usable = (
        len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count()
    )
    return {"count": os.cpu_count(), "model": _cpu_model(), "usable": usable}


def _cpu_model() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - one of many cheap looks
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.machine()
