"""YAML as plain values, with the line and column of every key and value.

Dates stay texts and ``1e-3`` is a number, as in JSON; a name that stands twice is an
error. Source: https://yaml.org/spec/1.2.2/#103-core-schema for the numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

_LIMIT = 100_000
_PLAIN = ("str", "int", "float", "bool", "null")
_FLOAT = re.compile(
    r"^[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?$|^[-+]?\.(?:inf|Inf|INF)$"
    r"|^\.(?:nan|NaN|NAN)$"
)
_INT = re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$|^0x[0-9a-fA-F]+$|^0o[0-7]+$")
_BOOL = re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column, both from 1."""

    line: int
    column: int


class DocumentFaultError(ValueError):
    """The text is no YAML that can be used.

    Attributes
    ----------
    place : Place
        Where.
    """

    def __init__(self, reason: str, place: Place) -> None:
        super().__init__(reason)
        self.place = place


@dataclass
class Document:
    """A document's values and places.

    Attributes
    ----------
    value : JSON value
        All of it.
    keys, values : dict
        Place of a name, and of what stands behind it, by path.
    """

    value: Any = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)

    def place(self, path: Path, *, is_key: bool = False) -> Place:
        """Return where a path is, or what holds it."""
        first, second = (self.keys, self.values) if is_key else (self.values, self.keys)
        for end in range(len(path), -1, -1):
            found = first.get(path[:end]) or second.get(path[:end])
            if found is not None:
                return found
        return Place(1, 1)


def read_document(text: str) -> Document:
    """Read YAML.

    Raises
    ------
    DocumentFaultError
        When it cannot be read.
    """
    import yaml  # type: ignore[import-untyped]  # ships no types

    loader = _loader()(text)
    try:
        node = loader.get_single_node()
        found = Document()
        if node is not None:
            found.value = _Reader(loader, found).read(node, (), ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = ": ".join(part for part in (error.context, error.problem) if part)
        raise DocumentFaultError(_with_hint(reason, text, mark), _place(mark)) from None
    except yaml.reader.ReaderError as error:
        raise DocumentFaultError(str(error.reason), Place(1, 1)) from None
    finally:
        loader.dispose()
    return found


class _Reader:
    def __init__(self, loader: Any, found: Document) -> None:
        self._loader = loader
        self._found = found
        self._count = 0

    def read(self, node: Any, path: Path, above: tuple[int, ...]) -> Any:
        self._count += 1
        place = _place(node.start_mark)
        if id(node) in above or self._count > _LIMIT:
            raise DocumentFaultError("this refers to itself, or is endless", place)
        self._found.values.setdefault(path, place)
        above = (*above, id(node))
        tag = node.tag.removeprefix("tag:yaml.org,2002:")
        if node.id == "mapping" and tag == "map":
            return self._mapping(node, path, above)
        if node.id == "sequence" and tag == "seq":
            inner = enumerate(node.value)
            return [self.read(part, (*path, at), above) for at, part in inner]
        if node.id == "scalar" and tag in _PLAIN:
            return _scalar(node.value, tag)
        raise DocumentFaultError(f"values of kind '{tag}' have no place here", place)

    def _mapping(self, node: Any, path: Path, above: tuple[int, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        seen: dict[str, Place] = {}
        for key, _ in node.value:
            place = _place(key.start_mark)
            if key.id != "scalar":
                raise DocumentFaultError("a name was expected here", place)
            if key.value in seen and not key.tag.endswith(":merge"):
                first = seen[key.value].line
                reason = f"'{key.value}' stands here for the second time, first in line"
                raise DocumentFaultError(f"{reason} {first}", place)
            seen[key.value] = place
        # Brings in what '<<' names, before the mapping's own.
        self._loader.flatten_mapping(node)
        for key, value in node.value:
            inner = (*path, key.value)
            self._found.keys[inner] = _place(key.start_mark)
            self._found.values.pop(inner, None)
            found[key.value] = self.read(value, inner, above)
        return found


def _scalar(text: str, tag: str) -> Any:
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() == "true"
    if tag == "int":
        return int(text, 0)
    if tag == "float":
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _with_hint(reason: str, text: str, mark: Any) -> str:
    lines = text.splitlines()
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    if "${" in line and ("{" in line.split("${")[0] or "[" in line.split("${")[0]):
        reason += ". Within { } and [ ], put references in quotes: '${step.outputs.x}'"
    if "\t" in line:
        reason += ". Indent with spaces, not with tabs"
    return reason


@cache
def _loader() -> type[Any]:
    import yaml

    base: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc]  # PyYAML ships no types
        """Tells texts from numbers as JSON does."""

        yaml_implicit_resolvers: dict[Any, Any] = {}

    for tag, pattern, first in (
        ("bool", _BOOL, "tTfF"),
        ("int", _INT, "-+0123456789"),
        ("float", _FLOAT, "-+0123456789."),
        ("null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
        ("merge", re.compile(r"^<<$"), ["<"]),
    ):
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", pattern, list(first))
    return Loader
