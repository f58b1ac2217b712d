"""Records where a run takes place: its environment, and what git has not seen yet."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.capture.environment import describe_environment
from jupyter_mlops.capture.gitwatch import watch_of
from jupyter_mlops.capture.hardware import look_for_gpus
from jupyter_mlops.capture.masking import Masker
from jupyter_mlops.errors import MlopsError
from jupyter_mlops.store import events

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.capture.dirtydiff import GitDiff
    from jupyter_mlops.capture.gitwatch import GitWatch
    from jupyter_mlops.ids import Digest
    from jupyter_mlops.store.store import Store
    from jupyter_mlops.tracking.run import Run

DIFF = "uncommitted.diff"
"""The artifact that holds what was not committed."""
OBSERVATION = "git"


def record_surroundings(run: Run, store: Store, *, imported_only: bool) -> None:
    """Keep where a run takes place; what takes a while is written when it is known."""
    _record_environment(run, store, imported_only=imported_only)
    _record_uncommitted(run, store)


def _record_environment(run: Run, store: Store, *, imported_only: bool) -> None:
    found = describe_environment(
        imported_only,
        folder=run.project,
        variables=store.settings.environment_variables,
    )
    _keep_environment(found, run, store)
    look = look_for_gpus()
    if not look.is_done:

        def again(late: Run) -> None:
            look.wait()
            if look.found():
                _keep_environment({**found, "gpus": look.found()}, late, store)

        _record_later(run, again)


def _record_uncommitted(run: Run, store: Store) -> None:
    """Keep how the work tree differs from the commit: now if known, else later."""
    watch = watch_of(run.project)
    if watch is None:
        return
    known = watch.known()
    if known is not None:
        _keep_diff(known.diff, run, store)
    else:
        _record_later(run, partial(_ask_git, watch, store))


class _Written(NamedTuple):
    """An environment, as it is and as it was written."""

    found: dict[str, Any]
    text: bytes
    masked: int


_last = _Written({}, b"", 0)


def _keep_environment(found: dict[str, Any], run: Run, store: Store) -> None:
    global _last  # noqa: PLW0603 - a cache: it is the same from cell to cell
    if found != _last.found:
        masker = Masker()
        _last = _Written(found, events.dump(masker.value(found)), masker.count)
    run.masker.count += _last.masked
    run.record("environment", digest=store.put_soon(_last.text))


def _ask_git(watch: GitWatch, store: Store, run: Run) -> None:
    _keep_diff(watch.look().diff, run, store)


def _keep_diff(diff: GitDiff | None, run: Run, store: Store) -> None:
    if diff is None:
        return
    facts: dict[str, Any] = diff.facts()
    if diff.text:
        data, digest = _diff_blob(diff, store)
        facts["diff"] = digest
        run.masker.count += diff.masked
        run.record(
            "artifact",
            name=DIFF,
            format="file",
            digest=digest,
            size=len(data),
            meta={"file": DIFF},
        )
    run.observe(OBSERVATION, facts)


class _Kept(NamedTuple):
    """A diff whose bytes are known."""

    diff: GitDiff
    data: bytes
    digest: Digest


_kept: _Kept | None = None


def _diff_blob(diff: GitDiff, store: Store) -> tuple[bytes, Digest]:
    global _kept  # noqa: PLW0603 - a cache, as above
    if _kept is None or _kept.diff is not diff or not store.blobs.exists(_kept.digest):
        data = diff.text.encode("utf-8", "replace")
        _kept = _Kept(diff, data, store.put_soon(data))
    return _kept.data, _kept.digest


def _record_later(run: Run, record: Callable[[Run], None]) -> None:
    """Have `record` write into the run from a thread, be it ended by then or not."""

    def write() -> None:
        # The workspace may be gone by now, and nobody is there to be told.
        with suppress(OSError, MlopsError):
            late = run.joined()
            try:
                record(late)
            finally:
                late.end()

    # Not a daemon: the end of a short script must not lose what it was asked for.
    threading.Thread(target=write, name="mlops-surroundings").start()
