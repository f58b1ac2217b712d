"""The magics ``%%track`` and ``%track``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.magic import Magics, cell_magic, line_magic, magics_class

from jupyter_mlops.magics.trackline import USAGE
from jupyter_mlops.magics.warning import warn

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_mlops.magics.tracker import CellTracker

_SWITCHES = {"--autolog": True, "--no-autolog": False}


@magics_class
class TrackMagics(Magics):
    """``%%track`` above a cell records it as a run; ``%track`` tells and switches."""

    def __init__(self, shell: InteractiveShell, tracker: CellTracker) -> None:
        super().__init__(shell)
        self._tracker = tracker

    @cell_magic("track")
    def track_cell(self, line: str, cell: str) -> None:
        """Record this cell as a run.

        ::

            %%track [name] [-e EXPERIMENT] [-p NAME]… [-m NAME]… [-s NAME]…
                    [-t KEY=VALUE]… [--note TEXT] [--no-live]
                    [--no-autolog]

        name            of the run; without it the cell's number
        -e EXPERIMENT   group of runs; without it the notebook's name
        -p NAME         keep the variable NAME as a param, beside those bound to
                        literals
        -m NAME         keep NAME as a metric, beside the numbers that the cell computes
        -s NAME         keep the object NAME: frame, array, figure, text, model …
        -t KEY=VALUE    set a tag
        --note TEXT     put a note on the run
        --no-live       draw no curve of the metrics while the cell runs
        --no-autolog    do not notice the models that the cell fits

        The line is taken off before the cell runs, so the cell runs as it would
        without it.
        """
        # The input transformer has taken the line off wherever it stands first; only
        # code that calls the magic by name comes here.
        del line
        warn(f"%%track has to stand above the cell to record it. Use: {USAGE}")
        self.shell.run_cell(cell)

    @line_magic("track")
    def track_line(self, line: str) -> None:
        """Tell what is being recorded, or switch recording for every cell.

        ::

            %track          what is recorded now, and where
            %track on       record every cell from the next one on
            %track off      record only cells with %%track above
            %track --no-autolog     do not notice fitted models from now on
            %track --autolog        notice them again
        """
        word = line.strip().lower()
        if word == "on":
            self._tracker.is_on = True
        elif word == "off":
            self._tracker.is_on = False
        elif word in _SWITCHES:
            self._tracker.is_autologging = _SWITCHES[word]
        elif word:
            warn(
                f"%track {line}: use %track, %track on, %track off, "
                f"%track --no-autolog or %track --autolog."
            )
            return
        print(self._tracker.status())
