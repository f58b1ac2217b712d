"""Magics and shell commands: the calls that IPython turns them into."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow import files
from jupyter_mlops.capture.dataflow.constants import text_of
from jupyter_mlops.capture.dataflow.heap import NOTHING, Kind, Value
from jupyter_mlops.capture.dataflow.knowledge import magics as known
from jupyter_mlops.capture.dataflow.magictext import parse_body
from jupyter_mlops.capture.dataflow.names import read_global
from jupyter_mlops.capture.dataflow.shellcommands import (
    install,
    interpolate,
    is_filled,
    run_command,
)
from jupyter_mlops.capture.dataflow.targets import delete
from jupyter_mlops.capture.dataflow.unknown import call_unknown_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.capture.dataflow.run import CellRun

_OPTION = re.compile(r"(?:^|\s)(--?[A-Za-z][\w-]*)(?:[= ](\S+))?")


def is_shell_call(run: CellRun, function: ast.Attribute) -> bool:
    """Tell whether a call is of a method of ``get_ipython()``."""
    value = function.value
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "get_ipython"
        and run.lookup("get_ipython") is None
    )


def call_shell(run: CellRun, node: ast.Call, method: str) -> Value:
    """Go through a call of a method of the shell."""
    for argument in node.args:
        run.interpreter.evaluate(run, argument)
    texts = [text_of(run, argument) for argument in node.args]
    if None in texts or method not in _METHODS:
        run.give_up(f"calls get_ipython().{method}, which may do anything")
        return frozenset((run.world.opaque,))
    return _METHODS[method](run, node, *[text for text in texts if text is not None])


# --- shell commands ---------------------------------------------------------------


def _system(run: CellRun, _node: ast.Call, command: str) -> Value:
    interpolate(run, command)
    run_command(run, command)
    return NOTHING


def _getoutput(run: CellRun, node: ast.Call, command: str) -> Value:
    _system(run, node, command)
    return frozenset((run.make(node, Kind.DATA),))


# --- magics -----------------------------------------------------------------------


def _line_magic(run: CellRun, node: ast.Call, name: str, line: str = "") -> Value:
    if name not in known.REPEATING | known.BODIES:
        interpolate(run, line)
    return _magic(run, node, name, line, None)


def _cell_magic(
    run: CellRun, node: ast.Call, name: str, line: str = "", body: str = ""
) -> Value:
    interpolate(run, line)
    return _magic(run, node, name, line, body)


def _magic(
    run: CellRun, node: ast.Call, name: str, line: str, body: str | None
) -> Value:
    if name in known.BODIES or name in known.REPEATING:
        return _run_body(run, node, name, line, body)
    if name in known.SHOWING or name in known.LOOKING:
        _look(run, name, line)
        return frozenset((run.make(node, Kind.DATA),))
    if name in known.SETTINGS:
        _set(run, name, line)
        return NOTHING
    rule = _RULES.get(name)
    if rule is not None:
        return rule(run, node, name, line, body)
    sign = "%%" if body is not None else "%"
    run.give_up(f"uses the magic {sign}{name}, which is not known", is_python=False)
    return frozenset((run.world.opaque,))


def _run_body(
    run: CellRun, node: ast.Call, name: str, line: str, body: str | None
) -> Value:
    options, rest = _split_options(line)
    statements = parse_body(rest if body is None else body)
    if body is not None and name in known.REPEATING:
        setup = parse_body(rest)
        statements = None if setup is None or statements is None else setup + statements
    if statements is None:
        run.give_up(f"holds text under %{name} that is no Python")
        return NOTHING
    if name in known.REPEATING:
        run.interpreter.repeat_apart(run, statements)
    elif body is None and len(statements) == 1 and isinstance(statements[0], ast.Expr):
        return run.interpreter.evaluate(run, statements[0].value)
    else:
        run.interpreter.execute(run, statements)
    target = rest.strip() if name == "capture" else options.get("-o", "")
    if target.isidentifier() and body is not None:
        run.bind_name(target, frozenset((run.make(node, Kind.DATA),)))
    elif "-o" in options and name in ("timeit", "prun"):
        run.bind_any("may define", "")
    return NOTHING


def _split_options(line: str) -> tuple[dict[str, str], str]:
    """Take the options off the beginning of a magic's line."""
    options = {}
    words = line.split(" ")
    while words and words[0].startswith("-"):
        option = words.pop(0)
        options[option[:2] if option[1:2] != "-" else option] = option[2:]
        if option in ("-n", "-r", "-s", "-l", "-T", "-D", "-f") and words:
            options[option] = words.pop(0)
    return options, " ".join(words)


def _look(run: CellRun, name: str, line: str) -> None:
    word = line.strip().partition(".")[0].strip("?")
    if word.isidentifier() and run.lookup(word) is not None:
        read_global(run, word)
    if name in known.LOOKING:
        files.read_file(run, None)
    if name in ("history", "hist", "notebook", "save"):
        run.need_all_before("the session's history")


def _set(run: CellRun, name: str, line: str) -> None:
    lib = "python"
    if name == "matplotlib" or line.startswith("InlineBackend"):
        lib = "matplotlib"
    key = line.partition("=")[0].strip() if name == "config" else line.strip()
    if name in known.REPLACED_BY_NEXT:
        key = ""
    if name == "matplotlib":
        run.world.figures_survive = line.strip() not in ("inline", "")
    run.replace(run.set_setting(lib, f"%{name} {key}"), "sets")


def _list_names(
    run: CellRun, node: ast.Call, _name: str, _line: str, _body: str | None
) -> Value:
    for name in list(run.world.user_names()):
        read_global(run, name)
    return frozenset((run.make(node, Kind.DATA),))


def _run_file(
    run: CellRun, _node: ast.Call, _name: str, line: str, _body: str | None
) -> Value:
    options, rest = _split_options(line)
    words = rest.split()
    path = words[0].strip("\"'") if words else None
    if path is not None and is_filled(path):
        path = None
    files.read_file(run, path)
    if path is None or "-i" in options or path.endswith(".ipynb"):
        run.give_up("runs a file in the session's namespace")
        return NOTHING
    module = f"%run {path}".replace(".", "-")
    call_unknown_code(run, module, "may change")
    seen = run.evidence.bound if run.evidence is not None else None
    if seen is None:
        run.bind_any("may define", module)
    for name in seen or ():
        run.bind_name(name, frozenset((run.world.module(f"{module}.{name}"),)))
    return NOTHING


def _environ(
    run: CellRun, node: ast.Call, _name: str, line: str, _body: str | None
) -> Value:
    key, sign, _ = line.partition("=" if "=" in line else " ")
    if not sign:
        run.touch("environ")
        return frozenset((run.make(node, Kind.DATA),))
    run.replace(run.set_setting("environ", f"os.environ[{key.strip()}]"), "sets")
    return NOTHING


def _change_folder(
    run: CellRun, _node: ast.Call, name: str, line: str, _body: str | None
) -> Value:
    run.read_state("$cwd", "the working directory")
    _, path = _split_options(line)
    is_plain = "{" not in path and "$" not in path
    files.read_file(run, path.strip() if is_plain and path.strip() else None)
    is_whole = name == "cd" and path.strip().startswith("/")
    if is_whole and is_plain:
        run.replace("$cwd", "changes")
    else:
        run.mark("$cwd", "changes")
    return NOTHING


def _write_file(
    run: CellRun, _node: ast.Call, _name: str, line: str, _body: str | None
) -> Value:
    options, rest = _split_options(line)
    path: str | None = rest.strip().strip("\"'")
    if path is None or is_filled(path):
        path = None
    files.write_file(run, path, is_new="-a" not in options)
    return NOTHING


def _shell_magic(
    run: CellRun, node: ast.Call, _name: str, line: str, body: str | None
) -> Value:
    run_command(run, line if body is None else body.replace("\n", " ; "))
    return frozenset((run.make(node, Kind.DATA),))


def _script(
    run: CellRun, node: ast.Call, name: str, line: str, body: str | None
) -> Value:
    commands = [one for one in (body or "").splitlines() if one.strip()]
    for command in commands if name in ("bash", "sh") else ["a script"]:
        if not command.lstrip().startswith("#"):
            run_command(run, command.strip())
    for option, value in _OPTION.findall(line):
        if option in ("--out", "--err", "--proc") and value.isidentifier():
            run.bind_name(value, frozenset((run.make((node, option), Kind.DATA),)))
    return NOTHING


def _installing(
    run: CellRun, _node: ast.Call, name: str, line: str, _body: str | None
) -> Value:
    install(run, [name, *line.split()])
    return NOTHING


def _reset(
    run: CellRun, node: ast.Call, name: str, line: str, _body: str | None
) -> Value:
    if name == "reset_selective" or "in" in line.split() or "out" in line.split():
        run.give_up("deletes names that a pattern chooses")
        return NOTHING
    names = list(run.world.user_names())
    if name == "xdel":
        names = [word for word in line.split() if word.isidentifier()]
    for one in names:
        delete(run, ast.copy_location(ast.Name(one, ast.Del()), node))
    return NOTHING


def _store(
    run: CellRun, _node: ast.Call, _name: str, line: str, _body: str | None
) -> Value:
    options, rest = _split_options(line)
    names = [word for word in rest.split() if word.isidentifier()]
    if "-r" in options and not names:
        run.give_up("brings back names that another session stored")
    for name in names:
        key = f"$store {name}"
        if "-r" in options:
            run.read_state(key, name)
            run.bind_name(name, frozenset((run.world.opaque,)))
        else:
            read_global(run, name)
            run.mark(key, "stores")
    return NOTHING


def _pylab(
    run: CellRun, _node: ast.Call, _name: str, line: str, _body: str | None
) -> Value:
    _set(run, "matplotlib", line)
    run.bind_any("may define", "matplotlib.pyplot")
    run.bind_any("may define", "numpy")
    return NOTHING


_METHODS: dict[str, Callable[..., Value]] = {
    "run_line_magic": _line_magic,
    "magic": _line_magic,
    "run_cell_magic": _cell_magic,
    "system": _system,
    "getoutput": _getoutput,
}
_RULES: dict[str, Callable[[CellRun, ast.Call, str, str, str | None], Value]] = {
    **dict.fromkeys(known.LISTING, _list_names),
    **dict.fromkeys(known.SHELL, _shell_magic),
    **dict.fromkeys(known.SCRIPTS | known.OTHER_PYTHON, _script),
    **dict.fromkeys(known.FOLDERS, _change_folder),
    **dict.fromkeys(known.INSTALLING, _installing),
    "run": _run_file,
    "env": _environ,
    "set_env": _environ,
    "writefile": _write_file,
    "file": _write_file,
    "reset": _reset,
    "reset_selective": _reset,
    "xdel": _reset,
    "store": _store,
    "pylab": _pylab,
}
