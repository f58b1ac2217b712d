"""A table out of an output's HTML, for runs that kept no data of it."""

from __future__ import annotations

from html.parser import HTMLParser

from jupyter_mlops.tracking.tablediff import Table

LIMIT = 500_000
"""Letters of HTML that are read."""


def read_table(html: str) -> Table | None:
    """Read the one table of an output; None when there is none, or several."""
    if "<table" not in html or len(html) > LIMIT:
        return None
    parser = _TableParser()
    parser.feed(html)
    head, body = parser.head, parser.body
    if parser.tables != 1 or not head or not body:
        return None
    width = len(head[-1])
    if any(len(row) != width for row in body):
        return None
    # pandas puts the index before the columns, under a heading without words.
    labels = sum(parser.is_label_row(at) for at in range(len(body))) == len(body)
    skip = 1 if labels else 0
    columns = tuple((name, "") for name in head[-1][skip:])
    values = tuple([row[at] for row in body] for at in range(skip, width))
    return Table(
        shape=(len(body), len(columns)),
        columns=columns,
        values=values,
        index=[row[0] for row in body] if labels else None,
    )


class _TableParser(HTMLParser):
    """Collects the rows of tables as texts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables = 0
        self.head: list[list[str]] = []
        self.body: list[list[str]] = []
        self._labels: list[bool] = []
        self._is_head = False
        self._row: list[str] | None = None
        self._is_labelled = False
        self._cell: list[str] | None = None

    def is_label_row(self, at: int) -> bool:
        """Tell whether a row of the body begins with a heading of its own."""
        return self._labels[at]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        del attrs
        self.tables += tag == "table"
        if tag == "thead":
            self._is_head = True
        elif tag == "tr":
            self._row, self._is_labelled = [], False
        elif tag in ("td", "th") and self._row is not None:
            if not self._row:
                self._is_labelled = tag == "th"
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        """End what was begun."""
        if tag == "thead":
            self._is_head = False
        elif tag in ("td", "th") and self._cell is not None and self._row is not None:
            self._row.append(" ".join("".join(self._cell).split()))
            self._cell = None
        elif tag == "tr" and self._row is not None:
            (self.head if self._is_head else self.body).append(self._row)
            if not self._is_head:
                self._labels.append(self._is_labelled)
            self._row = None

    def handle_data(self, data: str) -> None:
        """Collect the words of a cell."""
        if self._cell is not None:
            self._cell.append(data)
