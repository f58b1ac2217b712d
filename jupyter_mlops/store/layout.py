"""Where things lie in a workspace folder, and whether this version may touch them."""

from __future__ import annotations

import os
from pathlib import Path

from jupyter_mlops.errors import (
    InvalidNameError,
    WorkspaceError,
    WorkspaceLayoutError,
    WorkspaceReadOnlyError,
)

FOLDER = ".mlops"
FORMAT = 1
_MODEL_NAME_LIMIT = 128


class Layout:
    """The paths of one workspace.

    Parameters
    ----------
    project : Path
        The folder that holds ``.mlops/``; made absolute.
    """

    __slots__ = ("blobs", "folder", "index", "journals", "project", "registry")

    def __init__(self, project: Path) -> None:
        self.project = Path(os.path.abspath(project))  # noqa: PTH100 - resolve() would follow a user's links
        self.folder = self.project / FOLDER
        self.journals = self.folder / "journals"
        self.registry = self.folder / "registry"
        self.blobs = self.folder / "blobs"
        self.index = self.folder / "index.sqlite"

    def __repr__(self) -> str:
        return f"Layout({str(self.project)!r})"

    @property
    def format_file(self) -> Path:
        """The file that holds the layout's version."""
        return self.folder / "format"

    @property
    def settings_file(self) -> Path:
        """The user's settings for this workspace; need not exist."""
        return self.folder / "settings.toml"

    @property
    def touched(self) -> Path:
        """Ids of runs whose journals grew a further file, one a line."""
        return self.folder / "touched"

    @property
    def registry_cache(self) -> Path:
        """What models add up to; derived, and checked when it is read."""
        return self.folder / "registry.cache"

    @property
    def index_lock(self) -> Path:
        """Held by the one process that brings the index up to date."""
        return self.folder / "index.lock"

    def journal_folder(self, run_id: str) -> Path:
        """Return the folder of a run's journals."""
        return self.journals / run_id

    def model_chain(self, model: str) -> Path:
        """Return the file of a model's events.

        Raises
        ------
        InvalidNameError
            When the name would leave the folder or cannot be a file name.
        """
        return self.registry / f"{checked_file_name(model, 'model')}.jsonl"

    def exists(self) -> bool:
        """Tell whether a workspace is there; refuses one that may not be entered."""
        return _is_workspace(self.folder)

    def is_writable(self) -> bool:
        """Tell whether this process may write into the workspace."""
        return os.access(self.folder, os.W_OK)

    def create(self) -> None:
        """Make the folder, or check the one that is there.

        Several processes may do so at once: every step is harmless when another
        was faster.

        Raises
        ------
        WorkspaceLayoutError
            When a newer version laid it out; nothing is touched then.
        WorkspaceError
            When the folder cannot be made.
        """
        if self.exists():
            self.check()
            return
        try:
            for folder in (self.journals, self.registry, self.blobs):
                folder.mkdir(parents=True, exist_ok=True)
            self._write_once(self.folder / ".gitignore", "*\n")
            # Last, since it is what makes the folder a workspace.
            self._write_once(self.format_file, f"{FORMAT}\n")
        except PermissionError as error:
            raise WorkspaceReadOnlyError(
                f"No workspace can be made in {self.project}: you may not write "
                f"there. Name another folder with JUPYTER_MLOPS_WORKSPACE.",
                folder=self.folder,
            ) from error
        except OSError as error:
            raise WorkspaceError(
                f"No workspace can be made in {self.project}: {error.strerror}.",
                folder=self.folder,
            ) from error

    def check(self) -> None:
        """Refuse a layout that this version does not know.

        Raises
        ------
        WorkspaceLayoutError
            On a newer version, or a file that holds no version.
        """
        text = self.format_file.read_text(encoding="utf-8", errors="replace").strip()
        if not (text.isascii() and text.isdigit()):
            raise WorkspaceLayoutError(
                f"{self.format_file} holds {text[:40]!r} instead of a version: is "
                f"{self.folder} a workspace of jupyter_mlops?",
                folder=self.folder,
                found=text,
            )
        if int(text) > FORMAT:
            raise WorkspaceLayoutError(
                f"{self.folder} has layout {text}, this version reads up to "
                f"{FORMAT}. Nothing was touched; upgrade with "
                f"'pip install -U jupyter-mlops'.",
                folder=self.folder,
                found=int(text),
            )

    def _write_once(self, path: Path, text: str) -> None:
        beside = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        try:
            beside.write_text(text, encoding="utf-8")
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


def find_project(start: Path) -> Path | None:
    """Find the nearest folder upwards that holds a workspace, as git does."""
    start = Path(os.path.abspath(start))  # noqa: PTH100 - resolve() would follow a user's links
    for folder in (start, *start.parents):
        if _is_workspace(folder / FOLDER):
            return folder
    return None


def _is_workspace(folder: Path) -> bool:
    try:
        return (folder / "format").is_file()
    except PermissionError as error:
        raise WorkspaceError(
            f"You may not look into {folder}. Have its owner let you read it, or name "
            f"another folder with JUPYTER_MLOPS_WORKSPACE.",
            folder=folder,
        ) from error


def project_root(start: Path) -> Path:
    """Say where a new workspace belongs: the git root, else `start` itself."""
    start = Path(os.path.abspath(start))  # noqa: PTH100 - resolve() would follow a user's links
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    return start


def checked_file_name(name: str, noun: str) -> str:
    """Return `name` if it can safely name one file.

    Raises
    ------
    InvalidNameError
        On separators, a leading dot, control characters, or undue length.
    """
    is_fine = (
        0 < len(name) <= _MODEL_NAME_LIMIT
        and name[0] not in ".-"
        and all(letter.isalnum() or letter in "._- " for letter in name)
        and name == name.strip()
    )
    if not is_fine:
        raise InvalidNameError(
            f"{name!r} cannot name a {noun}: use letters, digits, '.', '_' and '-', "
            f"at most {_MODEL_NAME_LIMIT} of them, not a dot or dash at the start.",
            name=name,
            noun=noun,
        )
    return name
