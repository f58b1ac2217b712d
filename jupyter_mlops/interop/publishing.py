"""A model on its way to a place: its history, versions and runs are published there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops.errors import HistoryConflictError
from jupyter_mlops.interop.publication import (
    Part,
    Publication,
    history_name,
    journal_name,
    publication_name,
    put_blobs,
    put_bytes,
    read_history,
    read_publication,
)
from jupyter_mlops.registry.adoption import (
    ForeignHistory,
    Relation,
    compare,
    whole_lines,
)
from jupyter_mlops.registry.binding import binding_from
from jupyter_mlops.store.journal import journal_files, read_journal
from jupyter_mlops.store.references import Need, needs_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.ids import Digest, RunId
    from jupyter_mlops.interop.places import Place
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was published.

    Attributes
    ----------
    blobs : int
        How many were not there before.
    is_new : bool
        False when all of it was there already.
    """

    versions: tuple[int, ...]
    runs: int
    blobs: int
    is_new: bool


def check_publishable(store: Store, place: Place, model: str) -> bool:
    """Tell whether a place lacks any of a model's history.

    Raises
    ------
    HistoryConflictError
        When another history is there, or a longer one.
    """
    found = read_publication(place, model)
    if found is None:
        return True
    theirs = ForeignHistory.read(model, read_history(place, found), place.where)
    ours = whole_lines(store.layout.model_chain(model))
    relation = compare(ours, theirs, place.where)
    if relation is Relation.AHEAD:
        more = len(theirs.state.links) - ours.count(b"\n")
        raise HistoryConflictError(
            f"At {place.where}, '{model}' has a history that is longer than yours by "
            f"{more} event{'s' if more > 1 else ''}. Bring it here first: 'jupyter "
            f"mlops pull', then push again.",
            model=model,
            where=place.where,
        )
    return relation is Relation.BEHIND


def publish(
    store: Store,
    place: Place,
    versions: Iterable[VersionRecord],
    runs: Iterable[RunId],
) -> Published:
    """Publish versions of one model, and the runs that they rest on.

    What is there already is not written again. An interrupted one leaves nothing that
    anybody would read, and is gone on with by the next.

    Raises
    ------
    BlobCorruptError, BlobNotFoundError
        When something that a version binds is not here as it was.
    HistoryConflictError
        When the place has another history of this model.
    """
    chosen = list(versions)
    model = chosen[0].model
    is_new = check_publishable(store, place, model)
    before = read_publication(place, model)
    journals = {run: _journals(store, run) for run in dict.fromkeys(runs)}
    needed = [digest for version in chosen for digest in _bound(store, version)]
    needed += _run_blobs(store, journals)
    count = put_blobs(place, store.blobs, dict.fromkeys(needed))
    history = whole_lines(store.layout.model_chain(model))
    numbers = {version.version for version in chosen}
    known = before.journals if before else {}
    told = Publication(
        model=model,
        history=Part.of(history),
        versions=tuple(sorted(numbers | set(before.versions if before else ()))),
        journals=known
        | {
            run: {name: Part.of(data) for name, data in files.items()}
            for run, files in journals.items()
        },
    )
    is_new = is_new or before is None or told.to_bytes() != before.to_bytes()
    if is_new:
        for run, files in journals.items():
            for name, data in files.items():
                put_bytes(place, journal_name(run, name), data)
        put_bytes(place, history_name(model), history)
        put_bytes(place, publication_name(model), told.to_bytes())
    return Published(
        versions=told.versions, runs=len(journals), blobs=count, is_new=is_new
    )


def _bound(store: Store, version: VersionRecord) -> list[Digest]:
    from jupyter_mlops.registry.binding import check_binding

    check_binding(version, store.blobs)
    files = [entry.digest for entry in store.blobs.files(version.files)]
    return [
        version.digest,
        version.files,
        *files,
        *binding_from(version).parts.values(),
    ]


def _journals(store: Store, run: RunId) -> dict[str, bytes]:
    """Return a run's journals as far as their lines are whole."""
    found = {}
    for path in journal_files(store.layout.journal_folder(run)):
        data = path.read_bytes()
        found[path.name] = data[: data.rfind(b"\n") + 1]
    return {name: data for name, data in found.items() if data}


def _run_blobs(store: Store, journals: dict[RunId, dict[str, bytes]]) -> list[Digest]:
    found: list[Digest] = []
    for run, files in journals.items():
        for name in files:
            path = store.layout.journal_folder(run) / name
            for event in read_journal(path, limit=max(1, path.stat().st_size)).events:
                for need in needs_of(event):
                    found += _present(store, need)
    return found


def _present(store: Store, need: Need) -> list[Digest]:
    # What a run no longer has is no reason not to publish a version that does.
    if not store.blobs.exists(need.digest):
        return []
    if not need.is_folder:
        return [need.digest]
    files = store.blobs.files(need.digest)
    return [need.digest, *(f.digest for f in files if store.blobs.exists(f.digest))]
