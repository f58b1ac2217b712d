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
    name = hashlib.sha256(f"{pipeline.folder}\0{pipeline.name}".encode()).hexdigest()
    folder = versions / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with _opened(folder / f"{name[:32]}.lock") as fd:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise errors.PipelineError(
                f"{pipeline.shown} is being run by another process: it would write "
                f"the same files. Wait for its end, or interrupt it.",
            ) from None
        yield


@contextmanager
def _opened(file: Path) -> Iterator[int]:
    fd = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    try:
        yield fd
    finally:
        os.close(fd)
