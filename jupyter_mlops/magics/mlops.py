"""The magic ``%mlops VERB``: the command line's verbs, answered in the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.magic import Magics, line_magic, magics_class

from jupyter_mlops.magics.warning import warn

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_mlops.magics.tracker import CellTracker


@magics_class
class MlopsMagics(Magics):
    """``%mlops VERB …``."""

    def __init__(self, shell: InteractiveShell, tracker: CellTracker) -> None:
        super().__init__(shell)
        self._tracker = tracker

    @line_magic("mlops")
    def mlops(self, line: str) -> None:
        """Run a verb of the command line here: ``%mlops runs``, ``%mlops show last``.

        ``%mlops --help`` lists the verbs.
        """
        import shlex

        from jupyter_mlops.capture.ownimports import OwnImports
        from jupyter_mlops.errors import MlopsError

        try:
            with OwnImports():
                from jupyter_mlops.magics.displays import RichAnswers
                from jupyter_mlops.verbs import answer

                workspace = self._tracker.workspace()
                rich = RichAnswers(self.shell, workspace)
                answer(shlex.split(line), workspace, show=rich.show, live=rich.live)
        except (MlopsError, ValueError) as error:
            warn(f"%mlops {line}: {error}")
