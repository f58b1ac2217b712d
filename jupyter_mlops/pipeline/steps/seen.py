"""What a step's kernel has seen, made sense of: what counts, and what is only said."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from jupyter_mlops.capture.files.places import is_temporary
from jupyter_mlops.pipeline.versions.facts import shown_path
from jupyter_mlops.pipeline.versions.trace import MISSING, Trace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from jupyter_mlops.pipeline.steps.look import Look
    from jupyter_mlops.pipeline.steps.plan import Planner

_MOST_WORDS = 300
_MOST_TEXTS = 2_000
_SHOWN = 5


@dataclass(frozen=True)
class Seen:
    """What `inside` wrote down."""

    told: dict[str, Any]

    @staticmethod
    def file_for(run_id: str, folder: Path) -> Path:
        """Name the file that a kernel writes it to, in the workspace's folder."""
        file = folder / "versions" / "seen" / f"{run_id}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        return file

    @staticmethod
    def begin(file: Path) -> int:
        """Return the time by the clock that files are stamped with, in nanoseconds."""
        # The system's own clock runs ahead of it, by a tick.
        file.touch()
        try:
            return file.stat().st_ctime_ns
        finally:
            file.unlink()

    @classmethod
    def read(cls, file: Path, folder: Path) -> Seen | None:
        """Read it, None when the kernel did not come to write it.

        A kernel calls its folder by the name that it has when links are followed:
        paths in it are brought under `folder`, the name that we know it by.
        """
        real = f"{os.path.realpath(folder)}/"
        try:
            text = file.read_text(encoding="utf-8")
            found = orjson.loads(text)
            if real != f"{folder}/":
                found = _rebased(found, real, f"{folder}/")
        except (OSError, ValueError):
            return None
        return cls(found) if isinstance(found, dict) else None

    def entries(self, project: Path) -> list[dict[str, Any]]:
        """Return the files as a run's journal has them."""
        return [
            {**item, "path": shown_path(item["path"], project)}
            for item in self.told["files"]
            if not is_temporary(item["path"], project)
        ] + [{"path": url, "role": "read"} for url in self.told["remotes"]]

    def written(self, look: Look, folder: Path) -> list[str]:
        """List what was written without being declared."""
        declared = places_of(look.outputs.values(), folder)
        return [
            shown_path(item["path"], folder)
            for item in self.told["files"]
            if item["role"] == "written"
            and not _is_in(item["path"], declared)
            and not is_temporary(item["path"], folder)
        ]


@dataclass(frozen=True)
class Earlier:
    """What a copy brings along.

    Attributes
    ----------
    began : int
        When the cells began that it had run.
    named : collection of str
        Files that those, and the cells after them then, name.
    """

    began: int
    named: Collection[str]


def trace_of(
    seen: Seen,
    look: Look,
    planner: Planner,
    began: int,
    earlier: Earlier | None = None,
) -> tuple[Trace | None, list[str]]:
    """Return what a run needed beside its facts, and what is to be said of it.

    Parameters
    ----------
    began : int
        When it began, in nanoseconds: what was changed since, and not by the step, was
        changed under it.
    earlier : Earlier, optional
        When the cells began that a copy had run, for what those had met.

    Returns
    -------
    tuple
        None for the trace when something of it is not certain.
    """
    told, folder = seen.told, planner.pipeline.folder
    outputs = places_of(look.outputs.values(), folder)
    inputs = places_of(look.inputs.values(), folder)
    reads: dict[str, str | None] = {}
    writes: dict[str, str | None] = {}
    for item in told["files"]:
        if not _is_in(item["path"], outputs) and not _is_in(item["path"], inputs):
            kind = writes if item["role"] == "written" else reads
            if not (kind is writes and is_temporary(item["path"], folder)):
                kind[item["path"]] = item["digest"]
    present = planner.present(look.executable)
    known = {*reads, *writes, *told["modules"]}
    named = [
        path for path in named_files(look, [*outputs, *inputs]) if path not in known
    ]
    since = {}
    if earlier is not None:
        since = dict.fromkeys((*told["earlier"], *earlier.named), earlier.began)
    met = [
        *(item["path"] for item in told["files"] if _is_in(item["path"], inputs)),
        *(path for path in named if not is_temporary(path, folder)),
        # Those too that were not loaded: child processes may have loaded them.
        *{*told["modules"], *look.local.digests},
    ]
    changed = [
        path for path in (*reads, *met) if _changed(path) >= since.get(path, began)
    ]
    changed += told["unsteady"]
    doubtful = [path for path, digest in reads.items() if digest is None]
    notes = _notes(seen, look, folder)
    if changed or doubtful:
        shown = ", ".join(shown_path(p, folder) for p in [*changed, *doubtful][:_SHOWN])
        notes.append(f"runs again next time: {shown} changed while it ran")
        return None, notes
    if not told["is_whole"]:
        notes.append("runs again next time: it opens too many files to know them all")
        return None, notes
    trace = Trace(
        reads=_shown(reads, folder),
        # Written, and gone again, or not readable: that it is so is what is compared.
        writes={
            shown_path(path, folder): digest or present.file(path)
            for path, digest in writes.items()
        },
        absent=[
            shown_path(path, folder)
            for path in told["absent"]
            if not _is_in(path, outputs) and not is_temporary(path, folder)
        ],
        listings={
            shown_path(path, folder): present.listing(path)
            for path in told["listed"]
            if not _is_in(path, [*outputs, *inputs])
        },
        modules={
            shown_path(path, folder): present.module(path) for path in told["modules"]
        },
        named={shown_path(path, folder): present.file(path) for path in named},
        distributions=told["distributions"],
        unavailable=told["unavailable"],
        python={**told["python"], "outside": look.executable},
        remotes=told["remotes"],
    )
    return trace, notes


def _rebased(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return f"{new}{value.removeprefix(old)}" if value.startswith(old) else value
    if isinstance(value, list):
        return [_rebased(inner, old, new) for inner in value]
    if isinstance(value, dict):
        return {key: _rebased(inner, old, new) for key, inner in value.items()}
    return value


def _notes(seen: Seen, look: Look, folder: Path) -> list[str]:
    notes = []
    written = seen.written(look, folder)
    if written:
        shown = ", ".join(written[:_SHOWN]) + (", …" if written[_SHOWN:] else "")
        notes.append(f"it also wrote {shown}, which it does not declare")
    notes += [
        f"it reads {url}, which is not compared"
        for url in seen.told["remotes"][:_SHOWN]
    ]
    return [*notes, *seen.told["problems"]]


def named_files(look: Look, declared: list[str]) -> list[str]:
    """List files that a step's code names, and those that it may name but are not.

    Parameters
    ----------
    declared : list of str
        Absolute places that count otherwise.
    """
    folder = str(look.notebook.path.parent)
    found = []
    for word in list(look.local.mentions.words)[:_MOST_WORDS]:
        path = os.path.normpath(os.path.join(folder, os.path.expanduser(word)))  # noqa: PTH111, PTH118 - texts are at hand, and many
        is_file = os.path.isfile(path)  # noqa: PTH113 - texts are at hand, and many
        is_maybe = not os.path.lexists(path) and ("." in word or "/" in word)
        if (is_file or is_maybe) and "\0" not in path and not _is_in(path, declared):
            found.append(path)
    for word in list(look.local.mentions.texts)[:_MOST_TEXTS]:
        path = os.path.normpath(os.path.join(folder, word))  # noqa: PTH118 - texts are at hand, and many
        if os.path.isfile(path) and not _is_in(path, declared):  # noqa: PTH113 - as above
            found.append(path)
    return found


def _shown(digests: dict[str, str | None], folder: Path) -> dict[str, str]:
    return {
        shown_path(path, folder): digest or MISSING for path, digest in digests.items()
    }


def places_of(paths: Iterable[str], folder: Path) -> list[str]:
    """Return absolute paths."""
    return [os.path.normpath(folder / path) for path in paths]


def _is_in(path: str, places: list[str]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_ctime_ns  # noqa: PTH116 - texts are at hand, and many
    except OSError:
        return 0
