"""Looking on while this process works: a thread that has somebody show a run.

Nothing heavy is imported before its first look: most work has ended by then.
"""

from __future__ import annotations

import contextlib
import contextvars
import os
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.workspace.watching import RunWatch
    from jupyter_mlops.workspace.workspace import Workspace

SECONDS = 0.4
"""Between two looks."""
MOST_SECONDS = 2.0
SHARE = 0.1
"""Of the time that passes, at most so much is spent on looking."""
_resting = threading.RLock()
# No thread of ours is in the middle of something when a process is forked.
os.register_at_fork(
    before=_resting.acquire,
    after_in_parent=_resting.release,
    after_in_child=_resting.release,
)


class WatchThread:
    """Looks on while this process works, in a thread, and has somebody show it.

    Parameters
    ----------
    workspace : Workspace
        Where the run is; the thread opens it anew for itself.
    show : callable
        Is given the watch and what is new. When it fails, nothing more is shown.
    skips_short : bool
        A run that ends before the first look is not shown at all.
    """

    def __init__(
        self,
        workspace: Workspace,
        run_id: str,
        show: Callable[[RunWatch, list[dict[str, Any]]], None],
        *,
        skips_short: bool = False,
    ) -> None:
        self._project = workspace.layout.project
        self._settings = workspace.settings
        self._run_id = run_id
        self._show = show
        self._skips_short = skips_short
        self._ended = threading.Event()
        self._thread = threading.Thread(
            target=contextvars.copy_context().run,
            args=(self._follow,),
            name="mlops-watch",
            daemon=True,
        )

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look once more, and end."""
        self._ended.set()
        self._thread.join()

    def _follow(self) -> None:
        # Whoever cannot be shown how far the work is must not be kept from it.
        with contextlib.suppress(Exception):
            self._watch()

    def _watch(self) -> None:
        if self._ended.wait(SECONDS) and self._skips_short:
            return
        with _resting:
            from jupyter_mlops.workspace.watching import RunWatch
            from jupyter_mlops.workspace.workspace import Workspace

            workspace = Workspace(self._project, settings=self._settings)
            watch = RunWatch(workspace, self._run_id)
        wait = 0.0
        while not self._ended.wait(wait):
            began = time.monotonic()
            with _resting:
                self._show(watch, watch.look())
            spent = time.monotonic() - began
            wait = min(MOST_SECONDS, max(SECONDS, spent / SHARE))
        with _resting:
            self._show(watch, watch.look())
            workspace.close()
