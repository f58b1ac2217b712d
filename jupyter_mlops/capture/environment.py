"""Where a run happens: interpreter, machine, distributions, git, variables."""

from __future__ import annotations

import os
import platform
import sys
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.distributions import (
    imported_distributions,
    installed_distributions,
)
from jupyter_mlops.capture.git import git_state
from jupyter_mlops.capture.hardware import (
    describe_cpu,
    describe_memory,
    describe_platform,
    look_for_gpus,
)
from jupyter_mlops.settings import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def describe_environment(
    imported_only: bool = True,  # noqa: FBT001, FBT002 - the one question there is
    *,
    folder: Path | str | None = None,
    variables: Iterable[str] = VARIABLES,
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
    variables : iterable of str
        The only environment variables that are looked at: any other may be a secret.

    Returns
    -------
    dict
        ``cpu``, ``git`` (None where there is none), ``gpus`` (empty until
        `look_for_gpus` has found some), ``memory``, ``packages``, ``platform``,
        ``python``, ``variables``. Nothing in it is masked yet.
    """
    packages = imported_distributions() if imported_only else installed_distributions()
    return {
        "cpu": dict(describe_cpu()),
        "git": git_state(folder),
        "gpus": look_for_gpus().found(),
        "memory": dict(describe_memory()),
        "packages": packages,
        "platform": dict(describe_platform()),
        "python": {
            "executable": os.path.basename(sys.executable or ""),  # noqa: PTH119 - may be empty
            "implementation": platform.python_implementation(),
            "version": platform.python_version(),
        },
        "variables": {
            name: value
            for name in sorted(set(variables))
            if (value := os.environ.get(name)) is not None
        },
    }
