"""What gates said, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.verbs import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.registry import GateResult

_GATE, _DETAIL = 50, 90


@dataclass(frozen=True)
class Promoted:
    """An attempt to move an alias, and what the gates said.

    Attributes
    ----------
    version : VersionRecord
        As it is now.
    refusal : str or None
        Why the alias was not moved.
    """

    version: VersionRecord
    alias: str
    answers: Sequence[GateResult]
    is_forced: bool = False
    was: int | None = None
    refusal: str | None = None
    notes: Sequence[RenderableType] = ()

    @property
    def exit_code(self) -> int:
        """1 when it was refused."""
        return int(self.refusal is not None)

    def to_json(self) -> dict[str, Any]:
        """Return the version, the answers, and whether the alias was moved."""
        return {
            "promoted": self.refusal is None,
            "alias": self.alias,
            "was": self.was,
            "forced": self.is_forced,
            "refusal": self.refusal,
            "gates": self.answers,
            "version": self.version,
        }

    def render(self) -> RenderableType:
        """Return the table of the gates, and a line below."""
        from rich.console import Group

        lines: list[RenderableType] = [gate_table(self.answers)] if self.answers else []
        return Group(*lines, shown.text(self.line, self._style), *self.notes)

    @property
    def line(self) -> str:
        """What came of it, in a line."""
        name = f"{self.version.model}@{self.alias}"
        if self.refusal is not None:
            failed = [one for one in self.answers if not one.passed]
            many = shown.counted(len(failed), "gate")
            return (
                f"{name} was not moved to version {self.version.version}: {many} not "
                f"passed. It is on the record."
            )
        said = f"{name} is now version {self.version.version}"
        if self.was is not None and self.was != self.version.version:
            said += f", was {self.was}"
        return f"{said}; forced, for the record." if self.is_forced else f"{said}."

    @property
    def _style(self) -> str:
        if self.refusal is not None:
            return "red"
        return "yellow" if self.is_forced else ""


@dataclass(frozen=True)
class Gated:
    """What gates said when nothing was to be promoted."""

    version: VersionRecord
    alias: str | None
    answers: Sequence[GateResult]

    @property
    def exit_code(self) -> int:
        """1 when one was not passed."""
        return int(any(not one.passed for one in self.answers))

    def to_json(self) -> dict[str, Any]:
        """Return the version's number and the answers."""
        return {
            "model": self.version.model,
            "version": self.version.version,
            "alias": self.alias,
            "passed": not self.exit_code,
            "gates": self.answers,
        }

    def render(self) -> RenderableType:
        """Return the table of the gates."""
        from rich.console import Group

        if not self.answers:
            return shown.text("There are no gates for it in gates.yaml.")
        passed = sum(one.passed for one in self.answers)
        line = f"{passed} of {shown.counted(len(self.answers), 'gate')} passed."
        return Group(gate_table(self.answers), shown.text(line))


def gate_table(answers: Sequence[GateResult]) -> Table:
    """Make a table of what gates said, one row a gate."""
    table = shown.make_table("", "gate", "why", "took", right=["took"])
    for one in answers:
        mark, style = ("passed", "green") if one.passed else ("no", "red")
        took = "known" if one.is_cached else shown.took(one.seconds)
        table.add_row(
            shown.text(mark, style),
            shown.text(one.gate, width=_GATE),
            shown.text(one.detail, width=_DETAIL),
            shown.text(took if one.seconds or one.is_cached else "", "dim"),
        )
    return table
