"""Who has noted how things are when a notebook's process is copied, and looks again.

A copy knows only what was so when it was made. What runs in the process may say, when
the copy wakes up, that the world is another one by now. Standard library only.
"""

from __future__ import annotations

from typing import Protocol


class Witness(Protocol):
    """Somebody in the notebook's process."""

    def note(self) -> None:
        """Note how things are: the process is about to be copied."""

    def go_on(self) -> None:
        """Go on in the process itself: the copy was made, or could not be."""

    def changes(self) -> list[str]:
        """Say what is otherwise now, in the copy that woke up."""


_witnesses: list[Witness] = []
_faults: list[str] = []


def call(witness: Witness) -> None:
    """Have somebody note and look, in the place of whoever did so before."""
    _witnesses[:] = [witness]


def note() -> None:
    """Have all note how things are; whatever goes wrong is told by `changes`."""
    _faults.clear()
    for witness in _witnesses:
        try:
            witness.note()
        except Exception as fault:  # noqa: BLE001 - it must not disturb the notebook
            _faults.append(_words(fault))


def go_on() -> None:
    """Have all go on in the process itself."""
    for witness in _witnesses:
        witness.go_on()


def changes() -> list[str]:
    """Return what is otherwise than when the process was copied."""
    found = list(_faults)
    for witness in _witnesses:
        try:
            found += witness.changes()
        except Exception as fault:  # noqa: BLE001 - what cannot be compared counts as changed
            found.append(_words(fault))
    return found


def _words(fault: Exception) -> str:
    return f"what it had read could not be compared ({type(fault).__name__}: {fault})"
