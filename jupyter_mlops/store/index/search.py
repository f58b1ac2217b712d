"""Full-text search: the database names runs that hold the words, the texts decide."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.store.index.answers import SearchHit
from jupyter_mlops.store.index.queries import experiment_number, read_records
from jupyter_mlops.store.index.texts import Text, read_texts
from jupyter_mlops.store.index.wordsplit import (
    LETTER,
    SPACELESS,
    fold,
    pairs_of,
    split_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from jupyter_mlops.records import RunRecord
    from jupyter_mlops.store.index.outputtexts import Peek

_PARTS = re.compile(r'"([^"]*)"?|(\S+)')
_AROUND = 60
"""Letters of a snippet on each side of what was found."""
_LONGEST = 240
_ANY = r"[\W_]"


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or several that must follow one another, as the user wrote them."""

    words: tuple[str, ...]
    is_prefix: bool = False

    def pattern(self) -> re.Pattern[str]:
        """Return what finds the term in a text."""
        before = "" if _is_spaceless(self.words[0]) else f"(?<!{LETTER})"
        after = f"(?!{LETTER})"
        if self.is_prefix or _is_spaceless(self.words[-1]):
            after = ""
        found = re.escape(self.words[0])
        for left, right in zip(self.words, self.words[1:], strict=False):
            is_tight = _is_spaceless(left) or _is_spaceless(right)
            found += f"{_ANY}{'*' if is_tight else '+'}{re.escape(right)}"
        return re.compile(f"{before}{found}{after}", re.IGNORECASE)


def parse_terms(text: str) -> list[Term]:
    """Read what a user searches for: words, "quoted phrases", and beginnings*.

    Raises
    ------
    InvalidInputError
        When there is no word in it.
    """
    terms = []
    for quoted, plain in _PARTS.findall(text):
        words = tuple(split_words(quoted or plain))
        if words:
            terms.append(Term(words, is_prefix=plain.endswith("*")))
    if not terms:
        raise InvalidInputError(
            f"There is no word to search for in '{text}': give one or more, as in "
            f"'KeyError region'.",
            text=text,
        )
    return terms


def search_runs(
    connection: Connection,
    text: str,
    experiment: str | None,
    limit: int,
    peek: Peek | None = None,
) -> list[SearchHit]:
    """Return the runs in which all words of `text` occur, latest first.

    Parameters
    ----------
    peek : callable, optional
        Returns the beginning and the end of a blob's text.
    """
    terms = parse_terms(text)
    patterns = [term.pattern() for term in terms]
    numbers = _candidates(connection, terms, experiment)
    # Each portion is read when the ones before did not suffice.
    portions = (numbers[at : at + limit] for at in range(0, len(numbers), limit))
    verified = chain.from_iterable(
        _verified(connection, portion, patterns, peek) for portion in portions
    )
    found = dict(islice(verified, limit))
    records = read_records(connection, list(found), ())
    return [
        _hit(record, text, patterns)
        for record, text in zip(records, found.values(), strict=True)
    ]


def _candidates(
    connection: Connection, terms: Sequence[Term], experiment: str | None
) -> list[int]:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        source = "words w JOIN runs r ON r.id = w.rowid WHERE w.words MATCH ?"
    else:
        source = "words w JOIN runs r ON r.id = w.run WHERE w.text @@ %s::tsquery"
    if experiment is not None:
        number = experiment_number(connection, experiment)
        source += f" AND r.experiment = {number}"
    sql = (
        f"SELECT r.id FROM {source} AND r.started IS NOT NULL "  # noqa: S608 - our own tables and a number
        "ORDER BY r.started DESC, r.run_id DESC"
    )
    # Plain tuples of the driver: a common word is in many runs.
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, (_asked(terms, is_sqlite=is_sqlite),))
        return [row[0] for row in cursor.fetchall()]
    finally:
        cursor.close()


def _asked(terms: Sequence[Term], *, is_sqlite: bool) -> str:
    """Write the words in the database's language; they hold letters and digits only."""
    quote, star, join = ('"', "*", " AND ") if is_sqlite else ("'", ":*", " & ")
    asked: dict[str, None] = {}
    for term in terms:
        for place, word in enumerate(term.words, 1):
            is_prefix = term.is_prefix and place == len(term.words)
            asked[f"{quote}{fold(word)}{quote}{star if is_prefix else ''}"] = None
        whole = term.words[:-1] if term.is_prefix else term.words
        for pair in pairs_of([fold(word) for word in whole]):
            asked[f"{quote}{pair}{quote}"] = None
    return join.join(asked)


def _verified(
    connection: Connection,
    numbers: list[int],
    patterns: Sequence[re.Pattern[str]],
    peek: Peek | None,
) -> Iterator[tuple[int, Text]]:
    """Give the runs in which every pattern is found, and the text to show of each."""
    texts = read_texts(connection, numbers, peek)
    for number in numbers:
        best, most, missing = None, 0, set(patterns)
        for text in texts.get(number, ()):
            found = {pattern for pattern in patterns if pattern.search(text.text)}
            missing -= found
            if len(found) > most:
                best, most = text, len(found)
        if best is not None and not missing:
            yield number, best


def _hit(
    record: RunRecord, text: Text, patterns: Sequence[re.Pattern[str]]
) -> SearchHit:
    snippet = _snippet(text.text, patterns)
    return SearchHit(
        run_id=record.run_id,
        name=record.name,
        experiment=record.experiment,
        kind=record.kind,
        status=record.status,
        started=record.started,
        field=text.field,
        snippet=snippet,
        marks=_marks(snippet, patterns),
    )


def _snippet(text: str, patterns: Sequence[re.Pattern[str]]) -> str:
    """Cut out what is around the first place found, on one line."""
    spans = [found.span() for p in patterns if (found := p.search(text))]
    begin, end = min(spans)
    low = max(0, begin - _AROUND)
    high = min(max(end, begin + _AROUND) + _AROUND, low + _LONGEST)
    line = " ".join(text[low:high].split())
    return f"{'…' if low else ''}{line}{'…' if high < len(text) else ''}"


def _marks(
    snippet: str, patterns: Sequence[re.Pattern[str]]
) -> tuple[tuple[int, int], ...]:
    """Say from where to where the snippet holds what was searched for."""
    spans = sorted({m.span() for p in patterns for m in p.finditer(snippet)})
    marks: list[tuple[int, int]] = []
    for begin, end in spans:
        if marks and begin <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
        else:
            marks.append((begin, end))
    return tuple(marks)


def _is_spaceless(word: str) -> bool:
    return re.match(f"[{SPACELESS}]", word) is not None
