"""A step's outputs on disk: put aside before it runs, kept after, brought back."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_mlops import errors
from jupyter_mlops.pipeline.versions.ledger import KeptOutput
from jupyter_mlops.pipeline.versions.trace import ASIDE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_mlops.ids import Digest
    from jupyter_mlops.pipeline.versions.filedigests import FileDigests
    from jupyter_mlops.store.blobs import Blobs


@dataclass
class Aside:
    """What was at the outputs' places before a step: away while it runs.

    So a step that leaves an output alone is seen, and none builds on what an earlier
    run left. When the step fails, all is put back.
    """

    moved: dict[Path, Path] = field(default_factory=dict)

    @classmethod
    def put(cls, targets: list[Path]) -> Aside:
        """Move away what is there, and make the folders that will hold the new."""
        aside = cls()
        for target in targets:
            away = target.with_name(f".{target.name}{ASIDE}")
            if os.path.lexists(target):  # a link to nothing, too
                remove(away)
                target.rename(away)
                aside.moved[target] = away
            elif os.path.lexists(away):
                # Left by a process that was killed: it is what was here before.
                aside.moved[target] = away
            target.parent.mkdir(parents=True, exist_ok=True)
        return aside

    @classmethod
    def left(cls, targets: list[Path]) -> Aside:
        """Find what a process that was killed had moved away."""
        pairs = {item: item.with_name(f".{item.name}{ASIDE}") for item in targets}
        return cls({item: away for item, away in pairs.items() if away.exists()})

    def put_back(self) -> None:
        """Put everything back, in the place of what may be there now."""
        for target, away in self.moved.items():
            if os.path.lexists(away):
                remove(target)
                away.rename(target)
        self.moved.clear()

    def drop(self) -> None:
        """Remove what was moved away."""
        for away in self.moved.values():
            remove(away)
        self.moved.clear()


def keep_outputs(
    outputs: Mapping[str, str],
    folder: Path,
    blobs: Blobs,
    step: str,
    written: list[str],
) -> dict[str, KeptOutput]:
    """Keep what a step wrote as blobs.

    Raises
    ------
    OutputMissingError
        When something that it declares is not there; it names what was written.
    """
    missing = [name for name, path in outputs.items() if not (folder / path).exists()]
    if missing:
        shown = " and ".join(f"'{name}' ({outputs[name]})" for name in missing)
        wrote = ", ".join(written[:5])
        hint = f" It wrote {wrote}." if written else " It wrote no file."
        raise errors.OutputMissingError(
            f"The step '{step}' ended without its output {shown}.{hint} Write it "
            f"there in the notebook, or correct 'outputs'.",
            step=step,
            missing=missing,
        )
    kept = {}
    for name, path in outputs.items():
        target = folder / path
        is_folder = target.is_dir()
        stored = blobs.put_folder(target) if is_folder else blobs.put_file(target)
        kept[name] = KeptOutput(
            path=path, digest=stored.digest, size=stored.size, is_folder=is_folder
        )
    return kept


def is_restorable(outputs: Mapping[str, KeptOutput], blobs: Blobs) -> bool:
    """Tell whether all bytes are still kept."""
    return all(blobs.exists(kept_digest(item)) for item in outputs.values())


def bring_back(
    outputs: Mapping[str, KeptOutput],
    folder: Path,
    blobs: Blobs,
    files: FileDigests,
) -> list[str]:
    """Put outputs in their places where they are not, and say which.

    The bytes are cloned or copied, never linked: whoever edits an output later edits
    their own. A file that was changed meanwhile is kept as a blob before it goes.

    Raises
    ------
    BlobNotFoundError, BlobCorruptError, StoreWriteError
        When that cannot be done.
    """
    said = []
    for kept in outputs.values():
        target = folder / kept.path
        if os.path.lexists(target):  # a link to nothing, too
            if is_same(target, kept, files):
                continue
            changed = _kept_aside(target, blobs)
            said.append(
                f"{kept.path} had been changed and is brought back as the step wrote "
                f"it{changed}"
            )
        else:
            said.append(f"{kept.path} is brought back")
        digest = kept_digest(kept)
        if kept.is_folder:
            if target.is_symlink() or target.is_file():
                target.unlink()
            blobs.restore_folder(digest, target, replace=True)
        else:
            if target.is_dir() and not target.is_symlink():
                shutil.rmtree(target)
            blobs.restore_file(digest, target)
    return said


def is_same(target: Path, kept: KeptOutput, files: FileDigests) -> bool:
    """Tell whether an output lies where it belongs, as it was."""
    try:
        if target.is_dir() != kept.is_folder:
            return False
        return files.any(str(target)) == kept.digest
    except errors.MlopsError:
        return False


def kept_digest(kept: KeptOutput) -> Digest:
    """Return the digest under which an output is kept."""
    from jupyter_mlops.ids import Digest

    return Digest(kept.digest)


def remove(path: Path) -> None:
    """Remove a file, a link or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(FileNotFoundError):
            path.unlink()


def _kept_aside(target: Path, blobs: Blobs) -> str:
    try:
        stored = blobs.put_folder(target) if target.is_dir() else blobs.put_file(target)
    except errors.InvalidInputError:
        return ""
    return f" (the changed one is kept as {stored.digest[:12]})"
