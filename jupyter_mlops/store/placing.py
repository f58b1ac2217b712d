"""Putting files and folders where a user wants them: beside first, then renamed."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING

from jupyter_mlops.errors import InvalidInputError, StoreWriteError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def placed_file(target: Path) -> Iterator[Path]:
    """Give a path beside `target` to write; it takes its place if all goes well.

    Raises
    ------
    StoreWriteError
        When the disk refuses; `target` is left as it was.
    """
    with _writing_to(target) as beside:
        try:
            yield beside
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)


@contextlib.contextmanager
def placed_folder(target: Path, *, replace: bool = False) -> Iterator[Path]:
    """Give a new folder beside `target` to fill; it takes its place if all goes well.

    Raises
    ------
    InvalidInputError
        When something is at `target` already, unless `replace`.
    StoreWriteError
        When the disk refuses; `target` is left as it was.
    """
    if not replace and _is_taken(target):
        raise InvalidInputError(
            f"{target} is there already; name a new folder.", path=target
        )
    with _writing_to(target) as beside:
        try:
            beside.mkdir()
            yield beside
            _swap(beside, target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


@contextlib.contextmanager
def _writing_to(target: Path) -> Iterator[Path]:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield target.with_name(f".{os.getpid()}-{os.urandom(6).hex()}.part")
    except OSError as error:
        raise StoreWriteError(
            f"{target} could not be written: {error.strerror}. Nothing was changed "
            f"there.",
            path=target,
            errno=error.errno,
        ) from error


def _is_taken(target: Path) -> bool:
    if target.is_symlink() or target.is_file():
        return True
    return target.is_dir() and any(target.iterdir())


def _swap(beside: Path, target: Path) -> None:
    if not _is_taken(target):
        beside.replace(target)
        return
    old = beside.with_suffix(".old")
    target.rename(old)
    beside.replace(target)
    if old.is_dir() and not old.is_symlink():
        shutil.rmtree(old, ignore_errors=True)
    else:
        old.unlink()
