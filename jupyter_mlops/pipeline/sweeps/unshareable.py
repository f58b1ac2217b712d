"""What a cell may do that shows whether it ran once for many points, or for each.

The dataflow knows which values a cell depends on. This looks for the rest: names that
must differ from run to run, and ways to see what is not bound yet.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.magictext import parse_body
from jupyter_mlops.pipeline.versions.modules import LocalModules
from jupyter_mlops.pipeline.versions.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SEEING = frozenset(
    {"globals", "locals", "exec", "eval", "compile", "In", "_ih", "_i", "_ii", "_iii"}
)
_SEEING_ALL = frozenset({"vars", "dir"})
"""Without an argument they list the session's names."""
_FRESH = frozenset({"tempfile", "uuid", "secrets"})
_FRESH_CALLS = frozenset(
    {"mkdtemp", "mkstemp", "TemporaryDirectory", "NamedTemporaryFile", "uuid1", "uuid4"}
)
_SHARED = frozenset(
    {
        "connect",
        "create_engine",
        "create_connection",
        "socket",
        "Popen",
        "Session",
        "Client",
        "create_subprocess_exec",
        "create_subprocess_shell",
        "SparkSession",
    }
)
"""Connections and child processes, which no copy has for itself."""
_UNSEEN = ("_repr_", "_ipython_display_", "__del__")
_STACK = frozenset({"_getframe", "currentframe", "user_ns", "user_global_ns"})
_RUNS = frozenset({"start_run", "current_run", "get_run", "runs", "set_output"})
_MAIN = "__main__"
_SEES = "which sees all names"
_IS_NEW = "for names that are to be new each time"
_MAGICS = ("%%track", "%track", "%mlops", "%history", "%hist", "%store", "%who")


def unshareable(source: str) -> str:
    """Say why a cell must run for each point, as a clause; empty when nothing does."""
    for magic in _MAGICS:
        if any(line.lstrip().startswith(magic) for line in source.splitlines()):
            return f"uses {magic}"
    body = parse_body(source)
    if body is None:
        return "is no Python that can be read"
    for statement in body:
        for node in ast.walk(statement):
            if reason := _reason(node):
                return reason
    return ""


def _reason(node: ast.AST) -> str:  # noqa: PLR0911 - one line for each kind of node
    if isinstance(node, ast.Name):
        return _named(node.id)
    if isinstance(node, ast.Attribute):
        return _called(node.attr) or _known(_STACK, node.attr, _SEES)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        lists_all = node.func.id in _SEEING_ALL and not node.args
        return f"uses {node.func.id}(), {_SEES}" if lists_all else ""
    if isinstance(node, ast.Constant) and node.value == _MAIN:
        return f"names {_MAIN}, {_SEES}"
    if isinstance(node, ast.FunctionDef) and node.name.startswith(_UNSEEN):
        return f"defines {node.name}, which is called unseen"
    if isinstance(node, ast.Import | ast.ImportFrom):
        return _imported(node)
    return ""


def _named(name: str) -> str:
    return (
        _known(_SEEING, name, _SEES)
        or _known(_FRESH, name, _IS_NEW)
        or _called(name)
        or _known(_STACK, name, _SEES)
    )


def _called(name: str) -> str:
    return (
        _known(_FRESH_CALLS, name, _IS_NEW)
        or _known(_SHARED, name, "which copies cannot have each for itself")
        or _known(_RUNS, name, "which is about one run")
    )


def _known(names: frozenset[str], name: str, why: str) -> str:
    return f"uses {name}, {why}" if name in names else ""


def _imported(node: ast.Import | ast.ImportFrom) -> str:
    names = [item.name for item in node.names]
    if isinstance(node, ast.ImportFrom):
        names.append(node.module or "")
    return f"imports {_MAIN}" if _MAIN in names else ""


def logs_again(source: str, later: Sequence[str]) -> str:
    """Say when a cell logs a metric without its step that a later one logs, too.

    Steps are counted within a process: they would begin anew.
    """
    for statement in parse_body(source) or ():
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and (key := _logged(node)) is not None:
                if not key:
                    return "logs metrics whose names its text does not tell"
                if any(key in text for text in later):
                    return f"logs {key}, as later cells do"
    return ""


def _logged(node: ast.Call) -> str | None:
    """Return the metric that a call logs without a step, empty for an unknown one."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    name = node.func.id if isinstance(node.func, ast.Name) else name
    if name not in ("log_metric", "log_metrics"):
        return None
    if any(item.arg == "step" for item in node.keywords):
        return None
    first = node.args[0] if node.args else None
    is_told = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return str(first.value) if is_told and isinstance(first, ast.Constant) else ""


def peeking_modules(sources: Iterable[str], folder: Path) -> list[str]:
    """Name the local modules that may look at the notebook's names, or lead to such."""
    cells = [(source, ()) for source in sources]
    local = LocalModules(folder).follow(Sources().cells(cells).mentions)
    paths = [Path(path) for path in local.digests]
    if not any(_is_peeking(path) for path in paths):
        return []
    # Which one leads to it is not looked at.
    return sorted({name for path in paths for name in (path.stem, path.parent.name)})


def _is_peeking(path: Path) -> bool:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True
    return any(word in text for word in (_MAIN, "get_ipython", *_STACK))
