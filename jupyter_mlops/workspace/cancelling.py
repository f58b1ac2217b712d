"""Runs interrupted, whoever started them: in a terminal, by cron, in the panel.

A run's journal tells which process writes it. That one is signalled only when it holds
this very file open, so an id that was given to another process since is never hit.
"""

from __future__ import annotations

import platform
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops import errors
from jupyter_mlops.records import Kind, Status
from jupyter_mlops.store.journal import journal_files, read_journal
from jupyter_mlops.workspace.processes import (
    birth_of,
    catches,
    holds_open,
    ignores,
    send_signal,
)

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.jobs import Job
    from jupyter_mlops.workspace.workspace import Workspace

_HEAD = 1 << 16
"""Bytes of a journal that are read for who writes it."""


@dataclass(frozen=True, kw_only=True)
class Cancelled:
    """What was asked to end.

    Attributes
    ----------
    process : int
        The one that was signalled.
    job : Job or None
        When it was started in the background.
    """

    run: RecordedRun
    process: int
    job: Job | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The process that began a run, as its journal tells."""

    file: Path
    host: str
    process: int


def cancel_run(workspace: Workspace, run: str) -> Cancelled:
    """Interrupt what does a run: once to finish writing, twice for now.

    Parameters
    ----------
    run : str
        Its id, the beginning of one, or ``last``: with all that it is part of.

    Raises
    ------
    RunNotFoundError, JobEndedError
        When there is nothing to interrupt.
    InvalidInputError
        When it is part of another run, which would end with it.
    OutOfReachError
        When its process is on another machine, another user's, or deaf to interrupts.
    """
    found = workspace.get_run(run)
    while run == "last" and (outer := _running_parent(workspace, found)):
        # Who does not name a part means the whole.
        found = outer
    if found.status is not Status.RUNNING:
        raise _ended(found)
    for job in workspace.background.jobs():
        if job.run == found.id and job.is_alive:
            told = workspace.background.cancel(job.id)
            return Cancelled(run=found, process=told.process, job=told)
    if (outer := _running_parent(workspace, found)) is not None:
        raise errors.InvalidInputError(
            f"Run {found.id} ({found.name}) is part of run {outer.id} ({outer.name}): "
            f"they end together. Cancel that one: 'jupyter mlops cancel {outer.id}'.",
            run_id=found.id,
            parent_id=outer.id,
        )
    owner = owner_of(workspace, found)
    _signal(found, owner)
    return Cancelled(run=found, process=owner.process)


def owner_of(workspace: Workspace, run: RecordedRun) -> Owner:
    """Find who began a run: of all that write to it, the one that holds it together.

    Raises
    ------
    OutOfReachError
        When no journal of it says so.
    """
    for file in journal_files(workspace.layout.journal_folder(run.id)):
        try:
            told = read_journal(file, limit=_HEAD).events
        except OSError:
            continue
        if not any(event.get("e") == "start" for event in told):
            continue
        head = next((event for event in told if event.get("e") == "writer"), {})
        process = head.get("pid")
        if isinstance(process, int):
            return Owner(file=file, host=str(head.get("host", "")), process=process)
    raise errors.OutOfReachError(
        f"The journal of run {run.id} does not tell which process writes it. Interrupt "
        f"it where it was started.",
        run_id=run.id,
    )


def _running_parent(workspace: Workspace, run: RecordedRun) -> RecordedRun | None:
    outer = run.record.parent_id
    if outer is None:
        return None
    try:
        parent = workspace.get_run(outer)
    except errors.RunNotFoundError:
        # It was not copied along with its child.
        return None
    return parent if parent.status is Status.RUNNING else None


def _signal(run: RecordedRun, owner: Owner) -> None:
    here, process = platform.node(), owner.process
    if owner.host != here:
        raise _out_of_reach(
            run,
            owner,
            f"is done on {owner.host or 'another machine'}, and this is {here}. Cancel "
            f"it there: 'jupyter mlops cancel {run.id}'.",
        )
    if sys.platform != "linux":
        raise _out_of_reach(
            run,
            owner,
            f"is done by process {process}, which only Linux can make sure of. "
            f"Interrupt it where it was started, with Ctrl-C.",
        )
    # Before the look at its files: should the id become another's, this is not its.
    birth = birth_of(process)
    try:
        is_holding = holds_open(process, owner.file)
    except PermissionError as error:
        raise _out_of_reach(
            run,
            owner,
            f"is done by process {process} of another user. Ask them to cancel it: "
            f"'jupyter mlops cancel {run.id}'.",
        ) from error
    if not is_holding:
        raise _out_of_reach(
            run,
            owner,
            f"is done by process {process}, which is not to be seen from here: it is "
            f"in another container, or has just ended. Interrupt it where it was "
            f"started.",
        )
    if not send_signal(process, birth, _number(run, owner)):
        raise _ended(run)


def _number(run: RecordedRun, owner: Owner) -> int:
    """Choose the signal: shells let what they start with ``&`` ignore interrupts."""
    if not ignores(owner.process, signal.SIGINT):
        return signal.SIGINT
    # Ours takes a request to end for an interrupt; a kernel would be gone by it.
    is_batch = run.record.kind in (Kind.NOTEBOOK, Kind.STEP, Kind.PARENT)
    if is_batch and catches(owner.process, signal.SIGTERM):
        return signal.SIGTERM
    raise _out_of_reach(
        run,
        owner,
        f"is done by process {owner.process}, which ignores interrupts: it was started "
        f"so, or waits for its next cell. End it with 'kill {owner.process}'.",
    )


def _out_of_reach(
    run: RecordedRun, owner: Owner, sentence: str
) -> errors.OutOfReachError:
    return errors.OutOfReachError(
        f"Run {run.id} {sentence}",
        run_id=run.id,
        host=owner.host,
        process=owner.process,
    )


def _ended(run: RecordedRun) -> errors.JobEndedError:
    return errors.JobEndedError(
        f"Run {run.id} ({run.name}) is not running any more.",
        state=str(run.status),
        run_id=run.id,
    )
