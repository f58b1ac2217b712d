"""Which executor runs a notebook: the worker where it can, nbclient everywhere else."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from jupyter_mlops import errors
from jupyter_mlops.pipeline.limits.budget import Limits
from jupyter_mlops.pipeline.limits.threads import thread_variables
from jupyter_mlops.pipeline.nbclient_executor import NbclientExecutor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.execution import NotebookExecutor, TellEngine
    from jupyter_mlops.tracking.run import Run

ENGINES = ("worker", "nbclient")
DEFAULT_KERNEL = "python3"
IDLE_SECONDS = 600.0
"""How long a warm parent waits for another notebook."""
OBSERVATION = "engine"
"""Says of a run which engine ran its cells, and why it was not the worker."""
_LAUNCH = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]


def executor_for(
    engine: str,
    notebook: NotebookNode,
    *,
    kernel_name: str = "",
    environ: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    options: dict[str, Any] | None = None,
    tell: TellEngine | None = None,
    limits: Limits | None = None,
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
    tell : TellEngine, optional
        Told which engine it is, and why none other; see `engine_recorder`.
    limits : Limits, optional
        What the notebook's processes may take.

    Raises
    ------
    InvalidInputError
        On another engine.
    """
    check_engine(engine)
    kernel_name = kernel_name or kernel_of(notebook)
    limits = limits or Limits()
    around = os.environ if environ is None else environ
    threads = thread_variables(limits.threads, around)
    plain = NbclientExecutor(
        kernel_name=kernel_name,
        environ={**around, **threads} if threads else environ,
        cwd=cwd,
        options=options or {},
        memory=limits.memory,
    )
    if engine != "worker":
        return _told(plain, tell)
    if sys.platform != "linux":
        return _told(plain, tell, f"the worker needs Linux, this is {sys.platform}")
    extra = _own_kernel_variables(kernel_name)
    if extra is None:
        why = f"the kernel '{kernel_name}' is not that of the Python that runs this"
        return _told(plain, tell, why)
    from jupyter_mlops.pipeline.worker.executor import WorkerExecutor

    return WorkerExecutor(
        environ={**around, **extra},
        threads=threads,
        memory=limits.memory,
        cwd=cwd,
        options=options or {},
        otherwise=plain,
        idle_seconds=IDLE_SECONDS,
        tell=tell,
    )


def engine_recorder(run: Run) -> TellEngine:
    """Return what keeps with a run which engine runs its cells, the last word."""

    def tell(engine: str, why: str = "") -> None:
        run.observe(OBSERVATION, {"name": engine} | ({"why": why} if why else {}))

    return tell


def _told(
    plain: NbclientExecutor, tell: TellEngine | None, why: str = ""
) -> NbclientExecutor:
    if tell is not None:
        tell("nbclient", why)
    return plain


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
