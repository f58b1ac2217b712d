"""Versions of models pushed, approved, promoted and laid aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.api.place import here

if TYPE_CHECKING:
    from jupyter_mlops.records import VersionRecord

DEFAULT_ALIAS = "champion"


def push(
    name: str,
    run: str = "last",
    *,
    artifact: str | None = None,
    note: str | None = None,
    example: Any = None,
    allow_pickle: bool = False,
) -> VersionRecord:
    """Make a run's model the next version of a registered one.

    Parameters
    ----------
    name : str
        The model's name in the registry.
    run : str
        A run's id, the beginning of one, ``last``, or ``runs:/<run id>/<artifact>``.
    artifact : str, optional
        Which artifact; without it the only model that the run keeps.
    note, example, allow_pickle
        See `register_model`.
    """
    return here().models.push(
        run,
        name,
        artifact=artifact,
        note=note,
        example=example,
        allow_pickle=allow_pickle,
    )


def approve(
    name: str,
    version: int,
    *,
    alias: str | None = None,
    reason: str | None = None,
    withdraw: bool = False,
) -> VersionRecord:
    """Vouch for a version in your own name, or take that back.

    Parameters
    ----------
    alias : str, optional
        What it is approved for; without it for all.
    """
    return here().registry.standing.approve(
        name, version, alias=alias, reason=reason, withdraw=withdraw
    )


def promote(
    name: str,
    version: int,
    alias: str = DEFAULT_ALIAS,
    *,
    reason: str | None = None,
    approve_by: str | None = None,
    force: bool = False,
) -> VersionRecord:
    """Point an alias at a version, if the gates of ``gates.yaml`` let it pass.

    Parameters
    ----------
    reason : str, optional
        Kept in the model's history; needed with `force`.
    approve_by : str, optional
        Who approves of it; kept as entered by you.
    force : bool
        Though a gate says no; the history says so for ever.

    Raises
    ------
    PromotionRefusedError
        When a gate says no; its `answers` are those of all gates.
    """
    found = here().models.promote(
        name, version, alias, reason=reason, approver=approve_by, force=force
    )
    assert found.record is not None, "it was not refused"
    return found.record


def archive(
    name: str, version: int, *, reason: str | None = None, undo: bool = False
) -> VersionRecord:
    """Lay a version aside: it stays, but is not listed or promoted."""
    return here().registry.standing.archive(name, version, reason=reason, undo=undo)
