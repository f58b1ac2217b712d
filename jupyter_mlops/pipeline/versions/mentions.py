"""What code mentions by name: modules, their folders, variables, files of shells."""

from __future__ import annotations

import ast
import re
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_mlops.pipeline.versions.code import Code

_RUNS = re.compile(r"^\s*%{1,2}run\b(.*)$", re.MULTILINE)
_LOADS = re.compile(
    r"^\s*%{1,2}(?:load_ext|reload_ext|aimport)\s+([\w.]+)", re.MULTILINE
)
_IMPORT = re.compile(r"^\s*(?:from|import)\s+([\w.]+)", re.MULTILINE)
_SHELL = re.compile(r"^\s*(?:[\w.,\s]+=\s*)?(?:!|%(?:sx|system|sc)\b|%%)")
_FILE_WRITERS = re.compile(r"^\s*%%(?:writefile|file)\b(.*)")
_PROCESSES = frozenset(
    """
        system popen run call check_call check_output Popen getoutput getstatusoutput
        spawnl spawnv spawnlp spawnvp execv execl posix_spawn run_line_magic
        run_cell_magic create_subprocess_exec create_subprocess_shell
        """.split()  # noqa: SIM905 - words read best as words
)
_PROBES = frozenset(
    """
        exists isfile isdir is_file is_dir lexists stat getsize getmtime access
        """.split()  # noqa: SIM905 - words read best as words
)
_WORD_LIMIT = 400
_TEXT_LIMIT = 5_000
_PATHLIKE = re.compile(r"(?:/|\.\./|\./)?(?:[\w-][\w.-]*/)*[\w-][\w-]*\.\w[\w.]*")


@dataclass
class Mentions:
    """What was found.

    Attributes
    ----------
    imports : dict
        ``(module, names, level)`` of every import, wherever it stands.
    scripts : dict
        Files that ``%run`` runs.
    folders : dict
        What is put on ``sys.path`` by name.
    variables : dict
        Names of environment variables.
    words : dict
        Words of shell commands, of calls that start programs and of those that ask
        whether a file is there: maybe files.
    texts : dict
        What looks like a path in any text: libraries may open files unseen.
    made : dict
        Files that the code itself writes whole, by ``%%writefile``.
    """

    imports: dict[tuple[str, tuple[str, ...], int], None] = field(default_factory=dict)
    scripts: dict[str, None] = field(default_factory=dict)
    folders: dict[str, None] = field(default_factory=dict)
    variables: dict[str, None] = field(default_factory=dict)
    words: dict[str, None] = field(default_factory=dict)
    texts: dict[str, None] = field(default_factory=dict)
    made: dict[str, None] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        found = {name: list(kept) for name, kept in vars(self).items()}
        return {name: kept for name, kept in found.items() if kept}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Mentions:
        """Make it of plain values."""
        found: dict[str, Any] = {
            name: dict.fromkeys(kept)
            for name, kept in told.items()
            if name != "imports"
        }
        imports = told.get("imports", ())
        keys = [(module, tuple(names), level) for module, names, level in imports]
        return cls(imports=dict.fromkeys(keys), **found)

    def join(self, other: Mentions) -> None:
        """Add what another one holds."""
        for name, kept in vars(other).items():
            getattr(self, name).update(kept)

    def add(self, code: Code) -> None:
        """Add what a piece of code mentions."""
        for magic in code.magics:
            self._add_magic(magic)
        if code.tree is not None:
            for node in ast.walk(code.tree):
                self._add_node(node)

    def _add_magic(self, text: str) -> None:
        writer = _FILE_WRITERS.match(text)
        if writer is not None:
            self.made.update(dict.fromkeys(_words(writer[1])))
        for line in _RUNS.findall(text):
            script = [word for word in _words(line) if not word.startswith("-")][:1]
            self.scripts.update(dict.fromkeys(script))
            self.words.update(dict.fromkeys(_words(line)))
        for name in _LOADS.findall(text):
            self.imports[name, (), 0] = None
        if text.lstrip().startswith("%%"):
            # Python in it, or something else: what looks like an import may be one.
            for name in _IMPORT.findall(text):
                self.imports[name, (), 0] = None
        if _SHELL.match(text):
            self.words.update(dict.fromkeys(_words(text.lstrip().lstrip("!%"))))

    def _add_node(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.imports[alias.name, (), 0] = None
        elif isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            self.imports[node.module or "", names, node.level] = None
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str) and len(node.value) < _TEXT_LIMIT:
                self.texts.update(dict.fromkeys(_PATHLIKE.findall(node.value)))
        elif isinstance(node, ast.Subscript) and _last(node.value) == "environ":
            self.variables.update(dict.fromkeys(_texts(node.slice)))
        elif isinstance(node, ast.Call):
            self._add_call(node)

    def _add_call(self, node: ast.Call) -> None:
        name = _last(node.func)
        owner = _last(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        if name in ("import_module", "__import__"):
            for text in _texts(node):
                self.imports[text.lstrip("."), (), 0] = None
        elif owner == "path" and name in ("append", "insert", "extend"):
            self.folders.update(dict.fromkeys(_texts(node)))
        elif name == "getenv" or owner == "environ":
            self.variables.update(dict.fromkeys(list(_texts(node))[:1]))
        elif name in _PROBES:
            self.words.update(dict.fromkeys(list(_texts(node))[:1]))
        elif name in _PROCESSES:
            for text in _texts(node):
                self.words.update(dict.fromkeys(_words(text)))


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _texts(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _words(text: str) -> list[str]:
    """Split a command as a shell would; what cannot be, at its spaces."""
    try:
        found = shlex.split(text.replace("\n", " ; "))
    except ValueError:
        found = text.split()
    parts: list[str] = []
    for word in found:
        parts.append(word)
        # --data=file, <file, >file;
        parts += [part for part in re.split(r"[=<>;|&()]+", word) if part != word]
    return [part for part in parts if part and len(part) < _WORD_LIMIT]
