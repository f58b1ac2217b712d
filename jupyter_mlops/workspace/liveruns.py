"""How runs stand that are followed: their events, taken in one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.overwriting import overwritten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Event = dict[str, Any]

_TAIL = 16_384
"""Letters kept of one output while its cell runs."""
CACHED_TAG = "mlops.cached"
_OPEN = ("running", "waiting")


@dataclass(slots=True)
class LiveOutput:
    """One output of a running cell, as far as it is known."""

    kind: str
    name: str = ""
    text: str = ""
    length: int = 0

    def take(self, event: Event) -> None:
        """Take in an event about it."""
        text = str(event.get("text", ""))
        at = event.get("at")
        if not isinstance(at, int):
            self.text, self.length = text, len(text)
            return
        if at > self.length:
            self.text += f"\n[… {at - self.length} letters …]\n"
        elif at < self.length:
            self.text = ""
        self.text = (self.text + text)[-_TAIL:]
        self.length = at + len(text)

    def lines(self) -> list[str]:
        """Return its lines, with carriage returns obeyed."""
        done, line, _ = overwritten("", None, self.text)
        return (done + line).splitlines()


@dataclass(slots=True)
class LiveCell:
    """A cell that began; `seconds` is 0 until it has ended.

    Attributes
    ----------
    began : int
        Microseconds since 1970.
    outputs : dict of int to LiveOutput
        What it shows so far; empty once it has ended.
    """

    position: int
    source: str
    status: str
    began: int
    seconds: float = 0.0
    count: int = 0
    outputs: dict[int, LiveOutput] = field(default_factory=dict)
    is_restored: bool = False

    def tail(self, lines: int) -> list[str]:
        """Return the last lines that it shows."""
        found: list[str] = []
        for at in sorted(self.outputs, reverse=True):
            found = self.outputs[at].lines() + found
            if len(found) >= lines:
                break
        return [line for line in found if line.strip()][-lines:] if lines else []

    def take_output(self, event: Event) -> None:
        """Take in what it shows."""
        count = event["of"]
        self.outputs = {at: out for at, out in self.outputs.items() if at < count}
        if "i" in event:
            kind, name = str(event.get("kind", "")), str(event.get("name", ""))
            found = self.outputs.get(event["i"])
            if found is None or (found.kind, found.name) != (kind, name):
                found = self.outputs[event["i"]] = LiveOutput(kind, name)
            found.take(event)


@dataclass(slots=True)
class LiveRun:
    """One of the runs.

    Attributes
    ----------
    status : str
        As a run's; ``cached`` of a step that did not have to run, ``waiting`` of one
        that has not begun.
    began, ended : int
        Microseconds since 1970; 0 for not yet.
    planned : int
        Cells that it is to run; 0 while that is not known.
    steps : list
        Of a pipeline: each step's name and those that it needs.
    """

    id: str
    name: str = ""
    kind: str = ""
    parent: str = ""
    notebook: str = ""
    status: str = "running"
    began: int = 0
    ended: int = 0
    planned: int = 0
    cells: dict[int, LiveCell] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    steps: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    error: str = ""

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.status not in _OPEN

    @property
    def done(self) -> int:
        """How many cells have ended."""
        return sum(cell.status != "running" for cell in self.cells.values())

    @property
    def current(self) -> LiveCell | None:
        """The cell that runs."""
        last = self.cells[max(self.cells)] if self.cells else None
        is_running = last is not None and last.status == "running" and not self.is_over
        return last if is_running else None


class LiveRuns:
    """A run and the runs within it, as their events tell.

    Attributes
    ----------
    runs : dict
        By id, the outermost first.
    """

    def __init__(self, root: str) -> None:
        self.runs: dict[str, LiveRun] = {root: LiveRun(root)}
        self.root = self.runs[root]

    def take(self, events: Iterable[Event]) -> None:
        """Take events in; ones that are not understood are passed over."""
        for event in events:
            run = self.runs.setdefault(event["run"], LiveRun(event["run"]))
            taker = _TAKERS.get(event["e"])
            if taker is not None:
                try:
                    taker(run, event)
                except (KeyError, TypeError, ValueError):
                    continue

    def children(self, run: LiveRun) -> list[LiveRun]:
        """Return the runs within one, in the order in which they began."""
        return [item for item in self.runs.values() if item.parent == run.id]

    def steps(self) -> list[LiveRun]:
        """Return a pipeline's steps in order, those that wait among them.

        Of a step that was tried several times the last attempt.
        """
        latest = {run.name: run for run in self.children(self.root)}
        if not self.root.steps:
            return list(latest.values())
        waiting = "waiting" if not self.root.is_over else "not run"
        return [
            latest.get(name) or LiveRun("", name=name, kind="step", status=waiting)
            for name, _ in self.root.steps
        ]

    def walk(self, run: LiveRun | None = None) -> Iterator[LiveRun]:
        """Yield a run, and all within it."""
        run = run or self.root
        yield run
        for child in self.children(run):
            yield from self.walk(child)


def _start(run: LiveRun, event: Event) -> None:
    run.name, run.kind = event["name"], event["kind"]
    run.parent = event.get("parent", "")
    run.notebook = event.get("notebook", "")
    run.began = event["t"]


def _plan(run: LiveRun, event: Event) -> None:
    run.planned = event.get("cells", run.planned)
    steps = event.get("steps", ())
    run.steps = [(item["name"], tuple(item["needs"])) for item in steps] or run.steps


def _cell(run: LiveRun, event: Event) -> None:
    run.cells[event["n"]] = LiveCell(
        position=event["n"],
        source=event["source"],
        status=event["status"],
        began=event["began"],
        seconds=event["seconds"],
        count=event.get("count") or 0,
        is_restored="restored" in event,
    )


def _output(run: LiveRun, event: Event) -> None:
    cell = run.cells.get(event["n"])
    if cell is not None and cell.status == "running":
        cell.take_output(event)


def _metric(run: LiveRun, event: Event) -> None:
    run.metrics[event["k"]] = event["v"]


def _tag(run: LiveRun, event: Event) -> None:
    if event["k"] == CACHED_TAG:
        run.status = "cached"


def _end(run: LiveRun, event: Event) -> None:
    run.ended = event["t"]
    if run.status != "cached":
        run.status = event["status"]
    if event.get("error"):
        run.error = f"{event['error']['name']}: {event['error']['value']}"


def _lost(run: LiveRun, event: Event) -> None:
    run.status, run.ended = "lost", event["t"]


_TAKERS = {
    "start": _start,
    "plan": _plan,
    "cell": _cell,
    "output": _output,
    "metric": _metric,
    "tag": _tag,
    "end": _end,
    "lost": _lost,
}
