"""A model on its way to a place: its history, versions and runs are published there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import HistoryConflictError, RemoteError
from jupyter_mlops.interop.publication import (
    Part,
    Publication,
    publication_name,
    put_blobs,
    put_part,
    read_history,
    read_part,
    read_publication,
)
from jupyter_mlops.registry.adoption import (
    ForeignHistory,
    Relation,
    compare,
    whole_lines,
)
from jupyter_mlops.registry.binding import binding_from
from jupyter_mlops.store import events
from jupyter_mlops.store.journal import journal_files, read_journal
from jupyter_mlops.store.references import Need, needs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_mlops.ids import Digest, RunId
    from jupyter_mlops.interop.places import Place
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.store.store import Store

Note = Callable[[Callable[[bytes], None]], object]
_TRIES = 5
_WRITER = "writer"
"""The event that begins a journal; it says nothing of the run."""


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
    *,
    note: Note | None = None,
    is_note: Callable[[Mapping[str, Any]], bool] = lambda _: False,
    is_due: bool = False,
) -> Published:
    """Publish versions of one model, and the runs that they rest on.

    What is there already is not written again. An interrupted one leaves nothing that
    anybody would read, and is gone on with by the next. Where others publish meanwhile,
    it is looked at again what they did.

    Parameters
    ----------
    note : callable, optional
        Adds to the model's history that it is published, unless that stands there; it
        calls what it is handed with the history as it will be, before it is written.
    is_note : callable, optional
        Tells events of a run that are no reason to publish it again.
    is_due : bool
        Publish though all is there: the note is missing.

    Raises
    ------
    BlobCorruptError, BlobNotFoundError
        When something that a version binds is not here as it was.
    HistoryConflictError
        When the place has another history of this model.
    RemoteError
        When others publish it again and again.
    """
    chosen = list(versions)
    model = chosen[0].model
    attempt = _Attempt(store, place, model, chosen, list(dict.fromkeys(runs)))
    for _ in range(_TRIES):
        is_behind = check_publishable(store, place, model)
        attempt.upload()
        try:
            is_new = is_behind or is_due or attempt.lacks(is_note)
            if is_new and note is not None:
                note(attempt.claim)
            if is_new and not attempt.is_claimed:
                attempt.claim(whole_lines(store.layout.model_chain(model)))
        except _FasterError:
            continue
        return Published(
            versions=attempt.numbers,
            runs=len(attempt.journals),
            blobs=attempt.count,
            is_new=is_new,
        )
    raise RemoteError(
        f"Others have published '{model}' at {place.where} {_TRIES} times while it was "
        f"tried. Nothing was published; try again.",
        model=model,
        where=place.where,
    )


class _FasterError(Exception):
    """Somebody else took the number."""


class _Attempt:
    """A publication on its way: everything is there before it is claimed."""

    def __init__(
        self,
        store: Store,
        place: Place,
        model: str,
        chosen: Sequence[VersionRecord],
        runs: Sequence[RunId],
    ) -> None:
        self._store = store
        self._place = place
        self._model = model
        self._chosen = chosen
        self._runs = runs
        self._before: Publication | None = None
        self._texts: dict[RunId, dict[str, bytes]] = {}
        self.journals: dict[RunId, dict[str, Part]] = {}
        self.count = 0
        self.is_claimed = False

    @property
    def numbers(self) -> tuple[int, ...]:
        """The versions that are there then."""
        before = self._before.versions if self._before else ()
        return tuple(sorted({version.version for version in self._chosen} | {*before}))

    def upload(self) -> None:
        """Put everything there that the publication will name, but for the history."""
        store, place = self._store, self._place
        self._before = read_publication(place, self._model)
        self._texts = {run: _journals(store, run) for run in self._runs}
        needed = [digest for one in self._chosen for digest in _bound(store, one)]
        needed += _run_blobs(store, self._texts)
        self.count += put_blobs(place, store.blobs, dict.fromkeys(needed))
        self.journals = {
            run: {name: put_part(place, data) for name, data in files.items()}
            for run, files in self._texts.items()
        }
        if self._before and not self._before.number:
            self._take_along(self._before)

    def _take_along(self, before: Publication) -> None:
        """Bring journals of the first format under their digests."""
        for run, files in before.journals.items():
            for name, part in files.items():
                place = before.journal_name(run, name)
                put_part(self._place, read_part(self._place, place, part))

    def lacks(self, is_note: Callable[[Mapping[str, Any]], bool]) -> bool:
        """Tell whether a version, or anything of a run that counts, is not there."""
        before = self._before
        if before is None or before.versions != self.numbers or not before.number:
            # One of the first format is brought into this one.
            return True
        return any(
            self._grew(run, name, data, is_note)
            for run, files in self._texts.items()
            for name, data in files.items()
        )

    def _grew(
        self,
        run: RunId,
        name: str,
        data: bytes,
        is_note: Callable[[Mapping[str, Any]], bool],
    ) -> bool:
        assert self._before is not None, "asked of a model that is there"
        part = self._before.journals.get(run, {}).get(name)
        if part is not None and Part.of(data[: part.size]) != part:
            return True
        lines = data[part.size if part else 0 :].splitlines()
        told = [events.load(line) for line in lines if line.strip()]
        return not all(one.get("e") == _WRITER or is_note(one) for one in told)

    def claim(self, history: bytes) -> None:
        """Publish, with a history whose every event rests on what is there.

        Raises
        ------
        _FasterError
            When somebody else did meanwhile.
        """
        before = self._before
        known = before.journals if before else {}
        told = Publication(
            model=self._model,
            history=put_part(self._place, history),
            versions=self.numbers,
            journals=known | self.journals,
            number=before.number + 1 if before else 1,
        )
        name = publication_name(self._model, told.number)
        if not self._place.create(name, told.to_bytes()):
            raise _FasterError
        self.is_claimed = True


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
