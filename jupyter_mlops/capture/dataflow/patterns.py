"""Patterns of ``match``: the names they bind."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.heap import Kind, Value, elements

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.run import CellRun


def match_pattern(run: CellRun, pattern: ast.pattern, subject: Value) -> None:
    """Bind what `pattern` takes out of `subject`, and read what it compares with."""
    part = subject | elements(subject)
    if isinstance(pattern, ast.MatchValue):
        run.interpreter.evaluate(run, pattern.value)
    elif isinstance(pattern, ast.MatchAs):
        if pattern.pattern is not None:
            match_pattern(run, pattern.pattern, subject)
        if pattern.name is not None:
            run.bind_name(pattern.name, subject)
    elif isinstance(pattern, ast.MatchStar):
        _bind_rest(run, pattern, pattern.name, part)
    elif isinstance(pattern, ast.MatchMapping):
        for key in pattern.keys:
            run.interpreter.evaluate(run, key)
        _bind_rest(run, pattern, pattern.rest, part)
    elif isinstance(pattern, ast.MatchClass):
        run.interpreter.evaluate(run, pattern.cls)
    for inner in _inner(pattern):
        match_pattern(run, inner, part)


def _inner(pattern: ast.pattern) -> list[ast.pattern]:
    if isinstance(pattern, ast.MatchSequence | ast.MatchMapping | ast.MatchOr):
        return pattern.patterns
    if isinstance(pattern, ast.MatchClass):
        return [*pattern.patterns, *pattern.kwd_patterns]
    return []


def _bind_rest(
    run: CellRun, pattern: ast.pattern, name: str | None, part: Value
) -> None:
    if name is not None:
        packed = run.make(pattern, Kind.DATA, part)
        run.bind_name(name, frozenset((packed,)))
