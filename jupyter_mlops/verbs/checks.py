"""What the doctor looks at, one function a noun; nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jupyter_mlops.ids import Digest
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.store.layout import Layout
    from jupyter_mlops.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be.

    Attributes
    ----------
    what : str
        What and where.
    advice : str
        What to do.
    is_fault : bool
        False for traces of a crash that harm nothing.
    """

    what: str
    advice: str
    is_fault: bool = True


@dataclass(frozen=True, slots=True)
class Reference:
    """A blob that something recorded needs."""

    digest: Digest
    is_folder: bool
    needed_by: str


@dataclass(frozen=True, slots=True)
class Mirror:
    """A link of a model's history, as a run's journal remembers it."""

    model: str
    number: int
    digest: str
    run: str


def check_journals(
    layout: Layout,
) -> tuple[int, set[Reference], set[Mirror], list[Finding]]:
    """Read all journals; also return which blobs and links they refer to."""
    from jupyter_mlops.store.journal import journal_files
    from jupyter_mlops.store.references import needs_of
    from jupyter_mlops.workspace.mirrors import mirrored

    findings: list[Finding] = []
    references: set[Reference] = set()
    mirrors: set[Mirror] = set()
    folders = sorted(path for path in layout.journals.iterdir() if path.is_dir())
    for folder in folders:
        for path in journal_files(folder):
            try:
                for event in _read(path, findings):
                    references.update(
                        Reference(need.digest, need.is_folder, f"run {folder.name}")
                        for need in needs_of(event)
                    )
                    if (mirror := mirrored(event)) is not None:
                        mirrors.add(Mirror(*mirror, run=folder.name))
            except OSError as error:
                findings.append(
                    Finding(
                        what=f"{path} cannot be read: {error.strerror}.",
                        advice="Look at its permissions and the disk.",
                    )
                )
    return len(folders), references, mirrors, findings


def _read(path: Path, findings: list[Finding]) -> Iterator[dict[str, Any]]:
    from jupyter_mlops.store.journal import is_being_written, read_journal

    is_written = is_being_written(path)
    offset, bad = 0, []
    while True:
        chunk = read_journal(path, offset)
        yield from chunk.events
        bad += chunk.bad_lines
        if chunk.offset == offset:
            break
        offset = chunk.offset
    if bad:
        findings.append(
            Finding(
                what=f"{path} holds {len(bad)} lines that are no events, the first at "
                f"byte {bad[0]}.",
                advice="They are passed over; bring the file back from a copy if there "
                "is one.",
            )
        )
    if chunk.torn_bytes and not is_written:
        findings.append(
            Finding(
                what=f"The last line of {path} is torn ({chunk.torn_bytes} bytes).",
                advice="Its process was killed while writing; it is passed over.",
                is_fault=False,
            )
        )


def check_models(workspace: Workspace) -> tuple[int, set[Reference], list[Finding]]:
    """Verify each model's chain; also return which blobs its versions need."""
    from jupyter_mlops.registry.binding import binding_from, check_binding

    findings: list[Finding] = []
    references: set[Reference] = set()
    names = sorted(path.stem for path in workspace.layout.registry.glob("*.jsonl"))
    for name in names:
        try:
            torn = workspace.registry.verify(name)
            versions = workspace.registry.versions(name)
        except errors.ModelNotFoundError:
            # An empty file: a crash came before the first line.
            continue
        except errors.MlopsError as error:
            findings.append(Finding(what=str(error), advice="Do not serve this model."))
            continue
        if torn:
            findings.append(
                Finding(
                    what=f"The last line of the history of '{name}' is torn ({torn} "
                    f"bytes).",
                    advice="Its process was killed while writing; what it was to "
                    "record did not happen. The next event marks it.",
                    is_fault=False,
                )
            )
        for version in versions:
            findings += _unlike(version, workspace.store.blobs, check_binding)
            needed_by = f"version {version.version} of {name}"
            references.add(Reference(version.files, True, needed_by))  # noqa: FBT003 - a manifest
            references.add(Reference(version.digest, False, needed_by))  # noqa: FBT003 - a file
            for part in binding_from(version).parts.values():
                references.add(Reference(part, False, needed_by))  # noqa: FBT003 - a file
    return len(names), references, findings


def _unlike(
    version: VersionRecord,
    blobs: Blobs,
    check: Callable[[VersionRecord, Blobs], None],
) -> list[Finding]:
    """Tell whether a version is not what its document says."""
    try:
        check(version, blobs)
    except errors.BlobNotFoundError:
        # Found when the blobs are looked through.
        return []
    except (errors.MlopsError, ValueError) as error:
        return [Finding(what=str(error), advice="Do not serve this version.")]
    return []


def check_mirrors(workspace: Workspace, mirrors: set[Mirror]) -> list[Finding]:
    """Hold models' histories against what journals of their runs remember."""
    findings: list[Finding] = []
    for model in sorted({mirror.model for mirror in mirrors}):
        told = [mirror for mirror in mirrors if mirror.model == model]
        try:
            events = workspace.registry.history(model)
        except errors.ModelNotFoundError:
            events = []
        except errors.MlopsError:
            # Found when the histories were read.
            continue
        known = {event.number: event.digest for event in events}
        odd = [one for one in told if known.get(one.number) != one.digest]
        if odd:
            findings.append(_broken(min(odd, key=lambda one: one.number), len(events)))
    return findings


def _broken(first: Mirror, length: int) -> Finding:
    if first.number > length:
        what = f"ends after link {length}, so its end was cut off"
    else:
        what = "has another one there, so it was written anew"
    return Finding(
        what=f"The history of '{first.model}' {what}: the journal of run {first.run} "
        f"remembers link {first.number} as {first.digest[:12]}….",
        advice="Bring the history back from a copy; do not serve this model.",
    )


def check_blobs(blobs: Blobs, references: set[Reference]) -> tuple[int, list[Finding]]:
    """Read all blobs, and look for those that are needed but missing."""
    findings: list[Finding] = []
    count = 0
    for digest in blobs.digests():
        count += 1
        try:
            blobs.verify(digest)
        except errors.StoreError as error:
            users = {item.needed_by for item in references if item.digest == digest}
            needed = f" {', '.join(sorted(users))} needs it." if users else ""
            findings.append(
                Finding(
                    what=f"{error}{needed}",
                    advice="Delete the file, then bring it back from a copy or log it "
                    "again.",
                )
            )
    for item in sorted(references, key=lambda item: (item.needed_by, item.digest)):
        findings += [
            Finding(
                what=f"Blob {digest} is missing; {item.needed_by} needs it.",
                advice="Bring it back from a copy of the workspace.",
            )
            for digest in _missing(blobs, item)
        ]
    return count, findings


def _missing(blobs: Blobs, item: Reference) -> list[Digest]:
    if not blobs.exists(item.digest):
        return [item.digest]
    if not item.is_folder:
        return []
    try:
        files = blobs.files(item.digest)
    except errors.MlopsError:
        # A damaged list was found when it was read.
        return []
    return [file.digest for file in files if not blobs.exists(file.digest)]


def check_index(workspace: Workspace) -> list[Finding]:
    """Bring the index up to date."""
    try:
        found = workspace.store.index.catch_up()
    except errors.MlopsError as error:
        return [
            Finding(what=str(error), advice="'jupyter mlops index --rebuild' helps.")
        ]
    if found.is_current:
        return []
    return [
        Finding(
            what="Another process has been indexing all the while.",
            advice="Wait for it; readers see what is done so far.",
            is_fault=False,
        )
    ]
