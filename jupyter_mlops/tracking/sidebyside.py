"""Runs side by side: what differs between them, and what is equal in all."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - a field of a dataclass
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING, Any

from jupyter_mlops.tracking.badges import badges_of, own_tags
from jupyter_mlops.tracking.bests import is_lower_better

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.records import RunRecord

NOUNS = ("badges", "params", "metrics", "tags")


class _Missing:
    def __repr__(self) -> str:
        return "(none)"


MISSING: Any = _Missing()
"""Stands where a run has no such param, metric or tag: None is a value."""


def _words(run: RunRecord, noun: str) -> Mapping[str, Any]:
    if noun == "metrics":
        return {name: item.last for name, item in run.metrics.items()}
    if noun == "params":
        return run.params
    return badges_of(run.tags) if noun == "badges" else own_tags(run.tags)


def _same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    is_nan = isinstance(one, float) and isnan(one) and isnan(other)
    return bool(is_nan or one == other)


@dataclass(frozen=True)
class SideBySide:
    """Two runs or more.

    Attributes
    ----------
    lower_is_better : sequence of str
        Words in the names of metrics that are better when smaller.
    """

    runs: Sequence[RunRecord]
    lower_is_better: Sequence[str] = ()

    @cached_property
    def differing(self) -> dict[str, dict[str, list[Any]]]:
        """By noun and name the values that differ, one a run; `MISSING` where none."""
        return {noun: self._parted(noun)[0] for noun in NOUNS}

    @cached_property
    def equal(self) -> dict[str, dict[str, Any]]:
        """By noun and name the values that all runs have."""
        return {noun: self._parted(noun)[1] for noun in NOUNS}

    @cached_property
    def best(self) -> dict[str, list[int]]:
        """Of each metric that differs, which runs have the best value."""
        found = {}
        for name, values in self.differing["metrics"].items():
            known = [v for v in values if v is not MISSING and not isnan(v)]
            if len(known) > 1:
                is_lower = is_lower_better(name, self.lower_is_better)
                best = min(known) if is_lower else max(known)
                found[name] = [at for at, value in enumerate(values) if value == best]
        return found

    def _parted(self, noun: str) -> tuple[dict[str, list[Any]], dict[str, Any]]:
        words = [_words(run, noun) for run in self.runs]
        differing: dict[str, list[Any]] = {}
        equal: dict[str, Any] = {}
        for name in sorted({name for found in words for name in found}):
            values = [found.get(name, MISSING) for found in words]
            if all(_same(value, values[0]) for value in values):
                equal[name] = values[0]
            else:
                differing[name] = values
        return differing, equal
