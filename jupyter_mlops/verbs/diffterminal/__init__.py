"""The difference of two runs in a terminal."""

from __future__ import annotations

from jupyter_mlops.verbs.diffterminal.page import render_difference

__all__ = ["render_difference"]
