"""Commands handed to the system's shell, and what is filled into them."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import files
from jupyter_mlops.capture.dataflow.knowledge import magics as known
from jupyter_mlops.capture.dataflow.names import read_global

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.run import CellRun

_BRACES = re.compile(r"(?<!\{)\{([^{}]+)\}")

_DOLLAR = re.compile(r"(?<!\$)\$([^\W\d]\w*)")

_CHANGING_SHELL = re.compile(r"[>;&|`]|\$\(")


def run_command(run: CellRun, command: str) -> None:
    """Run a shell command: it may read and write any file unless it only looks."""
    run.read_state("$cwd", "the working directory")
    run.touch("environ")
    words = command.split()
    if words and words[0] in known.INSTALLING:
        install(run, words)
    elif words and words[0] in known.LOOKING_COMMANDS and _is_plain(command):
        files.read_file(run, None)
    elif words:
        files.touch_all(run)
        run.mark(run.set_setting("imports", "command"), "may install")


def _is_plain(command: str) -> bool:
    parts = command.split("|")
    return not _CHANGING_SHELL.search(command.replace("|", "")) and all(
        part.split()[:1] and part.split()[0] in known.LOOKING_COMMANDS for part in parts
    )


def install(run: CellRun, words: list[str]) -> None:
    """Install packages: later imports may find them."""
    if len(words) > 1 and words[1] in ("list", "show", "freeze", "info", "check"):
        return
    run.mark(run.set_setting("imports", " ".join(words)), "installs")


def interpolate(run: CellRun, text: str) -> None:
    """Read what IPython fills into a command: ``{expression}`` and ``$name``."""
    for expression in _BRACES.findall(text):
        try:
            parsed = ast.parse(expression.strip().partition(":")[0], mode="eval")
        except (SyntaxError, ValueError):
            continue
        names = {item.id for item in ast.walk(parsed) if isinstance(item, ast.Name)}
        # IPython leaves the text alone when evaluating it fails.
        if all(run.lookup(name) is not None for name in names):
            run.interpreter.evaluate(run, parsed.body)
    for name in _DOLLAR.findall(text):
        if run.lookup(name) is not None:
            read_global(run, name)


def is_filled(text: str) -> bool:
    """Tell whether IPython fills something into `text`."""
    return bool(_BRACES.search(text) or _DOLLAR.search(text))
