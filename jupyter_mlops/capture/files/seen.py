"""A file that a cell read or wrote: as it was seen, and as a run's journal has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict

if TYPE_CHECKING:
    from jupyter_mlops.ids import Digest

Role = Literal["read", "written"]


class RemoteFile(NamedTuple):
    """What is known of a file that is none of this machine.

    Attributes
    ----------
    system : object
        The fsspec file system; None where only the URL is known.
    path : str
        As the file system calls it.
    details : dict or None
        What the file system said of it when it was opened.
    """

    system: Any = None
    path: str = ""
    details: dict[str, Any] | None = None


class SeenFile(NamedTuple):
    """A file that was opened, and is still there.

    Attributes
    ----------
    path : str
        Absolute; or a URL without credentials.
    role : str
        ``written`` when it was written at least once, else ``read``.
    remote : RemoteFile or None
        None for a file of this machine.
    """

    path: str
    role: Role
    remote: RemoteFile | None = None


class FileEntry(TypedDict):
    """One file as a run's journal has it.

    ``path`` is relative within the project. ``digest`` is None when the file could
    not be read, was changed meanwhile, or is not on this machine; ``version`` is what
    something else knows it by.
    """

    path: str
    role: Role
    digest: Digest | None
    size: int | None
    version: str | None
