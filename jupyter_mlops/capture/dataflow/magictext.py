"""Reading the Python under a cell magic, which IPython hands on untransformed."""

from __future__ import annotations

import ast
import re
import warnings

_MAGIC_LINE = re.compile(
    r"^(?P<indent>\s*)(?:(?P<target>[\w.,\s\[\]'\"]+?)\s*=\s*)?"
    r"(?P<sign>%{1,2}|!{1,2})(?P<text>\S.*)$"
)


def parse_python(text: str) -> list[ast.stmt] | None:
    """Parse Python, or give None if it is none; what it warns of is the user's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def parse_body(text: str) -> list[ast.stmt] | None:
    """Parse the text under a cell magic; magics in it become calls of the shell."""
    head, _, rest = text.lstrip().partition("\n")
    if head.startswith("%%"):
        name, _, line = head[2:].partition(" ")
        return parse_python(_call("run_cell_magic", name, line.strip(), rest))
    plain = parse_python(text)
    if plain is not None:
        return plain
    return parse_python("\n".join(_without_magic(line) for line in text.split("\n")))


def _without_magic(line: str) -> str:
    found = _MAGIC_LINE.match(line)
    if found is None:
        return line
    text = found["text"].rstrip()
    if found["sign"].startswith("!"):
        method = "getoutput" if found["target"] or found["sign"] == "!!" else "system"
        call = _call(method, text)
    else:
        name, _, rest = text.partition(" ")
        call = _call("run_line_magic", name, rest.strip())
    target = f"{found['target']} = " if found["target"] else ""
    return f"{found['indent']}{target}{call}"


def _call(method: str, *texts: str) -> str:
    return f"get_ipython().{method}({', '.join(map(repr, texts))})"
