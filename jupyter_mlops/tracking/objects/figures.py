"""Figures, kept as PNG to look at and as SVG to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.kinship import is_of

if TYPE_CHECKING:
    from pathlib import Path

NAME = "figure"


@dataclass(frozen=True)
class Picture:
    """A figure as it was kept; a notebook shows it.

    Attributes
    ----------
    png : bytes
    svg : str
    """

    png: bytes
    svg: str

    def _repr_png_(self) -> bytes:
        return self.png


def matches(value: Any) -> bool:
    """Take matplotlib's figures and axes."""
    return is_of(value, "matplotlib.Figure", "matplotlib.Axes")


def write(value: Any, folder: Path, stem: str) -> dict[str, Any]:
    """Write the figure twice; an axes stands for the figure that it is in."""
    figure = value.figure if is_of(value, "matplotlib.Axes") else value
    for suffix in ("png", "svg"):
        figure.savefig(folder / f"{stem}.{suffix}", bbox_inches="tight")
    width, height = figure.get_size_inches()
    return {"stem": stem, "inches": [float(width), float(height)]}


def read(folder: Path, meta: dict[str, Any]) -> Picture:
    """Read both forms back."""
    # A journal may be a stranger's: a name only, never a path.
    stem = str(meta["stem"]).rpartition("/")[2]
    return Picture(
        png=(folder / f"{stem}.png").read_bytes(),
        svg=(folder / f"{stem}.svg").read_text(encoding="utf-8"),
    )
