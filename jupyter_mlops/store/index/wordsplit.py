"""How texts are split into words, and which marks stand for pairs of them.

Both databases are given these words and nothing else, so both find the same.
"""

from __future__ import annotations

import re
from itertools import islice
from operator import xor
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Chinese and Japanese write no spaces: each of their letters is a word.
SPACELESS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
LETTER = rf"[^\W_{SPACELESS}]"
_WORD = re.compile(rf"[{SPACELESS}]|{LETTER}+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")

_LONGEST = 64
"""Letters of a word that count; what is longer is hardly typed by anyone."""
_ROOM = 500_000
"""Letters of one run's words: PostgreSQL takes a megabyte, of at most four each,
and more than that is no longer text but data."""


def split_words(text: str) -> list[str]:
    """Return the words of a text as they are written, in their order."""
    return _WORD.findall(text)


def fold(word: str) -> str:
    """Return a word as it is indexed."""
    return word[:_LONGEST].lower()


def folded_words(text: str) -> list[str]:
    """Return the words of a text as they are indexed, in their order."""
    if not text.isascii():
        return [fold(word) for word in _WORD.findall(text)]
    # Nearly all there is: without a call for each word this is four times as fast.
    words = _ASCII_WORD.findall(text.lower())
    if max(map(len, words), default=0) > _LONGEST:
        return [word[:_LONGEST] for word in words]
    return words


class _Codes(dict[str, int]):
    """Two bytes for each word, worked out once: runs mostly share their words."""

    def __init__(self, shift: int) -> None:
        super().__init__()
        self._shift = shift

    def __missing__(self, word: str) -> int:
        if len(self) >= _CACHED:
            self.clear()
        code = self[word] = crc32(word.encode()) >> self._shift & 0xFFFF
        return code


class _Marks(dict[int, str]):
    """The word that stands for each of the 65,536 marks."""

    def __missing__(self, number: int) -> str:
        mark = self[number] = f"·{number:x}"
        return mark


_CACHED = 100_000
_left, _right, _marks = _Codes(0), _Codes(16), _Marks()


def _numbers(words: Sequence[str]) -> Iterator[int]:
    """Return a number for each two neighbours; no line of Python runs for each."""
    seconds = islice(map(_right.__getitem__, words), 1, None)
    return map(xor, map(_left.__getitem__, words), seconds)


def pairs_of(words: Sequence[str]) -> Iterator[str]:
    """Give a mark for each two folded words that follow one another.

    There are 65,536 marks, so they take little room; two pairs may share one.
    """
    return map(_marks.__getitem__, _numbers(words))


def words_of(texts: Iterable[str]) -> list[str]:
    """Return the words of some texts and the marks of their pairs, each once."""
    found: dict[str, None] = {}
    numbers: set[int] = set()
    for text in texts:
        words = folded_words(text)
        found.update(dict.fromkeys(words))
        numbers.update(_numbers(words))
    both = [*found, *map(_marks.__getitem__, numbers)]
    return both if sum(map(len, both)) <= _ROOM else list(_fitting(both))


def _fitting(words: Iterable[str]) -> Iterator[str]:
    room = _ROOM
    for word in words:
        # Letters beyond ASCII take up to four bytes.
        room -= len(word) if word.isascii() else 4 * len(word)
        if room < 0:
            return
        yield word
