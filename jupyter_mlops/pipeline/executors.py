"""Which executor runs a notebook: the worker where it can, nbclient everywhere else."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from jupyter_mlops import errors
from jupyter_mlops.pipeline.nbclient_executor import NbclientExecutor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.execution import NotebookExecutor

ENGINES = ("worker", "nbclient")
DEFAULT_KERNEL = "python3"
IDLE_SECONDS = 600.0
"""How long a warm parent waits for another notebook."""
_LAUNCH = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]


def executor_for(
    engine: str,
    notebook: NotebookNode,
    *,
    kernel_name: str = "",
    environ: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    options: dict[str, Any] | None = None,
) -> NotebookExecutor:
    """Choose what runs a notebook's cells.

    Parameters
    ----------
    engine : str
        ``worker``: a process forked from a warm one, for notebooks of this Python's own
        kernel, where forking is safe; nbclient for others. Or ``nbclient``.
    notebook : NotebookNode
        Says which kernel it is for.
    kernel_name : str
        Which kernel, if another.
    environ, cwd, options
        As `NbclientExecutor` takes them.

    Raises
    ------
    InvalidInputError
        On another engine.
    """
    check_engine(engine)
    kernel_name = kernel_name or kernel_of(notebook)
    plain = NbclientExecutor(
        kernel_name=kernel_name, environ=environ, cwd=cwd, options=options or {}
    )
    if engine != "worker" or sys.platform != "linux":
        return plain
    extra = _own_kernel_variables(kernel_name)
    if extra is None:
        return plain
    from jupyter_mlops.pipeline.worker.executor import WorkerExecutor

    return WorkerExecutor(
        environ={**(os.environ if environ is None else environ), **extra},
        cwd=cwd,
        options=options or {},
        otherwise=plain,
        idle_seconds=IDLE_SECONDS,
    )


def check_engine(engine: str) -> None:
    """Make sure that there is an engine of this name.

    Raises
    ------
    InvalidInputError
        When there is none.
    """
    if engine not in ENGINES:
        raise errors.InvalidInputError(
            f"There is no engine '{engine}' to run notebooks with."
            f"{errors.nearest(engine, ENGINES)} Use one of {', '.join(ENGINES)}.",
            engine=engine,
        )


def kernel_of(notebook: NotebookNode) -> str:
    """Name the kernel that a notebook asks for."""
    return notebook.metadata.get("kernelspec", {}).get("name") or DEFAULT_KERNEL


def _own_kernel_variables(name: str) -> dict[str, str] | None:
    """Return what a kernel sets in its environment, if it is this Python's own."""
    try:
        spec = KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel:
        return None
    python, *rest = spec.argv
    major, minor = sys.version_info[:2]
    # jupyter_client starts these with the Python that it runs in.
    own = {"python", f"python{major}", f"python{major}.{minor}", sys.executable}
    if python not in own or rest != _LAUNCH or "$" in "".join(spec.env.values()):
        return None
    return dict(spec.env)
