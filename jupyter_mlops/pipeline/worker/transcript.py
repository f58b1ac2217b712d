"""What a notebook's process wrote and sent, in the order in which it did."""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING

from jupyter_mlops.pipeline.worker.markers import MarkedText

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from jupyter_mlops.pipeline.worker.line import Line
    from jupyter_mlops.pipeline.worker.wire import Frame

_READ_BYTES = 1 << 20


class Transcript:
    """Reads a line's pipes and channel, and merges them."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._texts = [MarkedText(line.token) for _ in line.pipes]
        self._frames: deque[Frame] = deque()

    def read(self, ready: Collection[int]) -> list[int]:
        """Take in what is there, where in the line there is something to be read.

        Text before messages: a message without a marker says that its text was taken.

        Returns
        -------
        list of int
            Those of `ready` that nothing follows from.
        """
        ended = []
        for pipe, text in zip(self._line.pipes, self._texts, strict=True):
            if pipe in ready:
                data = os.read(pipe, _READ_BYTES)
                text.feed(data)
                if not data:
                    ended.append(pipe)
        channel = self._line.channel.fileno()
        if channel in ready:
            frames = self._line.receive()
            self._frames += frames or ()
            if frames is None:
                ended.append(channel)
        return ended

    def drain(self) -> None:
        """Take in the rest, when nobody writes any more."""
        while frames := self._line.receive():
            self._frames += frames
        for pipe, text in zip(self._line.pipes, self._texts, strict=True):
            try:
                while data := os.read(pipe, _READ_BYTES):
                    text.feed(data)
            except BlockingIOError:
                pass
            text.finish()

    def __iter__(self) -> Iterator[tuple[int, str] | Frame]:
        """Yield what has its place: a stream's number with text, or a message."""
        while True:
            for stream, text in enumerate(self._texts):
                while text.items and isinstance(text.items[0], str):
                    yield stream, str(text.items.popleft())
            if not self._frames:
                return
            number = self._frames[0].head["number"]
            if not number:
                yield self._frames.popleft()
                continue
            if not all(text.items and text.items[0] == number for text in self._texts):
                return
            for text in self._texts:
                text.items.popleft()
            yield self._frames.popleft()

    def rest(self) -> Iterator[tuple[int, str] | Frame]:
        """Yield what is left of a process that died, whatever is missing."""
        yield from self
        for stream, text in enumerate(self._texts):
            for item in text.items:
                if isinstance(item, str):
                    yield stream, item
