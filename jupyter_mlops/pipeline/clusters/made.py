"""What a step made on a cluster, put in this machine's words."""

from __future__ import annotations

import os
import platform
import site
import sys
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.steps.children import answer_of
from jupyter_mlops.pipeline.versions.modules import INSTALLED

if TYPE_CHECKING:
    from jupyter_mlops.pipeline.clusters.job import Answer
    from jupyter_mlops.pipeline.steps.look import Look


def made_there(look: Look, answer: Answer) -> dict[str, Any]:
    """Return what an attempt elsewhere made, or raise what it raised."""
    made = answer_of({"made": answer.made} if answer.made else answer.error)
    made["notes"] = [*made["notes"], *answer.notes]
    if made["trace"] is not None:
        there = made["trace"]["python"]
        own = ".".join(platform.python_version_tuple()[:2])
        made["trace"]["python"] = python_here(look, there)
        if there["version"] != own:
            # Its distributions may be the same ones, and it is another Python.
            made["trace"] = None
    return made


def python_here(look: Look, there: dict[str, Any]) -> dict[str, Any]:
    """Return what a trace says of Python, put in this machine's words.

    The versions of distributions are compared each time, since no folder of theirs is
    known to be unchanged.
    """
    folders = [path for path in sys.path if path.endswith(INSTALLED)]
    if site.ENABLE_USER_SITE:
        folders.append(site.getusersitepackages())
    return {
        **there,
        "executable": look.executable,
        "resolved": os.path.realpath(look.executable),
        "folders": [[folder, -1] for folder in dict.fromkeys(folders)],
        "pythonpath": os.environ.get("PYTHONPATH", ""),
        "outside": look.executable,
    }
