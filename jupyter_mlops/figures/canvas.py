"""matplotlib's door: new figures, and their bytes. It is imported in here only."""

from __future__ import annotations

import io
import warnings
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import InvalidInputError, MissingLibraryError
from jupyter_mlops.figures.scales import tick_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "html", "pdf")
QUIET = "0.45"
"""matplotlib's grey of what is said beside a picture."""
PIXELS = 84
"""Of the screen, to an inch of a figure; its bytes have twice as many."""
_DECADES = 30.0
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ margin: 2rem auto; max-width: 70rem; font-family: sans-serif }}
svg {{ max-width: 100%; height: auto }}
</style>
{svg}
</html>
"""
_OURS = {
    # Names of runs and metrics are text, whatever signs are in them.
    "text.parse_math": False,
    "text.usetex": False,
    # Bytes of the same figure are the same.
    "svg.hashsalt": "jupyter_mlops",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "font.size": 9,
}


@contextmanager
def drawing() -> Iterator[None]:
    """Draw in the user's own style, but for what must be ours.

    Raises
    ------
    MissingLibraryError
        When matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise MissingLibraryError(
            "A picture is drawn with matplotlib, which is not installed. Get it with "
            "'pip install matplotlib'; '--json' gives the numbers without it.",
            library="matplotlib",
        ) from error
    with mpl.rc_context(_OURS), warnings.catch_warnings():
        # A letter that the font lacks is drawn as a box, and that is all.
        warnings.simplefilter("ignore")
        yield


def new_figure(width: float, height: float) -> Figure:
    """Make an empty figure, in inches, that no window and no pyplot knows of."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def write_log_ticks(axis: Axis, low: float, high: float) -> None:
    """Have a logarithmic axis write its ticks as text; matplotlib's are formulas."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    written = FuncFormatter(lambda value, _: tick_text(value))
    axis.set_major_formatter(written)
    # Within a decade or two, powers of ten alone would be too few.
    is_short = high / low < _DECADES
    if is_short:
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 3.0, 5.0)))
    axis.set_minor_formatter(NullFormatter())


def add_notes(figure: Figure, notes: list[str]) -> None:
    """Write sentences below a figure."""
    if not notes:
        return
    import textwrap

    letters = int(figure.get_figwidth() * 17)
    lines = [line for note in notes for line in textwrap.wrap(note, letters)]
    figure.supxlabel("\n".join(lines), x=0.01, ha="left", fontsize=7.5, color=QUIET)


def figure_bytes(figure: Figure, form: str, title: str = "") -> bytes:
    """Write a figure as ``png``, ``svg``, ``pdf``, or as ``html``, a page by itself.

    Raises
    ------
    InvalidInputError
        When it is none of these.
    """
    if form not in FORMATS:
        known = ", ".join(f".{name}" for name in FORMATS)
        raise InvalidInputError(
            f"A picture cannot be written as '.{form}'. Name a file that ends with "
            f"one of {known}.",
            form=form,
        )
    taken = io.BytesIO()
    # Without a date, the same figure is the same bytes.
    dated: dict[str, Any] = {
        "svg": {"Date": None},
        "html": {"Date": None},
        "pdf": {"CreationDate": None},
    }
    with drawing():
        figure.savefig(
            taken,
            format="svg" if form == "html" else form,
            dpi=2 * PIXELS,
            metadata=dated.get(form),
        )
    if form != "html":
        return taken.getvalue()
    svg = taken.getvalue().decode()
    # The page has a head of its own.
    svg = svg[svg.index("<svg") :]
    return _PAGE.format(title=escape(title), svg=svg).encode()
