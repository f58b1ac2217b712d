"""What was started in the background: a small file for each job, written by both sides.

``.mlops/jobs/<id>.jsonl`` begins with what was asked for. Then whoever started it adds
its process, and the job its run and how it ended. How the work itself goes on is told
by what runs record, as of any other run.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.workspace.processes import birth_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_mlops.store.layout import Layout

FOLDER = "jobs"
KEPT = 100
"""Jobs that have ended and are still told of."""
ALIVE = ("starting", "running", "stopping")
_INTERRUPTED = (130, 143)


@dataclass(frozen=True, kw_only=True)
class Job:
    """Work that was started in the background.

    Attributes
    ----------
    kind : str
        ``notebook``, ``pipeline``, ``resume``, ``sweep``, ``rerun`` or ``verify``.
    target : str
        A path from the project's folder; of ``resume`` and the last two a run's id.
    parameters : dict
        What it was given; secrets are masked.
    options : dict
        What else was asked for.
    by : str
        Who started it, if that is known.
    began : float
        Seconds since 1970.
    run : str
        Its run's id; empty as long as it has none.
    code : int or None
        How the command ended.
    said : str
        What it said to the last, masked.
    """

    id: str
    kind: str
    target: str
    parameters: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    by: str = ""
    began: float = 0.0
    process: int = 0
    birth: str = ""
    run: str = ""
    code: int | None = None
    said: str = ""
    stops: int = 0

    @property
    def state(self) -> str:
        """How it stands.

        ``starting``, ``running``, ``stopping``, ``finished``, ``failed``,
        ``cancelled``, or ``lost`` when its process is gone without a word.
        """
        if self.code is not None:
            if self.code in _INTERRUPTED:
                return "cancelled"
            return "finished" if self.code == 0 else "failed"
        if self.process and birth_of(self.process) != self.birth:
            return "cancelled" if self.stops else "lost"
        if self.stops:
            return "stopping"
        return "running" if self.run else "starting"

    @property
    def is_alive(self) -> bool:
        """Whether its process is still there."""
        return self.state in ALIVE

    def is_same(self, other: Job) -> bool:
        """Tell whether another was asked for the very same."""
        return all(
            getattr(self, name) == getattr(other, name)
            for name in ("kind", "target", "parameters", "options")
        )


class JobFolder:
    """The files of jobs in a workspace."""

    def __init__(self, layout: Layout) -> None:
        self.path = layout.folder / FOLDER

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one at a time look what runs, and start something."""
        import fcntl

        self.path.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(self.path / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def file(self, job: str) -> Path:
        """Return a job's file."""
        return self.path / f"{job}.jsonl"

    def tell(self, job: str, **told: Any) -> None:
        """Add a line to a job's file, in one go."""
        tell(self.file(job), **told)

    def all(self) -> list[Job]:
        """Return the jobs that are known, the latest first."""
        try:
            names = sorted(os.listdir(self.path), reverse=True)  # noqa: PTH208 - names are all that is needed
        except FileNotFoundError:
            return []
        jobs = [name.removesuffix(".jsonl") for name in names if "." in name]
        found = (self._read(job) for job in jobs)
        return [job for job in found if job is not None]

    def get(self, job: str) -> Job:
        """Return one of them.

        Raises
        ------
        JobNotFoundError
            When there is none of this id.
        """
        found = self._read(job) if job.isalnum() else None
        if found is None:
            raise errors.JobNotFoundError(
                f"There is no job '{job}'. It may have ended long ago.", job=job
            )
        return found

    def prune(self) -> None:
        """Forget those that ended long ago."""
        for job in self.all()[KEPT:]:
            if not job.is_alive:
                self.file(job.id).unlink(missing_ok=True)

    def _read(self, job: str) -> Job | None:
        told: dict[str, Any] = {}
        stops = 0
        try:
            text = self.file(job).read_text(encoding="utf-8")
        except OSError:
            return None
        for line in text.splitlines():
            try:
                found = json.loads(line)
                stops += bool(found.pop("stop", 0))
                told.update(found)
            except (ValueError, AttributeError):
                # Torn: its writer was killed.
                continue
        try:
            return Job(**told, id=job, stops=stops)
        except TypeError:
            return None


def tell(file: Path, **told: Any) -> None:
    """Add a line to a file that several processes write."""
    line = json.dumps(told, ensure_ascii=False, default=str).encode() + b"\n"
    flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_CLOEXEC
    written = os.open(file, flags, 0o600)
    try:
        os.write(written, line)
    finally:
        os.close(written)
