"""What cells rest on, beside what they say and the files that they read.

A copy of the process that ran them is gone on from only if that is as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.versions.facts import module_facts
from jupyter_mlops.pipeline.versions.modules import LocalModules
from jupyter_mlops.pipeline.versions.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbformat import NotebookNode

    from jupyter_mlops.pipeline.sweeps.plan import SweepPlan


def standing_of(plan: SweepPlan, cells: Sequence[NotebookNode]) -> dict[str, Any]:
    """Say what cells of a sweep's notebook rest on, as plain values.

    The kernel, local modules that they import, variables that they name.
    """
    texts = [(cell.source, ()) for cell in cells if cell.cell_type == "code"]
    sources = Sources()
    folder = plan.source.path.parent
    local = LocalModules(folder, sources)
    local.follow(sources.cells(texts).mentions)
    modules, variables = module_facts(local, folder)
    return {"kernel": plan.kernel, "modules": modules, "variables": variables}


def difference(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> str:
    """Name something that is otherwise now; empty when nothing is.

    Parameters
    ----------
    before : mapping or None
        What a copy stands on; it may be more than what is asked for now.
    """
    before = before or {}
    if before.get("kernel") != now["kernel"]:
        return "the kernel"
    for word, shown in (("modules", "the module"), ("variables", "the variable")):
        for name, digest in now[word].items():
            if before.get(word, {}).get(name) != digest:
                return f"{shown} {name}"
    return ""
