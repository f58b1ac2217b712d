"""Which files a notebook's code names as read and as written: what stands in the text.

For a proposal, to be read by a person: what is built at run time is not found here.
"""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.knowledge import paths as known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.pipeline.versions.code import Code

_READERS = ("read_", "scan_", "load")
_WRITERS = frozenset(
    """
        to_csv to_parquet to_json to_excel to_feather to_pickle to_hdf to_stata to_html
        to_orc to_xml to_markdown write_csv write_parquet write_json write_ipc savefig
        save save_model tofile write_image write_html
        """.split()  # noqa: SIM905 - words read best as words
)
_PATH_READS = frozenset({"read_text", "read_bytes"})
_PATH_WRITES = frozenset({"write_text", "write_bytes", "touch"})
_READ_CALLS = {**known.READS_PATH, "torch.load": (0, "f"), "json.load": (0, "fp")}
_WRITE_CALLS = {**known.WRITES_PATH, "torch.save": (1, "f")}
_TABLES = ("pandas", "polars", "geopandas", "dask.dataframe", "pyarrow.parquet")
_NO_DATA = frozenset(
    """
        os.makedirs os.mkdir os.path.exists os.path.isfile os.path.isdir os.stat
        os.path.getsize os.path.getmtime os.listdir os.scandir os.walk
        """.split()  # noqa: SIM905 - words read best as words
)


@dataclass
class NamedFiles:
    """Paths as the code has them.

    Attributes
    ----------
    read, written : dict
        In the order in which the code names them.
    """

    read: dict[str, None] = field(default_factory=dict)
    written: dict[str, None] = field(default_factory=dict)

    def note(self, path: str | None, *, is_written: bool) -> None:
        """Note a path, if it is one of a file."""
        if path is None or not path.strip() or "://" in path or "*" in path:
            return
        place = os.path.normpath(path)
        if is_written:
            self.written[place] = None
        elif place not in self.written:
            # What it has written itself before is none of its inputs.
            self.read[place] = None


def named_files(codes: Iterable[Code]) -> NamedFiles:
    """Find the files that a notebook's cells name."""
    reader = _Reader()
    for code in codes:
        if code.tree is not None:
            reader.visit(code.tree)
    return reader.found


class _Reader(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found = NamedFiles()
        self._texts: dict[str, str] = {}
        self._modules: dict[str, str] = {}

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            top = alias.name if alias.asname else alias.name.partition(".")[0]
            self._modules[alias.asname or top] = top

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            name = f"{node.module}.{alias.name}"
            self._modules[alias.asname or alias.name] = name

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        text = self._text(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                if text is None:
                    self._texts.pop(target.id, None)
                else:
                    self._texts[target.id] = text

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.generic_visit(node)
        text = self._text(node.value) if node.value is not None else None
        if isinstance(node.target, ast.Name) and text is not None:
            self._texts[node.target.id] = text

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        name = self._dotted(node.func)
        last = name.rpartition(".")[2]
        if name in known.OPENS or name == "open":
            place = known.OPENS.get(name, (0, "file"))
            mode = self._text(self._argument(node, (1, "mode")))
            path = self._text(self._argument(node, place))
            self.found.note(
                path, is_written=any(sign in (mode or "r") for sign in "wax")
            )
        elif name in _NO_DATA:
            return
        elif name in _WRITE_CALLS or name in _READ_CALLS:
            for calls, is_written in ((_READ_CALLS, False), (_WRITE_CALLS, True)):
                if name in calls:
                    path = self._text(self._argument(node, calls[name]))
                    self.found.note(path, is_written=is_written)
        elif last in _PATH_READS | _PATH_WRITES and isinstance(
            node.func, ast.Attribute
        ):
            path = self._text(node.func.value)
            self.found.note(path, is_written=last in _PATH_WRITES)
        elif last.startswith(_READERS) and name.startswith(_TABLES):
            self.found.note(self._text(self._argument(node, (0, ""))), is_written=False)
        elif last in _WRITERS and isinstance(node.func, ast.Attribute):
            self.found.note(
                self._text(self._argument(node, (0, "path"))), is_written=True
            )

    def _argument(self, node: ast.Call, place: tuple[int, str]) -> ast.expr | None:
        index, name = place
        for keyword in node.keywords:
            if keyword.arg is not None and keyword.arg == name:
                return keyword.value
        return node.args[index] if index < len(node.args) else None

    def _dotted(self, node: ast.expr) -> str:
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            parts.append(self._modules.get(node.id, node.id))
        else:
            parts.append("")
        return ".".join(reversed(parts))

    def _text(self, node: ast.expr | None) -> str | None:  # noqa: PLR0911 - one line for each kind of node
        """Return the text that an expression always is, as far as the code tells."""
        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.Name(id=name):
                return self._texts.get(name)
            case ast.JoinedStr(values=parts):
                return self._joined(parts, "")
            case ast.FormattedValue(value=inner, conversion=-1, format_spec=None):
                return self._text(inner)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._joined([left, right], "/")
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._joined([left, right], "")
            case ast.Call(func=func, args=args, keywords=[]):
                name = self._dotted(func)
                if name in ("pathlib.Path", "Path", "os.path.join"):
                    return self._joined(args, "/")
                if name == "open" and args:
                    return self._text(args[0])
        return None

    def _joined(self, parts: list[ast.expr], sign: str) -> str | None:
        texts = [self._text(part) for part in parts]
        known_texts = [text for text in texts if text is not None]
        return sign.join(known_texts) if len(known_texts) == len(texts) else None
