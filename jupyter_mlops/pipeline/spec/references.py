"""References in texts: ``${step.kind.name}``, found and taken apart, not resolved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KINDS = ("metrics", "outputs", "params", "values")
OWN = "params"
"""Stands where a step's name would: the pipeline's own parameters."""
STEP_NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_MARKED = re.compile(r"\$(?P<escaped>\$)?\{(?P<inside>[^{}]*)\}")
_OPEN = re.compile(r"(?<!\$)\$\{")


class ReferenceFaultError(ValueError):
    """A reference cannot be read; its text is a sentence."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What one reference names.

    Attributes
    ----------
    step : str
        Empty for a parameter of the pipeline itself.
    kind : str
        One of `KINDS`.
    name : str
        May hold dots and slashes when it names a metric.
    """

    step: str
    kind: str
    name: str

    def __str__(self) -> str:
        parts = (self.step, self.kind, self.name) if self.step else (OWN, self.name)
        return f"${{{'.'.join(parts)}}}"


def references(value: Any) -> Iterator[Reference]:
    """List the references in a value, however deep.

    Raises
    ------
    ReferenceFaultError
        When one cannot be read.
    """
    if isinstance(value, str):
        yield from _in_text(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from references(inner)


def _in_text(text: str) -> Iterator[Reference]:
    found = list(_MARKED.finditer(text))
    if len(_OPEN.findall(text)) != sum(not match["escaped"] for match in found):
        raise ReferenceFaultError(f"'${{' in {text!r} is not closed by '}}'")
    for match in found:
        if not match["escaped"]:
            yield parse_reference(match["inside"])


def parse_reference(inside: str) -> Reference:
    """Read what stands between the braces."""
    first, _, rest = inside.strip().partition(".")
    if first == OWN and re.fullmatch(NAME, rest):
        return Reference("", "params", rest)
    kind, _, name = rest.partition(".")
    if not re.fullmatch(STEP_NAME, first) or not kind:
        raise ReferenceFaultError(
            f"'${{{inside}}}' is no reference: write ${{step.metrics.name}}, "
            f"${{step.outputs.name}}, ${{step.values.name}}, ${{step.params.name}} or "
            f"${{params.name}}"
        )
    if kind not in KINDS:
        hint = errors.nearest(kind, KINDS).rstrip(".")
        raise ReferenceFaultError(f"'${{{inside}}}': a step has no '{kind}'.{hint}")
    if not name:
        raise ReferenceFaultError(f"'${{{inside}}}' lacks a name behind '{kind}'")
    return Reference(first, kind, name)


def resolve(value: Any, look_up: Callable[[Reference], Any]) -> Any:
    """Put values in the place of references, however deep.

    A text that is one reference and nothing else becomes the value itself, of its
    own type; within a longer text it is written out.
    """
    if isinstance(value, str):
        return _resolved(value, look_up)
    if isinstance(value, dict):
        return {key: resolve(inner, look_up) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [resolve(inner, look_up) for inner in value]
    return value


def _resolved(text: str, look_up: Callable[[Reference], Any]) -> Any:
    whole = _MARKED.fullmatch(text)
    if whole is not None and not whole["escaped"]:
        return look_up(parse_reference(whole["inside"]))

    def written(match: re.Match[str]) -> str:
        if match["escaped"]:
            return match[0][1:]
        return str(look_up(parse_reference(match["inside"])))

    return _MARKED.sub(written, text)
