"""The face inside a notebook: what ``%load_ext jupyter_mlops`` brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.magics.mlops import MlopsMagics
from jupyter_mlops.magics.track import TrackMagics
from jupyter_mlops.magics.tracker import CellTracker
from jupyter_mlops.magics.trackline import without_track_line

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_ATTRIBUTE = "_jupyter_mlops_tracker"


def load(shell: InteractiveShell) -> None:
    """Add the magics to a shell; a second time changes nothing."""
    if getattr(shell, _ATTRIBUTE, None) is not None:
        return
    tracker = CellTracker(shell)
    setattr(shell, _ATTRIBUTE, tracker)
    # First of all: the transformers after it must not see the line.
    shell.input_transformers_cleanup.insert(0, without_track_line)
    shell.events.register("pre_run_cell", tracker.before_cell)
    shell.events.register("post_run_cell", tracker.after_cell)
    shell.register_magics(TrackMagics(shell, tracker))
    shell.register_magics(MlopsMagics(shell, tracker))


def unload(shell: InteractiveShell) -> None:
    """Take the magics off a shell."""
    tracker = getattr(shell, _ATTRIBUTE, None)
    if tracker is None:
        return
    delattr(shell, _ATTRIBUTE)
    shell.input_transformers_cleanup.remove(without_track_line)
    shell.events.unregister("pre_run_cell", tracker.before_cell)
    shell.events.unregister("post_run_cell", tracker.after_cell)
    magics = shell.magics_manager.magics
    for kind, name in (("cell", "track"), ("line", "track"), ("line", "mlops")):
        magics[kind].pop(name, None)
