"""Imports: the names they bind, and what the first import of a module sets up."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import files
from jupyter_mlops.capture.dataflow.knowledge import libraries as known

if TYPE_CHECKING:
    import ast

    from jupyter_mlops.capture.dataflow.heap import Value
    from jupyter_mlops.capture.dataflow.run import CellRun


def import_modules(run: CellRun, node: ast.Import) -> None:
    """Go through ``import a.b as c``."""
    for item in node.names:
        _load(run, item.name)
        name = item.asname or item.name.partition(".")[0]
        path = item.name if item.asname else name
        _bind(run, name, path)


def import_names(run: CellRun, node: ast.ImportFrom) -> None:
    """Go through ``from a import b``, ``from a import *`` among them."""
    module = "." * node.level + (node.module or "")
    _load(run, module)
    for item in node.names:
        if item.name == "*":
            _bind_star(run, module)
            continue
        path = f"{module}.{item.name}"
        if path in known.LOUD_SUBMODULES:
            _load(run, path)
        _bind(run, item.asname or item.name, path)


def _load(run: CellRun, path: str) -> None:
    """Load a module: it is found by settings, and may set up something itself."""
    root = path.partition(".")[0]
    run.touch("imports")
    run.touch("environ")
    run.touch(root)
    is_first = path not in run.world.imported
    if root not in sys.stdlib_module_names and root not in known.QUIET_IMPORTS:
        # Perhaps the user's own file, which a cell may have written.
        files.read_file(run, f"{root}.py")
    seen = run.evidence.imported if run.evidence is not None else None
    run.world.imported.add(path)
    loud = next(
        (lib for start, lib in known.LOUD_SUBMODULES.items() if path.startswith(start)),
        None,
    )
    if loud is not None and is_first:
        run.mark(run.set_setting(loud, f"import {path}"), "imports")
        return
    is_quiet = root in known.QUIET_IMPORTS or root in sys.stdlib_module_names
    if is_quiet or not is_first or (seen is not None and root not in seen):
        return
    affected = known.IMPORT_AFFECTS.get(root, "*")
    run.mark(run.set_setting(affected, f"import {root}"), "imports")


def _bind(run: CellRun, name: str, path: str) -> None:
    value: Value = frozenset((run.world.module(path),))
    value |= run.read_state(f"$patched {path}", path)
    known_as = run.lookup(run.key_of(name))
    if (
        run.frame is None
        and known_as is not None
        and known_as.value == value
        and known_as.wild == len(run.world.wild)
    ):
        # The name stands for that already: whoever bound it will do for later cells.
        if len(run.layers) == 1:
            run.bind_name(name, value, verb="imports")
            run.repeated[name] = run.layers[0].now[name]
        return
    run.bind_name(name, value, verb="imports")


def _bind_star(run: CellRun, module: str) -> None:
    seen = run.evidence.bound if run.evidence is not None else None
    if seen is None:
        run.bind_any("may import", module)
        return
    for name in seen:
        known_as = run.lookup(name)
        if known_as is None or run.index not in known_as.writers:
            value = frozenset((run.world.module(f"{module}.{name}"),))
            run.bind_name(name, value, verb="imports")
