"""What ``plot`` answers: curves, runs over their params, or where a picture is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.figures.curves import CurveLook, curve_notes, draw_curves
from jupyter_mlops.figures.parallel import Spread, draw_spread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.figure import Figure
    from rich.console import RenderableType

    from jupyter_mlops.figures.series import Curve


@dataclass(frozen=True)
class CurvePlot:
    """Metrics of runs as curves.

    Attributes
    ----------
    again : callable or None
        Where controls are asked for: makes it anew, with another look.
    """

    curves: Sequence[Curve]
    look: CurveLook
    notes: Sequence[str] = ()
    again: Callable[[dict[str, Any]], CurvePlot] | None = None
    exit_code: int = field(default=0, init=False)

    @property
    def title(self) -> str:
        """What it shows."""
        return ", ".join(dict.fromkeys(curve.metric for curve in self.curves))

    def to_json(self) -> dict[str, Any]:
        """Return every point, whatever a picture would leave out."""
        return {
            "x": self.look.x,
            "series": [
                {
                    "run_id": curve.run_id,
                    "label": curve.label,
                    "metric": curve.metric,
                    "x": list(curve.xs),
                    "values": list(curve.ys),
                }
                for curve in self.curves
            ],
            "notes": [*self.notes, *curve_notes(self.curves, self.look)],
        }

    def figure(self) -> Figure:
        """Draw it."""
        return draw_curves(self.curves, self.look, self.notes)

    def render(self) -> RenderableType:
        """Return it in letters."""
        from jupyter_mlops.verbs.plotscreen import render_curves

        return render_curves(self.curves, self.look, self.notes)


@dataclass(frozen=True)
class SpreadPlot:
    """A metric of runs against their params."""

    spread: Spread
    equal: dict[str, Any]
    run_ids: Sequence[str]
    labels: Sequence[str]
    exit_code: int = field(default=0, init=False)

    @property
    def title(self) -> str:
        """What it shows."""
        return f"{self.spread.metric} against {', '.join(self.spread.params)}"

    def to_json(self) -> dict[str, Any]:
        """Return the runs, and what is equal in all of them."""
        spread = self.spread
        return {
            "metric": spread.metric,
            "runs": [
                {
                    "run_id": run_id,
                    "label": label,
                    "value": spread.values[at],
                    "params": {
                        name: cells[at] for name, cells in spread.params.items()
                    },
                }
                for at, (run_id, label) in enumerate(
                    zip(self.run_ids, self.labels, strict=True)
                )
            ],
            "equal": self.equal,
            "notes": spread.notes,
        }

    def figure(self) -> Figure:
        """Draw it."""
        return draw_spread(self.spread)

    def render(self) -> RenderableType:
        """Return it as a table, best first."""
        from jupyter_mlops.verbs.plotscreen import render_spread

        return render_spread(self.spread, self.labels)


@dataclass(frozen=True)
class SavedPlot:
    """Where a picture was written."""

    path: Path
    title: str
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return the place."""
        return {"path": self.path, "title": self.title}

    def render(self) -> RenderableType:
        """Return one line."""
        from jupyter_mlops.verbs import shown

        return shown.text(f"Plot of {self.title}: {self.path}")


def save_plot(plot: CurvePlot | SpreadPlot, path: Path) -> SavedPlot:
    """Draw a plot to a file; what was there before is replaced."""
    import os
    import tempfile

    from jupyter_mlops.figures.canvas import figure_bytes

    data = figure_bytes(plot.figure(), form_of(path), plot.title)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside it and renamed: a full disk leaves the picture that was there.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        # mkstemp keeps others out, which a picture need not.
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return SavedPlot(path, plot.title)


def form_of(path: Path) -> str:
    """Return the form that a file's name asks for.

    Raises
    ------
    InvalidInputError
        When it is none that a picture can have.
    """
    from jupyter_mlops.figures.canvas import FORMATS

    form = path.suffix.removeprefix(".").lower()
    if form not in FORMATS:
        known = ", ".join(f".{name}" for name in FORMATS)
        raise InvalidInputError(
            f"No picture can be written to {path}. Name a file that ends with one of "
            f"{known}.",
            path=path,
        )
    return form
