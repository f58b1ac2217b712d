"""A run that goes on, shown in a notebook: a bar, the step graph, the running cell.

With ipywidgets while it runs; at its end, and where there are none, a page of HTML in
the same place, which stays when the notebook is saved.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Protocol, Self
from uuid import uuid4

from jupyter_mlops.widgets.page import line, page, said
from jupyter_mlops.widgets.palette import QUIET, RULE
from jupyter_mlops.widgets.stepgraph import COLOURS, step_graph
from jupyter_mlops.wording import counted, one_line, took

if TYPE_CHECKING:
    from jupyter_mlops.workspace.liveruns import LiveCell, LiveRun
    from jupyter_mlops.workspace.watching import RunWatch

_VIEW = "application/vnd.jupyter.widget-view+json"
_OUTPUT_LINES = 5
_TITLE = 80


class Publish(Protocol):
    """Shows a MIME bundle, as IPython's display publisher does."""

    def __call__(
        self, data: dict[str, Any], *, transient: dict[str, Any], update: bool
    ) -> object:
        """Show it, or show it in the place of what was shown under its id."""


class RunProgress:
    """Shows one run from its beginning to its end; a context manager.

    Parameters
    ----------
    publish : callable
        Shows it in the cell that asked.
    """

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._id = f"mlops-run-{uuid4().hex}"
        self._widgets: _Widgets | None = None
        self._watch: RunWatch | None = None
        self._shown = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._watch is not None:
            self._put(self._bundle(self._watch), update=True)
        if self._widgets is not None:
            self._widgets.close()

    def show(self, watch: RunWatch, events: list[dict[str, Any]]) -> None:
        """Show how the run stands."""
        del events
        is_first = self._watch is None
        self._watch = watch
        if is_first:
            self._widgets = _Widgets.made()
            self._put(self._bundle(watch), update=False)
        if self._widgets is not None:
            self._widgets.show(watch)
        elif (body := progress_page(watch)) != self._shown:
            self._shown = body
            self._put(self._bundle(watch), update=True)

    def _bundle(self, watch: RunWatch) -> dict[str, Any]:
        words = progress_words(watch)
        if self._widgets is not None and not watch.runs.root.is_over:
            return {_VIEW: self._widgets.view, "text/plain": words}
        return {"text/html": progress_page(watch), "text/plain": words}

    def _put(self, data: dict[str, Any], *, update: bool) -> None:
        self._publish(data, transient={"display_id": self._id}, update=update)


class _Widgets:
    """The widgets: a bar and HTML below it."""

    def __init__(self, widgets: Any) -> None:
        self._bar = widgets.IntProgress(value=0, max=1, layout={"width": "240px"})
        self._words = widgets.HTML()
        self._below = widgets.HTML()
        row = widgets.HBox([self._bar, self._words])
        self._box = widgets.VBox([row, self._below])

    @classmethod
    def made(cls) -> _Widgets | None:
        """Make them; None where that cannot be done."""
        try:
            import ipywidgets  # type: ignore[import-untyped]  # it ships none
        except ImportError:
            return None
        try:
            return cls(ipywidgets)
        except Exception:  # noqa: BLE001 - no kernel that talks to a front end: a page does
            return None

    @property
    def view(self) -> dict[str, Any]:
        """What a front end shows them by."""
        return {
            "version_major": 2,
            "version_minor": 0,
            "model_id": self._box.model_id,
        }

    def show(self, watch: RunWatch) -> None:
        """Bring them up to date."""
        done, of = _counts(watch)
        self._bar.max, self._bar.value = max(1, of), done
        self._words.value = _head(watch)
        self._below.value = _body(watch)

    def close(self) -> None:
        """Take them away; a page stands in their place by then."""
        for widget in (self._bar, self._words, self._below, self._box):
            widget.close()


def progress_page(watch: RunWatch) -> str:
    """Return how a run stands as HTML."""
    return page([line(_head(watch)), _body(watch)], "progress")


def progress_words(watch: RunWatch) -> str:
    """Return how a run stands in one line."""
    root = watch.runs.root
    done, of = _counts(watch)
    noun = "step" if root.kind == "parent" else "cell"
    counts = f", {done} of {counted(of, noun)}" if of else ""
    return f"{one_line(root.name or root.id, _TITLE)} {root.status}{counts}"


def _counts(watch: RunWatch) -> tuple[int, int]:
    root = watch.runs.root
    if root.kind == "parent":
        steps = watch.runs.steps()
        return sum(step.is_over for step in steps), len(steps)
    return root.done, root.planned


def _head(watch: RunWatch) -> str:
    root = watch.runs.root
    words = [
        f"<b>{escape(one_line(root.name or root.id, _TITLE))}</b>",
        said(root.status, COLOURS.get(root.status, QUIET)),
    ]
    done, of = _counts(watch)
    if of:
        noun = "step" if root.kind == "parent" else "cell"
        words.append(said(f"{done} of {counted(of, noun)}"))
    if root.began:
        words.append(said(took(watch.seconds(root))))
    left = watch.left(root)
    if left is not None:
        words.append(said(f"about {took(left)} left"))
    return " ".join(words)


def _body(watch: RunWatch) -> str:
    root = watch.runs.root
    parts = []
    running = [root]
    if root.kind == "parent":
        steps = watch.runs.steps()
        needs = root.steps or [(step.name, ()) for step in steps]
        parts.append(step_graph(needs, {step.name: step for step in steps}))
        running = [step for step in steps if step.current is not None]
    for run in running[:4]:
        cell = run.current
        if cell is not None:
            parts.append(_cell(watch, run, cell))
    return "".join(parts)


def _cell(watch: RunWatch, run: LiveRun, cell: LiveCell) -> str:
    lines = [text.strip() for text in cell.source.splitlines() if text.strip()]
    code = [text for text in lines if not text.startswith("#")]
    title = one_line((code or lines or [""])[0], _TITLE)
    clock = took(watch.clock(cell))
    expected = watch.expected(run, cell)
    about = f" of about {took(expected)}" if expected is not None else ""
    where = f"{run.name}, " if run is not watch.runs.root else ""
    head = line(
        said(f"{where}cell {cell.position}"),
        f"<code>{escape(title)}</code>",
        said(f"{clock}{about}"),
    )
    tail = "\n".join(escape(text) for text in cell.tail(_OUTPUT_LINES))
    style = f"margin:0 0 4px 0;padding-left:8px;border-left:2px solid {RULE}"
    return head + (f'<pre style="{style}">{tail}</pre>' if tail else "")
