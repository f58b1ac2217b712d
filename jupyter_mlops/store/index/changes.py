"""What newly read events change in one run, before the database is asked anything.

The last param, tag, note, cell, artifact and file of a name wins: the one with the
greatest (time, writer), whatever order the writers' files are read in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.records import Kind, Status
from jupyter_mlops.store import events as journal_events
from jupyter_mlops.store.index.values import (
    LATEST,
    LONG,
    BadEventError,
    base_of,
    clean,
    digest_bytes,
    error_text,
    number,
    param_row,
    size_of,
    to_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.ids import RunId

Event = dict[str, Any]
PointRow = tuple[int, int, int, int, int, float | None]

_KINDS = frozenset(Kind)


class Stamp(NamedTuple):
    """When and by whom a value was written: the greater one wins."""

    time: int
    writer: str


@dataclass(slots=True)
class WriterState:
    """How far one journal file was read."""

    number: int
    offset: int = 0
    torn: int = 0


@dataclass(slots=True)
class RunChanges:
    """Collects events of one run.

    Attributes
    ----------
    run : int
        The run's number in the index.
    base : int
        Microseconds that stored times are counted from.
    is_fresh : bool
        The index holds nothing of the run yet.
    is_read : bool
        All files were read to their ends.
    is_written : bool
        A process still writes to it.
    latest : dict
        By what is set (``("params", key)``, ``("note",)`` …): stamp and event.
    points : dict
        By metric: its key's number and the rows to add.
    """

    run: int
    run_id: RunId
    intern: Callable[[str], int]
    is_fresh: bool
    writers: dict[str, WriterState]
    base: int = 0
    is_read: bool = False
    is_written: bool = True
    has_grown: bool = False
    count: int = 0
    bad: int = 0
    latest: dict[tuple[Any, ...], tuple[Stamp, Event]] = field(default_factory=dict)
    points: dict[str, tuple[int, list[PointRow]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.base = base_of(self.run_id)

    def clear(self) -> None:
        """Begin again, after what was collected went into the index."""
        self.is_fresh = False
        self.has_grown = False
        self.count = 0
        self.latest = {}
        self.points = {}

    def take(self, events: list[Event], writer: str) -> None:
        """Collect `events` of `writer`, in their order."""
        run, base, series = self.run, self.base, self.points
        low, high, latest = -LONG, LONG, LATEST
        self.count += len(events)
        for event in events:
            try:
                # Points come by the million: no call is made for a healthy one.
                if event["e"] == "metric":
                    value, step, time = event["v"], event["s"], event["t"]
                    if type(value) is not float or value != value:  # noqa: PLR0124 - NaN
                        value = number(value)
                    if (
                        type(step) is not int
                        or type(time) is not int
                        or not low <= step <= high
                        or not 0 <= time <= latest
                    ):
                        raise BadEventError
                    key, rows = series.get(event["k"]) or self._series(event["k"])
                    rows.append((run, key, step, time - base, 0, value))
                else:
                    self._take_other(event, writer)
            except (KeyError, TypeError, ValueError, OverflowError):
                self.bad += 1

    def _series(self, name: str) -> tuple[int, list[PointRow]]:
        found = self.points[name] = (self.intern(clean(name)), [])
        return found

    def _take_other(self, event: Event, writer: str) -> None:
        check = _CHECKS.get(event["e"])
        if check is None:
            return
        time = event["t"]
        if type(time) is not int or not 0 <= time <= LATEST:
            raise BadEventError
        slot = check(self, event)
        stamp = Stamp(time, writer)
        found = self.latest.get(slot)
        if found is None or stamp >= found[0]:
            self.latest[slot] = (stamp, event)


# --- what each kind must have; returns what the event sets -------------------------


def _check_start(_changes: RunChanges, event: Event) -> tuple[Any, ...]:
    event["name"] = clean(event["name"])
    event["experiment"] = clean(event["experiment"])
    for name in ("parent", "notebook", "cell_id"):
        event[name] = None if event.get(name) is None else clean(event[name])
    if event["kind"] not in _KINDS:
        # A newer version's kind of work: shown as the plainest that we know.
        event["kind"] = Kind.SCRIPT.value
    return ("start",)


def _check_end(_changes: RunChanges, event: Event) -> tuple[Any, ...]:
    if event["status"] not in {"finished", "failed", "cancelled"}:
        event["status"] = Status.FAILED.value
    event["error"] = error_text(event.get("error"))
    return ("end",)


def _check_param(changes: RunChanges, event: Event) -> tuple[Any, ...]:
    event["row"] = param_row(journal_events.from_json(event["v"]))
    return ("params", changes.intern(clean(event["k"])))


def _check_tag(changes: RunChanges, event: Event) -> tuple[Any, ...]:
    value = event.get("v")
    event["row"] = (None if value is None else clean(value),)
    return ("tags", changes.intern(clean(event["k"])))


def _check_note(_changes: RunChanges, event: Event) -> tuple[Any, ...]:
    event["text"] = clean(event["text"])
    return ("note",)


def _check_environment(_changes: RunChanges, event: Event) -> tuple[Any, ...]:
    event["digest"] = digest_bytes(event["digest"])
    return ("environment",)


def _check_artifact(_changes: RunChanges, event: Event) -> tuple[Any, ...]:
    meta = event.get("meta")
    if meta is not None and type(meta) is not dict:
        raise BadEventError
    event["row"] = (
        clean(event["format"]),
        digest_bytes(event["digest"]),
        size_of(event["size"]),
        event.get("folder") is True,
        to_text(meta) if meta else None,
    )
    return ("artifacts", clean(event["name"]))


def _check_cell(_changes: RunChanges, event: Event) -> tuple[Any, ...]:
    position, began, count = event["n"], event["began"], event.get("count")
    outputs = event.get("outputs") or []
    is_fine = (
        type(position) is int
        and abs(position) <= LONG
        and type(began) is int
        and 0 <= began <= LATEST
        and type(event["source"]) is str
        and (count is None or type(count) is int)
        and type(outputs) is list
    )
    if not is_fine:
        raise BadEventError
    body = {
        "source": event["source"],
        "status": Status(event["status"]).value,
        "began": began,
        "seconds": number(event["seconds"]),
        "cell_id": event.get("cell_id"),
        "count": count,
        "outputs": outputs,
        "error": event.get("error"),
        "cpu": _optional(event, "cpu", number),
        "peak": _optional(event, "peak", size_of),
    }
    error_text(body["error"])
    event["row"] = (to_text({k: v for k, v in body.items() if v not in (None, [])}),)
    return ("cells", position)


def _check_file(_changes: RunChanges, event: Event) -> tuple[Any, ...]:
    digest, size = event.get("digest"), event.get("size")
    event["row"] = (
        None if digest is None else digest_bytes(digest),
        None if size is None else size_of(size),
        _optional(event, "version", clean),
    )
    return ("files", (clean(event["role"]), clean(event["path"])))


def _check_observation(_changes: RunChanges, event: Event) -> tuple[Any, ...]:
    event["row"] = (to_text(event["v"]),)
    return ("observations", clean(event["k"]))


def _optional(event: Event, name: str, check: Callable[[Any], Any]) -> Any:
    value = event.get(name)
    return None if value is None else check(value)


_CHECKS: dict[str, Callable[[RunChanges, Event], tuple[Any, ...]]] = {
    "start": _check_start,
    "end": _check_end,
    "param": _check_param,
    "tag": _check_tag,
    "note": _check_note,
    "environment": _check_environment,
    "artifact": _check_artifact,
    "cell": _check_cell,
    "file": _check_file,
    "observation": _check_observation,
}
