"""The README's pictures, light and dark: ``notebooks/pictures.sh`` makes them anew.

A view is a test whose name says ``picture``; it shows the view and calls `take`.
Otherwise pictures go to the test's own folder.
"""

from __future__ import annotations

import os
from pathlib import Path

IMAGES = Path(__file__).parents[2] / "notebooks" / "images"
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


def take(page, name, tmp_path, *, theme, part=None):
    """Keep a picture of the page, or of a part of it; return its file."""
    use_theme(page, theme)
    page.mouse.move(900, 700)
    folder = IMAGES if os.environ.get("MLOPS_IMAGES") else tmp_path
    file = folder / f"{name}_{theme}.png"
    (page if part is None else part).screenshot(path=file)
    return file


def use_theme(page, theme):
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
        THEMES[theme],
    )
    is_light = str(theme == "light").lower()
    page.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{is_light}'")
    page.locator("#jupyterlab-splash").wait_for(state="detached")
