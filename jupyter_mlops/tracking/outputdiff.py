"""What two executions of a cell showed: text by line, all else by digest."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.inlining import externalise, internalise
from jupyter_mlops.errors import StoreError
from jupyter_mlops.tracking.changes import How, Part, line_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from jupyter_mlops.records import CellRecord

    GetBytes = Callable[[str], bytes]

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{4,}\b")
_PLAIN = "text/plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputChange:
    """An output that is not the same in both runs.

    Attributes
    ----------
    cell_before, cell_after : int
        Positions of the cells that showed it.
    output_before, output_after : int or None
        Which of the cell's outputs, from 0; None where it is missing.
    lines : tuple of str
        Unified diff of its text; empty when that is not what differs.
    before, after : dict
        sha256 of the value of each MIME type that differs.
    """

    how: How
    cell_before: int
    cell_after: int
    output_before: int | None
    output_after: int | None
    lines: tuple[str, ...] = ()
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)


def compare_outputs(
    pairs: Iterable[tuple[CellRecord, CellRecord]], get: GetBytes
) -> Part[OutputChange]:
    """Compare the outputs of each pair of cells, in the order in which they came.

    Addresses of objects in texts, which no two processes share, are passed over.
    """
    changes: list[OutputChange] = []
    equal = 0
    for left, right in pairs:
        before, after = _values(left.outputs), _values(right.outputs)
        for old, new in _aligned(before, after):
            found = _change(
                {} if old is None else before[old],
                {} if new is None else after[new],
                get,
            )
            if found is None:
                equal += 1
                continue
            how: How = (
                "added" if old is None else "removed" if new is None else "changed"
            )
            lines, digests_before, digests_after = found
            changes.append(
                OutputChange(
                    how=how,
                    cell_before=left.position,
                    cell_after=right.position,
                    output_before=old,
                    output_after=new,
                    lines=lines,
                    before=digests_before,
                    after=digests_after,
                )
            )
    return Part(changes=tuple(changes), equal=equal)


def _aligned(
    before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]
) -> Iterator[tuple[int | None, int | None]]:
    """Pair outputs of one kind, in order: one more in between shifts no others."""
    matcher = difflib.SequenceMatcher(
        a=[tuple(sorted(item)) for item in before],
        b=[tuple(sorted(item)) for item in after],
        autojunk=False,
    )
    for _, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        left, right = range(old_from, old_to), range(new_from, new_to)
        for old, new in zip_longest(left, right):
            if old is None or new is None or before[old].keys() & after[new].keys():
                yield old, new
            else:
                yield old, None
                yield None, new


_Found = tuple[tuple[str, ...], dict[str, str], dict[str, str]]


def _change(old: dict[str, Any], new: dict[str, Any], get: GetBytes) -> _Found | None:
    names = {*old, *new}
    left, right = _digests(old), _digests(new)
    differing = {name for name in names if left.get(name) != right.get(name)}
    lines: tuple[str, ...] = ()
    text = next((name for name in sorted(differing) if _is_lines(name)), None)
    if text is not None:
        before, after = (_text(item.get(text), get) for item in (old, new))
        if before is not None and after is not None:
            if before == after:
                differing.discard(text)
            else:
                lines = line_changes(before, after)
    if not differing:
        return None
    return (
        lines,
        {name: left[name] for name in sorted(differing) if name in left},
        {name: right[name] for name in sorted(differing) if name in right},
    )


def _values(outputs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Bring each output into its values by MIME type; a stream by its name."""
    return [_by_mime(output) for output in outputs]


def _by_mime(output: dict[str, Any]) -> dict[str, Any]:
    kind = output.get("output_type")
    if kind == "stream":
        return {str(output.get("name", "stdout")): output.get("text", "")}
    if kind == "error":
        # The traceback tells lines of files that are none of this run's doing.
        return {"error": f"{output.get('ename')}: {output.get('evalue')}"}
    data = output.get("data")
    return data if isinstance(data, dict) else {}


def _is_lines(name: str) -> bool:
    return name == _PLAIN or "/" not in name


def _digests(values: dict[str, Any]) -> dict[str, str]:
    return {name: _digest(value, name) for name, value in values.items()}


def _digest(value: Any, mime: str) -> str:
    """Return the digest that the value has, or would have, among the blobs."""
    if isinstance(value, dict) and isinstance(value.get("blob"), str):
        return str(value["blob"])
    digest = ""

    def put(data: bytes) -> str:
        nonlocal digest
        digest = sha256(data).hexdigest()
        return digest

    output = {"output_type": "display_data", "data": {mime: value}}
    externalise([output], put, inline_limit=-1)
    return digest


def _text(value: Any, get: GetBytes) -> str | None:
    """Return a text without addresses; None when its bytes cannot be had."""
    if value is None:
        return ""
    output = {"output_type": "stream", "text": value}
    try:
        (found,) = internalise([output], get)
    except StoreError:
        return None
    return _ADDRESS.sub("0x…", "".join(found["text"]))
