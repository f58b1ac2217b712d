"""Files and folders on their way into a run: kept as they are now."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.capture.values import check_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.ids import Digest
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.tracking.run import Run


def record_own_file(
    run: Run, name: str, data: bytes, put: Callable[[bytes], Digest], **meta: Any
) -> None:
    """Keep a file that we made for a run, under its own name; `put` stores it."""
    run.record(
        "artifact",
        name=name,
        format="file",
        digest=put(data),
        size=len(data),
        meta={"file": name, **meta},
    )


def keep_path(
    path: str | os.PathLike[str], name: str | None, blobs: Blobs
) -> dict[str, Any]:
    """Keep the bytes at `path`; return the fields of its ``artifact`` event.

    Raises
    ------
    ArtifactNotFoundError
        When there is nothing at `path`.
    """
    file = Path(path)
    own_name = Path(os.path.abspath(file)).name  # noqa: PTH100 - resolve() would follow a user's links
    name = check_key(own_name if name is None else name, "artifact")
    if file.is_dir():
        stored = blobs.put_folder(file)
    elif file.exists():
        stored = blobs.put_file(file)
    else:
        raise errors.ArtifactNotFoundError(
            f"There is no file or folder at {file} to keep as an artifact.",
            path=file,
        )
    return {
        "name": name,
        "format": "folder" if file.is_dir() else "file",
        "digest": stored.digest,
        "size": stored.size,
        "folder": True if file.is_dir() else None,
        "meta": {"file": own_name},
    }
