"""Follows the metrics of a run that goes on, by reading what its journals grow by.

The process that logs is not asked and does not wait: a log call costs the same, whether
someone follows or not, and what child processes log is seen as well.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_mlops.store.events import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Reduce = Callable[
        [Sequence[float], Sequence[float], int], tuple[list[float], list[float]]
    ]

_SUFFIX = ".jsonl"
_METRIC = b'{"e":"metric"'
READ_LIMIT = 1 << 16
"""Bytes read at a time of one journal: some 900 points."""
_PIECES = 8
_KEPT = 2000
_MOST_METRICS = 64


@dataclass(slots=True)
class FollowedMetric:
    """The points seen of one metric; at most a few thousand are kept.

    Attributes
    ----------
    steps, values : list of float
        By step.
    """

    steps: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    _is_in_order: bool = True

    def add(self, step: float, value: float) -> None:
        """Take a point."""
        if self.steps and step < self.steps[-1]:
            self._is_in_order = False
        self.steps.append(step)
        self.values.append(value)

    def tidy(self, reduce: Reduce) -> None:
        """Bring the points into order; of too many keep those that tell most."""
        if not self._is_in_order:
            order = sorted(range(len(self.steps)), key=self.steps.__getitem__)
            self.steps = [self.steps[at] for at in order]
            self.values = [self.values[at] for at in order]
            self._is_in_order = True
        if len(self.steps) > 2 * _KEPT:
            self.steps, self.values = reduce(self.steps, self.values, _KEPT)


class RunFollower:
    """Reads a run's journals from where it left off.

    Of more lines than can be read quickly it reads a sample, spread evenly over them.

    Parameters
    ----------
    folder : Path
        The run's journals.
    reduce : callable
        Thins out a curve: ``(steps, values, limit)`` to fewer of both.

    Attributes
    ----------
    metrics : dict of str to FollowedMetric
        In the order in which they came.
    is_sampled : bool
        Not every point was read.
    """

    def __init__(self, folder: Path, reduce: Reduce) -> None:
        self.metrics: dict[str, FollowedMetric] = {}
        self.is_sampled = False
        self._folder = folder
        self._reduce = reduce
        self._offsets: dict[str, int] = {}

    def read(self) -> bool:
        """Take in what is new, and tell whether there were points in it."""
        found = 0
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if entry.name.endswith(_SUFFIX):
                    found += self._read_file(entry)
        if found:
            for metric in self.metrics.values():
                metric.tidy(self._reduce)
        return found > 0

    def _read_file(self, entry: os.DirEntry[str]) -> int:
        # Not entry.stat(): some systems give what it was when the folder was read.
        size = os.stat(entry.path).st_size  # noqa: PTH116 - a path made for each look would cost more
        start = self._offsets.get(entry.name, 0)
        if size <= start:
            return 0
        found = 0
        with open(entry.path, "rb", buffering=0) as file:  # noqa: PTH123 - as above
            for at, length in _pieces(start, size):
                file.seek(at)
                data = file.read(length)
                # Lines that the piece cuts are left out, but for the last: it is
                # read when it is whole.
                first = 0 if at == start else data.find(b"\n") + 1
                last = data.rfind(b"\n") + 1
                found += self._take(data[first:last])
                if at + length >= size:
                    self._offsets[entry.name] = at + last
        if size - start > READ_LIMIT:
            self.is_sampled = True
        return found

    def _take(self, lines: bytes) -> int:
        found = 0
        for line in lines.splitlines():
            if not line.startswith(_METRIC):
                continue
            try:
                event = load(line)
                name, value = event["k"], float(event["v"])
                step = float(event["s"])
            except (ValueError, KeyError, TypeError):
                continue
            metric = self.metrics.get(name)
            if metric is None:
                if len(self.metrics) >= _MOST_METRICS:
                    continue
                metric = self.metrics[name] = FollowedMetric()
            metric.add(step, value)
            found += 1
        return found


def _pieces(start: int, stop: int) -> list[tuple[int, int]]:
    """Say what to read of a stretch: all, or pieces of it, the end among them."""
    if stop - start <= READ_LIMIT:
        return [(start, stop - start)]
    length = READ_LIMIT // _PIECES
    stride = (stop - start - length) / (_PIECES - 1)
    return [(start + round(stride * at), length) for at in range(_PIECES)]
