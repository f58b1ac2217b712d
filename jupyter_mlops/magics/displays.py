"""How answers of verbs are shown in a notebook: as pages and pictures, text besides."""

from __future__ import annotations

import base64
import io
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from jupyter_mlops.errors import MissingLibraryError
from jupyter_mlops.magics.frontend import has_front_end
from jupyter_mlops.magics.modeldisplays import model_page
from jupyter_mlops.magics.warning import warn
from jupyter_mlops.verbs.compare import ComparedRuns
from jupyter_mlops.verbs.diff import RunComparison
from jupyter_mlops.verbs.plotanswers import CurvePlot, SpreadPlot
from jupyter_mlops.verbs.runs import RunList
from jupyter_mlops.verbs.show import RunDetails
from jupyter_mlops.verbs.sweep import SweepAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_mlops.verbs.session import Answer, LiveShow
    from jupyter_mlops.workspace import Workspace

_TEXT_WIDTH = 110
Bundle = tuple[dict[str, str], dict[str, Any]]


class RichAnswers:
    """Shows answers in the front end of a shell, where there is one."""

    def __init__(self, shell: InteractiveShell, workspace: Workspace) -> None:
        self._shell = shell
        self._workspace = workspace

    def show(self, answer: Answer) -> bool:
        """Show an answer, and tell whether there is a richer form of it than text."""
        if not has_front_end(self._shell):
            return False
        try:
            found = bundle_of(answer, self._workspace)
        except MissingLibraryError as error:
            # What the terminal shows needs no library.
            warn(error)
            return False
        if found is None:
            return False
        again = getattr(answer, "again", None)
        if again is None:
            self._publish(found)
        else:
            self._show_with_controls(answer, found)
        return True

    @property
    def live(self) -> Callable[[], LiveShow] | None:
        """What makes a view of a run that goes on; None in a terminal."""
        if not has_front_end(self._shell):
            return None
        from jupyter_mlops.widgets.runprogress import RunProgress

        return partial(RunProgress, self._shell.display_pub.publish)

    def _publish(self, found: Bundle, display_id: str = "", **more: bool) -> None:
        data, metadata = found
        transient = {"display_id": display_id} if display_id else {}
        self._shell.display_pub.publish(data, metadata, transient=transient, **more)

    def _show_with_controls(self, answer: Answer, found: Bundle) -> None:
        from jupyter_mlops.magics.answercontrols import controls_of
        from jupyter_mlops.widgets.controls import controls_bundle

        display_id = f"mlops-answer-{uuid4().hex}"
        controls, change = controls_of(answer)

        def show_again(values: dict[str, Any]) -> None:
            anew = bundle_of(change(values), self._workspace)
            assert anew is not None, "an answer of the same kind"
            self._publish(anew, display_id, update=True)

        below = controls_bundle(controls, show_again)
        self._publish(found, display_id)
        self._publish((below, {}))


def bundle_of(answer: Answer, workspace: Workspace) -> Bundle | None:
    """Return an answer's MIME bundle and its metadata, None where text is all."""
    if isinstance(answer, CurvePlot | SpreadPlot):
        return _picture(answer)
    html = _html(answer, workspace)
    if html is None:
        return None
    return {"text/html": html, "text/plain": as_text(answer)}, {}


def _html(answer: Answer, workspace: Workspace) -> str | None:
    if isinstance(answer, RunList):
        from jupyter_mlops.widgets.runstable import runs_page

        return runs_page(
            answer.columns,
            [*answer.fixed, *answer.further],
            lower_is_better=workspace.settings.lower_is_better,
            has_more=answer.has_more,
        )
    if isinstance(answer, RunDetails):
        from jupyter_mlops.widgets.runpage import run_page

        index = workspace.store.index
        run = answer.run
        return run_page(run, answer.project, lambda key: index.history(run.id, key))
    if isinstance(answer, RunComparison):
        return answer.page()
    if isinstance(answer, SweepAnswer):
        from jupyter_mlops.widgets.sweeppage import sweep_page

        return sweep_page(answer.result)
    if isinstance(answer, ComparedRuns):
        from jupyter_mlops.widgets.sidepage import side_page

        return side_page(answer.found)
    return model_page(answer, workspace)


def _picture(plot: CurvePlot | SpreadPlot) -> Bundle:
    from jupyter_mlops.figures.canvas import PIXELS, figure_bytes

    figure = plot.figure()
    png = base64.b64encode(figure_bytes(figure, "png")).decode()
    width, height = (round(inches * PIXELS) for inches in figure.get_size_inches())
    data = {"image/png": png, "text/plain": as_text(plot)}
    return data, {"image/png": {"width": width, "height": height}}


def as_text(answer: Answer) -> str:
    """Return what a terminal without colours shows of an answer."""
    from rich.console import Console

    taken = io.StringIO()
    console = Console(
        file=taken,
        width=_TEXT_WIDTH,
        color_system=None,
        # In a kernel, rich would show a page of its own.
        force_jupyter=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    console.print(answer.render(), soft_wrap=True)
    return taken.getvalue().rstrip("\n")
