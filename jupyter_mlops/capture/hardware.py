"""The machine a run takes place on: processor, memory, graphics processors."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import threading
from functools import cache
from typing import Any

_QUERY = ("--query-gpu=name,memory.total,driver_version", "--format=csv,noheader")
_SECONDS = 20.0
_LIMITS = (
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
)
_NO_LIMIT = 1 << 60
_FIELDS = 3


@cache
def describe_platform() -> dict[str, str]:
    """Say which system runs on which kind of machine."""
    return {
        "machine": platform.machine(),
        "release": platform.release(),
        "system": platform.system(),
    }


@cache
def describe_cpu() -> dict[str, Any]:
    """Say which processors there are, and how many of them we may use."""
    usable = (
        len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count()
    )
    return {"count": os.cpu_count(), "model": _cpu_model(), "usable": usable}


@cache
def describe_memory() -> dict[str, int | None]:
    """Say how many bytes of memory there are, and to how many we are limited."""
    return {"limit": _memory_limit(), "total": _memory_total()}


def _cpu_model() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - one of many cheap looks
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _memory_total() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def _memory_limit() -> int | None:
    for place in _LIMITS:
        try:
            with open(place, encoding="ascii") as file:  # noqa: PTH123 - as above
                limit = int(file.read())
        except (OSError, ValueError):
            # "max" is no number: there is no limit.
            continue
        return limit if limit < _NO_LIMIT else None
    return None


# --- graphics processors ----------------------------------------------------------


class GpuLook:
    """Asks ``nvidia-smi`` in a thread, once a process: it may take seconds.

    NVIDIA's processors are all that is seen, and others that PyTorch runs on already.
    """

    def __init__(self) -> None:
        self._program = shutil.which("nvidia-smi")
        self._found: list[dict[str, str]] = []
        self._thread: threading.Thread | None = None
        if self._program is not None:
            self._thread = threading.Thread(
                target=self._ask, name="mlops-gpus", daemon=True
            )
            self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether `found` is all there is to know."""
        return self._thread is None or not self._thread.is_alive()

    def wait(self) -> None:
        """Return when all is known, after some twenty seconds at the latest."""
        if self._thread is not None:
            self._thread.join(_SECONDS + 1)

    def found(self) -> list[dict[str, str]]:
        """Return driver, memory and model of each; empty: none, or not yet known."""
        if not self.is_done:
            return []
        return [dict(gpu) for gpu in self._found or _torch_gpus()]

    def _ask(self) -> None:
        try:
            done = subprocess.run(
                [str(self._program), *_QUERY],
                capture_output=True,
                check=True,
                timeout=_SECONDS,
                text=True,
                errors="replace",
            )
        except (OSError, subprocess.SubprocessError):
            # It is installed, but there is no driver or no processor.
            return
        self._found = [
            gpu for line in done.stdout.splitlines() if (gpu := _gpu(line)) is not None
        ]


def _gpu(line: str) -> dict[str, str] | None:
    parts = [part.strip() for part in line.split(",")]
    if len(parts) != _FIELDS:
        return None
    model, memory, driver = parts
    return {"driver": driver, "memory": memory, "model": model}


def _torch_gpus() -> list[dict[str, str]]:
    """Ask PyTorch, if it runs on a processor already: asking must not wake one."""
    torch = sys.modules.get("torch")
    cuda = getattr(torch, "cuda", None)
    try:
        if cuda is None or not cuda.is_initialized():
            return []
        return [
            {"model": str(cuda.get_device_name(place))}
            for place in range(cuda.device_count())
        ]
    except Exception:  # noqa: BLE001 - a library's fault costs us a word, not the record
        return []


_look: GpuLook | None = None


def look_for_gpus() -> GpuLook:
    """Begin to look, or return the look that was begun."""
    global _look  # noqa: PLW0603 - once a process
    if _look is None:
        _look = GpuLook()
    return _look


def _forget() -> None:
    """Begin again in a forked child, where the thread that asks does not go on."""
    global _look  # noqa: PLW0603 - as above
    if _look is not None and not _look.is_done:
        _look = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
