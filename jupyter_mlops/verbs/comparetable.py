"""How runs side by side look in a terminal: as many columns as fit, then the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.tracking.sidebyside import MISSING, NOUNS
from jupyter_mlops.verbs import shown
from jupyter_mlops.wording import named_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.text import Text

    from jupyter_mlops.tracking.sidebyside import SideBySide

_CELL = 26
_GAP = 2
_ROWS = 60

Row = tuple[str, list["Text"], str]


@dataclass(frozen=True)
class SideTable:
    """Runs as columns; how many fit is known when it is printed."""

    found: SideBySide

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        rows = list(self._rows())
        widths = [
            max(cells[at].cell_len for _, cells, _ in rows) + _GAP
            for at in range(len(self.found.runs))
        ]
        head = max(len(name) for name, _, _ in rows) + _GAP
        for number, part in enumerate(_blocks(widths, options.max_width - head)):
            if number:
                yield shown.text("")
            yield from self._block(rows, part)
        for noun, said in self._equal():
            yield shown.text(f"Equal {noun}: {said}.", "dim")

    def _block(self, rows: list[Row], part: range) -> RenderResult:
        table = shown.make_table("", *([""] * len(part)))
        table.show_header = False
        last = ""
        for name, cells, noun in rows[:_ROWS]:
            if noun != last:
                last = noun
                table.add_row(shown.text(noun, "bold"))
            table.add_row(shown.text(name, "dim"), *(cells[at] for at in part))
        yield table
        if len(rows) > _ROWS:
            said = f"… {len(rows) - _ROWS} more rows (--json shows all)"
            yield shown.text(said, "dim")

    def _rows(self) -> Iterator[Row]:
        runs = self.found.runs
        short = shown.short_ids(run.run_id for run in runs)
        yield "run", [shown.text(short[run.run_id], "cyan") for run in runs], ""
        yield "name", [shown.text(run.name, width=_CELL) for run in runs], ""
        if len({run.experiment for run in runs}) > 1:
            cells = [shown.text(run.experiment, width=_CELL) for run in runs]
            yield "experiment", cells, ""
        yield "status", [shown.status(run.status) for run in runs], ""
        yield "started", [shown.text(shown.ago(run.started)) for run in runs], ""
        yield "took", [shown.text(shown.took(run.seconds)) for run in runs], ""
        for noun in NOUNS:
            title = "" if noun == "badges" else noun
            for name, values in self.found.differing[noun].items():
                best = self.found.best.get(name, []) if noun == "metrics" else []
                cells = [_cell(value, at in best) for at, value in enumerate(values)]
                yield shown.one_line(name, 40), cells, title

    def _equal(self) -> Iterator[tuple[str, str]]:
        for noun in NOUNS:
            equal = self.found.equal[noun]
            if equal:
                yield ("" if noun == "badges" else noun).strip(), named_values(equal)


def _cell(value: Any, is_best: bool) -> Text:  # noqa: FBT001 - said at its only caller
    if value is MISSING:
        return shown.text("·", "dim")
    said = shown.value(value, _CELL)
    return shown.text(f"{said} ★", "green") if is_best else shown.text(said)


def _blocks(widths: list[int], room: int) -> Iterator[range]:
    """Cut columns into blocks that fit, each of at least one."""
    start, used = 0, 0
    for at, width in enumerate(widths):
        if used + width > room and at > start:
            yield range(start, at)
            start, used = at, 0
        used += width
    yield range(start, len(widths))
