"""Moving an alias: gates are asked first, and what they said is kept with the move.

Gates may take minutes, so nothing is locked meanwhile. When the alias is moved, the
history is looked at once more: of two that promote at once one wins, and the other is
refused, since its gates compared with a version that is no longer the alias's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.capture.masking import Masker
from jupyter_mlops.registry import state as states
from jupyter_mlops.registry.approvals import approvals_of
from jupyter_mlops.registry.gates import GateResult

if TYPE_CHECKING:
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.registry.approvals import Demand
    from jupyter_mlops.registry.identity import Identity
    from jupyter_mlops.registry.state import ModelState

MOVED = "alias"
"""What the answer is called that says that somebody else was faster."""


@dataclass(kw_only=True)
class Promotion:
    """One attempt to move an alias to a version.

    Attributes
    ----------
    was : int or None
        Where the alias pointed before the gates were asked.
    answers : list of GateResult
        Of the gates; `decide` adds what the history itself says.
    demand : Demand or None
        How many people must have approved.
    record : VersionRecord or None
        The version, as it is when the alias was moved.
    """

    version: int
    alias: str
    was: int | None
    who: Identity
    answers: list[GateResult]
    demand: Demand | None = None
    reason: str | None = None
    is_forced: bool = False
    is_refused: bool = field(default=False, init=False)
    record: VersionRecord | None = field(default=None, init=False)

    def decide(self, known: ModelState) -> dict[str, Any]:
        """Make the event of it, with the history as it is now."""
        check_promotable(known, self.version)
        is_late = self._check_still(known)
        if self.demand is not None:
            self.answers.append(self.demand.judge(known, self.version, self.alias))
        failed = self.failed
        self.is_refused = bool(failed) and (is_late or not self.is_forced)
        fields: dict[str, Any] = {"alias": self.alias, "version": self.version}
        if self.answers:
            fields["gates"] = [answer.to_json() for answer in self.answers]
        if found := approvals_of(known, self.version, self.alias):
            fields["approvals"] = [link["n"] for link in found]
        if (before := known.aliases.get(self.alias)) is not None:
            fields["was"] = before
        if self.reason is not None:
            fields["reason"] = Masker().text(self.reason)
        if failed and self.is_forced:
            fields["forced"] = True
        kind = states.REFUSED if self.is_refused else states.ALIAS_SET
        return event(kind, known.name, self.who, fields)

    @property
    def failed(self) -> list[GateResult]:
        """The answers that stand in the way."""
        return [answer for answer in self.answers if not answer.passed]

    def _check_still(self, known: ModelState) -> bool:
        now = known.aliases.get(self.alias)
        if now in (self.was, self.version):
            return False
        moves = [link for link in known.links if link.get("alias") == self.alias]
        mover = moves[-1]["by"] if moves else "somebody"
        to = f"moved to version {now}" if now else "taken away"
        detail = f"{mover} was faster: it was {to} meanwhile; look, and try again"
        self.answers.append(GateResult(gate=MOVED, passed=False, detail=detail))
        return True

    def refusal(self, name: str) -> errors.PromotionRefusedError:
        """Return the error that says why not."""
        said = "; ".join(f"{one.gate}: {one.detail or 'no'}" for one in self.failed)
        return errors.PromotionRefusedError(
            f"'{self.alias}' of '{name}' was not moved to version {self.version}: "
            f"{said}. Better the model, or force it with a reason, which is kept.",
            model=name,
            version=self.version,
            alias=self.alias,
            failed=self.failed,
            answers=self.answers,
        )


def check_promotable(known: ModelState, version: int) -> None:
    """Refuse a version that is not there, or is archived.

    Raises
    ------
    VersionNotFoundError, InvalidInputError
        Then.
    """
    known.version(version)
    if version in known.archived:
        raise errors.InvalidInputError(
            f"Version {version} of '{known.name}' is archived. Bring it back first: "
            f"'jupyter mlops archive {known.name} {version} --undo'.",
            model=known.name,
            version=version,
        )


def check_reason(reason: str | None, name: str, version: int) -> None:
    """Refuse to force anything without a reason.

    Raises
    ------
    InvalidInputError
        Then.
    """
    if not (reason and reason.strip()):
        raise errors.InvalidInputError(
            "A forced promotion needs a reason, which is kept: --reason '…', or "
            "reason='…'.",
            model=name,
            version=version,
        )


def event(
    kind: str, name: str, who: Identity, fields: dict[str, Any]
) -> dict[str, Any]:
    """Make an event of a model's history."""
    return {
        "kind": kind,
        "model": name,
        "by": who.name,
        "source": who.source,
        **fields,
    }
