"""What happens to a version after it was registered, beside aliases that move.

Approvals, gates that were tried, verdicts, downloads, and versions laid aside: each is
an event of the model's history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.capture.masking import Masker
from jupyter_mlops.registry import state as states
from jupyter_mlops.registry.approvals import approvals_of
from jupyter_mlops.registry.identity import Identity, identified, who_am_i
from jupyter_mlops.registry.promotion import event
from jupyter_mlops.registry.state import event_of
from jupyter_mlops.registry.uris import checked_alias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jupyter_mlops.records import ModelEvent, VersionRecord
    from jupyter_mlops.registry.approvals import Demand
    from jupyter_mlops.registry.gates import GateResult
    from jupyter_mlops.registry.histories import Histories
    from jupyter_mlops.registry.state import ModelState


class Standing:
    """The events of versions: see `Registry.standing`."""

    def __init__(self, histories: Histories) -> None:
        self._histories = histories

    def approve(
        self,
        name: str,
        version: int,
        *,
        alias: str | None = None,
        reason: str | None = None,
        approver: str | None = None,
        withdraw: bool = False,
        by: Identity | str | None = None,
    ) -> VersionRecord:
        """Keep that somebody approves of a version, or no longer does.

        Parameters
        ----------
        alias : str, optional
            What it is approved for; without it for all.
        approver : str, optional
            Somebody else, for whom it is entered.
        withdraw : bool
            Take the approval back.
        """
        who = identified(by)
        fields: dict[str, Any] = {"version": version}
        if alias is not None:
            fields["alias"] = checked_alias(alias)
        if reason is not None:
            fields["reason"] = Masker().text(reason)
        if approver is not None and approver != who.name:
            fields |= {"entered_by": who.name, "entered_source": who.source}
            who = who_am_i(approver)
        kind = states.WITHDRAWN if withdraw else states.APPROVED
        return self._append(name, kind, who, fields)

    def approvals(self, name: str, version: int) -> list[ModelEvent]:
        """Return the approvals of a version that hold for any alias, as events.

        Raises
        ------
        ModelNotFoundError, VersionNotFoundError
            When there is no such model or version.
        """
        known = self._histories.state(name)
        known.version(version)
        aliases = {link.get("alias") for link in known.about(version)} | {None}
        found = {
            link["n"]: link
            for alias in aliases
            for link in approvals_of(known, version, alias)
        }
        return [event_of(found[number]) for number in sorted(found)]

    def judge(self, name: str, version: int, alias: str, demand: Demand) -> GateResult:
        """Say whether enough people have approved of a version for an alias."""
        return demand.judge(self._histories.state(name), version, alias)

    def archive(
        self,
        name: str,
        version: int,
        *,
        reason: str | None = None,
        undo: bool = False,
        by: Identity | str | None = None,
    ) -> VersionRecord:
        """Lay a version aside: it stays, but is no longer listed or promoted.

        Raises
        ------
        InvalidInputError
            When an alias points to it.
        """
        fields: dict[str, Any] = {"version": version}
        if reason is not None:
            fields["reason"] = Masker().text(reason)
        kind = states.RESTORED if undo else states.ARCHIVED
        made = event(kind, name, identified(by), fields)

        def decide(known: ModelState) -> dict[str, Any] | None:
            found = known.version(version)
            if found.archived is not undo:
                return None
            if found.aliases:
                raise errors.InvalidInputError(
                    f"Version {version} of '{name}' is {' and '.join(found.aliases)}: "
                    f"promote another first, or take the alias away.",
                    model=name,
                    version=version,
                    aliases=found.aliases,
                )
            return made

        self._histories.state(name)
        return self._histories.append(name, decide).version(version)

    def keep_gates(
        self,
        name: str,
        version: int,
        answers: Sequence[GateResult],
        *,
        alias: str | None = None,
        by: Identity | str | None = None,
    ) -> VersionRecord:
        """Keep what gates said when nothing was to be promoted."""
        fields: dict[str, Any] = {"version": version}
        fields["gates"] = [answer.to_json() for answer in answers]
        if alias is not None:
            fields["alias"] = checked_alias(alias)
        return self._append(name, states.GATED, identified(by), fields)

    def keep_verdict(
        self,
        name: str,
        version: int,
        verdict: str,
        *,
        summary: str,
        document: str | None = None,
        by: Identity | str | None = None,
    ) -> VersionRecord:
        """Keep what came of making a version again.

        Parameters
        ----------
        document : Digest, optional
            Of the blob that holds all of it.
        """
        fields: dict[str, Any] = {"version": version, "verdict": verdict}
        fields["summary"] = Masker().text(summary)
        if document is not None:
            fields["document"] = document
        return self._append(name, states.VERIFIED, identified(by), fields)

    def keep_download(
        self,
        name: str,
        version: int,
        purpose: str,
        target: str,
        *,
        by: Identity | str | None = None,
        before: Callable[[bytes], None] | None = None,
    ) -> VersionRecord:
        """Keep that a version was taken away, to be served or used elsewhere.

        Parameters
        ----------
        purpose : str
            What for, such as ``mlflow`` or ``torchserve``.
        target : str
            Where to; secrets in it are masked.
        before : callable, optional
            Given the history as it will be; where it raises, nothing is kept.
        """
        fields = {"version": version, "purpose": purpose}
        fields["target"] = Masker().text(target)
        return self._append(name, states.DOWNLOADED, identified(by), fields, before)

    def keep_card(
        self,
        name: str,
        version: int,
        texts: Mapping[str, str],
        *,
        confirmed: Mapping[str, int] | None = None,
        by: Identity | str | None = None,
    ) -> VersionRecord:
        """Keep what people write on a version's card, by field.

        Parameters
        ----------
        confirmed : mapping, optional
            The earlier version whose text a field repeats, by field.
        """
        masked = {key: Masker().text(text) for key, text in texts.items()}
        fields: dict[str, Any] = {"version": version, "fields": masked}
        if confirmed:
            fields["confirmed"] = dict(confirmed)
        return self._append(name, states.CARD, identified(by), fields)

    def _append(
        self,
        name: str,
        kind: str,
        who: Identity,
        fields: dict[str, Any],
        before: Callable[[bytes], None] | None = None,
    ) -> VersionRecord:
        # Before the lock: what is not there shall leave no file behind.
        self._histories.state(name).version(fields["version"])
        made = event(kind, name, who, fields)
        now = self._histories.append(name, lambda _: made, before)
        return now.version(fields["version"])
