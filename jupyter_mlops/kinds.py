"""What a run can be, and how it can stand."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """The states of a run."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"
    """Its process is gone and no end was written."""


class Kind(StrEnum):
    """What piece of work a run records."""

    CELL = "cell"
    NOTEBOOK = "notebook"
    STEP = "step"
    SCRIPT = "script"
    PARENT = "parent"
