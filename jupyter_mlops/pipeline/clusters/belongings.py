"""What of a project a notebook needs elsewhere: files, variables, earlier runs."""

from __future__ import annotations

import contextlib
import json
import os
import re
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.secretnames import is_secret_file, is_secret_name
from jupyter_mlops.ids import Digest
from jupyter_mlops.settings import PREFIX
from jupyter_mlops.store.journal import journal_files, read_journal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from jupyter_mlops.pipeline.versions.modules import LocalModules
    from jupyter_mlops.settings import Settings
    from jupyter_mlops.store.store import Store

_RUN_URI = re.compile(r"runs:/([0-9a-z]{26})/([^\s\"']+)")
_MOST_MENTIONED = 5_000_000
"""Bytes of a file that goes along because its name is in the code."""
_SETTINGS = ("environment_variables", "trusted_loaders", "lower_is_better")


def module_files(local: LocalModules, root: Path) -> Iterator[Path]:
    """Yield the files of local modules within a project."""
    for name in local.digests:
        path = root / name
        if path.is_relative_to(root) and path.is_file():
            yield path


def mentioned_files(local: LocalModules, folder: Path, root: Path) -> Iterator[Path]:
    """Yield the files of a project that the code names, but for those with secrets.

    Parameters
    ----------
    folder : Path
        The notebook's.
    """
    for word in (*local.mentions.words, *local.mentions.texts):
        if "\0" in word:
            continue
        path = folder / word
        place = type(path)(os.path.normpath(path))
        if place.is_relative_to(root) and is_small_file(place):
            yield place


def given_files(given: Mapping[str, Any], folder: Path, root: Path) -> Iterator[Path]:
    """Yield the files and folders of a project that a notebook is given by name."""
    for value in given.values():
        if not isinstance(value, str) or not value or "\0" in value:
            continue
        place = type(folder)(os.path.normpath(folder / value))
        is_within = place.is_relative_to(root) and place != root
        with contextlib.suppress(OSError):
            if is_within and not (place / ".mlops").exists() and place.exists():
                yield place


def given_folders(given: Mapping[str, Any], folder: Path, root: Path) -> Iterator[str]:
    """Yield the folders of a project in which a notebook may be told to write.

    Those that hold, here, what it is given by name; relative to the project.
    """
    for value in given.values():
        if isinstance(value, str) and "/" in value and "\0" not in value:
            place = type(folder)(os.path.normpath(folder / value)).parent
            with contextlib.suppress(OSError):
                if place.is_relative_to(root) and place.is_dir():
                    yield str(place.relative_to(root))


def is_small_file(path: Path) -> bool:
    """Tell whether a file may go along unasked."""
    try:
        return (
            path.is_file()
            and path.stat().st_size <= _MOST_MENTIONED
            and not is_secret_file(path.name)
            and ".mlops" not in path.parts
        )
    except OSError:
        return False


def variables_for(names: Iterable[str], settings: Settings) -> dict[str, str]:
    """Return the variables that go along: those that the code names, and settings.

    Parameters
    ----------
    names : iterable of str
        Of variables; of those that promise a secret nothing is sent.
    """
    found = {
        name: os.environ[name]
        for name in names
        if name in os.environ and not is_secret_name(name)
    }
    for name in _SETTINGS:
        found[PREFIX + name.upper()] = ",".join(getattr(settings, name))
    found[f"{PREFIX}AUTOLOG"] = str(settings.autolog).lower()
    return found


def earlier_runs(
    given: Mapping[str, Any], store: Store
) -> tuple[list[Path], list[Digest]]:
    """Return journals and blobs of runs whose values a notebook gets by address."""
    text = json.dumps(dict(given), default=str)
    folders: dict[Path, None] = {}
    digests: dict[Digest, None] = {}
    for run_id, artifact in _RUN_URI.findall(text):
        folder = store.layout.journal_folder(run_id)
        if folder.is_dir():
            folders[folder] = None
            digests |= dict.fromkeys(_digests_of(folder, artifact))
    return list(folders), [item for item in digests if store.blobs.exists(item)]


def _digests_of(folder: Path, artifact: str) -> Iterator[Digest]:
    for file in journal_files(folder):
        for event in read_journal(file).events:
            if event.get("e") == "artifact" and event.get("name") == artifact:
                yield Digest(str(event["digest"]))
