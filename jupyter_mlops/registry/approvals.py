"""Who approved a version, and whether that is enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.gates import GateResult
from jupyter_mlops.registry.state import APPROVED, WITHDRAWN

if TYPE_CHECKING:
    from jupyter_mlops.registry.state import ModelState

GATE = "approvals"
SOURCES = ("git", "jupyter", "jupyterhub", "system")
"""That names can come from: see `Identity`."""


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
    source : str or None
        Who must vouch for their names: one of `SOURCES`.
    """

    count: int
    own: bool = False
    told: bool = False
    source: str | None = None

    def judge(self, known: ModelState, version: int, alias: str) -> GateResult:
        """Say whether enough people have approved, and whose word did not count.

        One person may be known by two names, such as Jupyter's and the system's. So
        people are counted among those whose names one source vouches for.
        """
        pusher = known.registered[version]
        apart: list[str] = []
        by_source: dict[str, list[str]] = {}
        for link in approvals_of(known, version, alias):
            if reason := self._against(link, pusher["by"]):
                apart.append(reason)
            else:
                by_source.setdefault(source_of(link), []).append(link["by"])
        # Of as many people, those whose names come from where the pusher's does.
        sources = sorted(
            by_source, key=lambda one: (-len(by_source[one]), one != pusher["source"])
        )
        chosen = sources[0] if sources else ""
        counted = by_source.get(chosen, [])
        apart += [
            f"{name} ({source}) may be one of those by another name"
            for source in sources[1:]
            for name in by_source[source]
        ]
        shown = f" ({chosen})" if sources[1:] else ""
        said = f"{len(counted)} of {self.count}"
        said += f": {', '.join(name + shown for name in counted)}" if counted else ""
        said += f"; not counted: {'; '.join(apart)}" if apart else ""
        said += self._doubt(counted, chosen, pusher)
        return GateResult(gate=GATE, passed=len(counted) >= self.count, detail=said)

    def _against(self, link: dict[str, Any], pusher: str) -> str:
        """Say why an approval does not count; empty when it does."""
        name = link["by"]
        if name == pusher and not self.own:
            return f"{name} registered it"
        if "entered_by" in link and not self.told:
            return f"that of {name} was entered by {link['entered_by']}"
        source = source_of(link)
        if self.source not in (None, source):
            return f"{name} is a name of {source}, not of {self.source}"
        return ""

    def _doubt(self, counted: list[str], source: str, pusher: dict[str, Any]) -> str:
        """Say that the pusher may be among them, where names cannot tell."""
        if self.own or not counted or source == pusher["source"]:
            return ""
        names = " or ".join(counted)
        return (
            f"; take care: {pusher['by']} ({pusher['source']}), who registered it, may "
            f"be {names} ({source}) by another name"
        )


def source_of(link: dict[str, Any]) -> str:
    """Return who vouches for the name in an approval: of one entered, the enterer's."""
    return str(link.get("entered_source") or link.get("source") or "unknown")


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
