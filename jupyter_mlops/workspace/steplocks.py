"""Locks of pipelines that run: two at once would write the same files."""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jupyter_mlops import errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_mlops.pipeline.spec.pipeline import Pipeline


@contextmanager
def alone(versions: Path, pipeline: Pipeline) -> Iterator[None]:
    """Keep a second run of this pipeline out: both would write the same files."""
    file = _file(versions, pipeline)
    file.parent.mkdir(parents=True, exist_ok=True)
    with _opened(file) as fd:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise errors.PipelineError(
                f"{pipeline.shown} is being run by another process: it would write "
                f"the same files. Wait for its end, or interrupt it.",
            ) from None
        yield


def is_taken(versions: Path, pipeline: Pipeline) -> bool:
    """Tell whether somebody runs this pipeline."""
    file = _file(versions, pipeline)
    if not file.exists():
        return False
    with _opened(file) as fd:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _file(versions: Path, pipeline: Pipeline) -> Path:
    name = hashlib.sha256(f"{pipeline.folder}\0{pipeline.name}".encode()).hexdigest()
    return versions / "locks" / f"{name[:32]}.lock"


@contextmanager
def _opened(file: Path) -> Iterator[int]:
    fd = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    try:
        yield fd
    finally:
        os.close(fd)
