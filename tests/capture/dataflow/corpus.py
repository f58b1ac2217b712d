"""Reading the histories: Python files with ``# %%`` cells under a header.

The header says what the history proves and which cells its recipe keeps, counted from
1; the last cell is the target. It may ask for evidence, for names that are saved, or
for a session in which figures outlive their cell. ``# %% again 2`` runs cell 2 again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "histories"
_HEADER = re.compile(r"^# (\w+): (.*)$")


@dataclass
class CellText:
    source: str
    is_failing: bool = False
    cell_id: str | None = None


@dataclass
class HistoryFile:
    """One history as the file tells it."""

    name: str
    proves: str
    recipe: list[int]
    cells: list[CellText]
    wanted: set[str] = field(default_factory=set)
    has_evidence: bool = False
    is_inline: bool = True
    is_run: bool = True

    @property
    def sources(self):
        return [cell.source for cell in self.cells]


def read_history(path):
    """Read one history."""
    head, *parts = re.split(r"^# %%", path.read_text(), flags=re.MULTILINE)
    header = {}
    for line in head.splitlines():
        found = _HEADER.match(line)
        if found:
            header[found[1]] = found[2]
        elif line.startswith("#   "):
            header["proves"] += " " + line[4:]
    cells = []
    for part in parts:
        mark, _, source = part.partition("\n")
        words = mark.split()
        source = source.strip("\n")
        if words[:1] == ["again"]:
            source = cells[int(words[1]) - 1].source
        ids = [word.removeprefix("id=") for word in words if word.startswith("id=")]
        cells.append(CellText(source, "fails" in words, ids[0] if ids else None))
    return HistoryFile(
        name=path.stem,
        proves=header["proves"],
        recipe=[int(word) for word in header["recipe"].split()],
        cells=cells,
        wanted=set(header.get("wanted", "").split()),
        has_evidence=header.get("evidence") == "yes",
        is_inline=header.get("figures") != "survive",
        is_run=header.get("run") != "no",
    )


def read_all():
    """Read all histories, by name."""
    return {path.stem: read_history(path) for path in sorted(FOLDER.glob("*.py"))}
