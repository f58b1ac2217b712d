"""Who approved a version, and whether that is enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.gates import GateResult
from jupyter_mlops.registry.state import APPROVED, WITHDRAWN

if TYPE_CHECKING:
    from jupyter_mlops.registry.state import ModelState

GATE = "approvals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """How many people must have approved.

    Attributes
    ----------
    count : int
        Different people.
    own : bool
        The one who registered the version counts, too.
    told : bool
        So do approvals that somebody else entered.
    """

    count: int
    own: bool = False
    told: bool = False

    def judge(self, known: ModelState, version: int, alias: str) -> GateResult:
        """Say whether enough people have approved, and whose word did not count."""
        pusher = known.registered[version]["by"]
        counted, apart = [], []
        for link in approvals_of(known, version, alias):
            name = link["by"]
            if name == pusher and not self.own:
                apart.append(f"{name} registered it")
            elif "entered_by" in link and not self.told:
                apart.append(f"that of {name} was entered by {link['entered_by']}")
            else:
                counted.append(name)
        said = f"{len(counted)} of {self.count}"
        said += f": {', '.join(counted)}" if counted else ""
        said += f"; not counted: {'; '.join(apart)}" if apart else ""
        return GateResult(gate=GATE, passed=len(counted) >= self.count, detail=said)


def approvals_of(
    known: ModelState, version: int, alias: str | None
) -> list[dict[str, Any]]:
    """Return the last approval of each person that holds for an alias.

    One that was entered for somebody stands beside their own, which replaces it.
    """
    found: dict[str, dict[str, Any]] = {}
    for link in known.about(version):
        if link.get("alias") not in (None, alias):
            continue
        if link["kind"] == WITHDRAWN:
            found.pop(link["by"], None)
        elif link["kind"] == APPROVED:
            own = found.get(link["by"])
            if own is None or "entered_by" in own or "entered_by" not in link:
                found[link["by"]] = link
    return list(found.values())
