"""The values that a sweep goes over, read from texts or Python values and checked.

``0.1,1,10`` lists values; ``0.01..10`` is a range, ``log:0.01..10`` one on a
logarithmic scale, ``int:1..50`` one of whole numbers; ``log:0.01..10:4`` are four
values spread evenly over one.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.parameters import RawText, check_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from jupyter_mlops.pipeline.parameters import DeclaredParameters
    from jupyter_mlops.records import JsonValue

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_RANGE = re.compile(
    rf"(?:(?P<scale>log|int|intlog|float):)?\s*(?P<low>{_NUMBER})\s*\.\."
    rf"\s*(?P<high>{_NUMBER})\s*(?::\s*(?P<count>\d+))?"
)
_SCALE = re.compile(r"(?P<scale>log|int|intlog|float):.*\.\..*", re.DOTALL)
_OPENING, _CLOSING = "[{(", ")}]"
MOST_POINTS = 10_000


@dataclass(frozen=True)
class Choices:
    """Values one by one."""

    values: tuple[JsonValue, ...]

    def draw(self, random: Random) -> JsonValue:
        """Draw one of them."""
        return random.choice(self.values)

    def to_json(self) -> JsonValue:
        """Return them as a param of the sweep."""
        return list(self.values)


@dataclass(frozen=True, kw_only=True)
class Range:
    """Numbers from `low` to `high`, both among them.

    Attributes
    ----------
    is_log : bool
        Each power of ten is as likely as the next.
    is_int : bool
        Whole numbers only.
    """

    low: float
    high: float
    is_log: bool = False
    is_int: bool = False

    def draw(self, random: Random) -> JsonValue:
        """Draw a number."""
        if self.is_int and not self.is_log:
            return random.randint(int(self.low), int(self.high))
        # A whole number stands for all that are rounded to it.
        edge = 0.5 if self.is_int else 0.0
        return self._at(random.random(), edge)

    def spread(self, count: int) -> tuple[JsonValue, ...]:
        """Return `count` numbers at even distances on the range's scale."""
        shares = [at / (count - 1) for at in range(count)] if count > 1 else [0.5]
        # Not 0.10000000000000002, which nobody would write.
        found = (float(f"{self._at(share, 0.0):.12g}") for share in shares)
        within = (min(max(item, self.low), self.high) for item in found)
        return tuple(
            dict.fromkeys(int(item) if self.is_int else item for item in within)
        )

    def _at(self, share: float, edge: float) -> JsonValue:
        low, high = self.low - edge, self.high + edge
        if self.is_log:
            low, high = math.log(max(low, self.low / 2)), math.log(high)
        found = low + share * (high - low)
        if self.is_log:
            found = math.exp(found)
        if self.is_int:
            return min(max(round(found), int(self.low)), int(self.high))
        return min(max(found, self.low), self.high)

    def to_json(self) -> JsonValue:
        """Return it as a param of the sweep: the text that it is written as."""
        scale = {(True, True): "intlog:", (True, False): "int:", (False, True): "log:"}
        ends = (int(self.low), int(self.high)) if self.is_int else (self.low, self.high)
        return f"{scale.get((self.is_int, self.is_log), '')}{ends[0]}..{ends[1]}"


Dimension = Choices | Range


@dataclass(frozen=True)
class Space:
    """What a sweep goes over: dimensions by parameter."""

    by_name: Mapping[str, Dimension] = field(default_factory=dict)

    @property
    def size(self) -> int | None:
        """How many points there are, None when there is no end of them."""
        found = 1
        for item in self.by_name.values():
            if isinstance(item, Range):
                return None
            found *= len(item.values)
        return found

    def to_json(self) -> dict[str, JsonValue]:
        """Return it as plain values, by parameter."""
        return {name: item.to_json() for name, item in self.by_name.items()}


def read_space(
    declared: DeclaredParameters,
    given: Mapping[str, Any],
    fixed: Mapping[str, Any],
    *,
    is_grid: bool,
) -> tuple[Space, dict[str, JsonValue]]:
    """Check what is swept and what is fixed against what the notebook declares.

    Parameters
    ----------
    given : mapping
        By parameter: a text as on the command line, a list of values, or a ``range``.
    fixed : mapping
        Values that all points share.
    is_grid : bool
        Each value of a range counts: it must be one of whole numbers, or say how many.

    Returns
    -------
    tuple
        The space, and the fixed values of the declared kinds.

    Raises
    ------
    UnknownParameterError, InvalidParameterError
        As for a notebook's parameters.
    InvalidInputError
        On a range that makes no sense, or a name that is both swept and fixed.
    """
    if not given:
        raise errors.InvalidInputError(
            "A sweep needs something to go over, as in '--grid C=0.1,1,10'."
        )
    for name in given:
        if name in fixed:
            raise errors.InvalidInputError(
                f"'{name}' is both swept over and given one value: leave one out.",
                name=name,
            )
    found = {
        name: _dimension(declared, name, value, is_grid=is_grid)
        for name, value in given.items()
    }
    # All names at once: a required one may be among those that are swept.
    some = {name: _some_value(item) for name, item in found.items()}
    checked = check_parameters(declared, {**some, **fixed})
    return Space(found), {name: checked[name] for name in fixed}


def _dimension(
    declared: DeclaredParameters, name: str, given: Any, *, is_grid: bool
) -> Dimension:
    item = declared.by_name.get(name)
    if item is not None and item.is_secret:
        raise errors.InvalidInputError(
            f"'{name}' is a secret: a sweep would have to show its values.", name=name
        )
    kind = item.kind if item is not None else ""
    if isinstance(given, range):
        given = list(given)
    if isinstance(given, str):
        match = _RANGE.fullmatch(given.strip())
        if match is not None and kind not in ("str", "list", "dict", "bool"):
            return _range(declared, name, kind, match, is_grid=is_grid)
        if _SCALE.fullmatch(given.strip()) and kind != "str":
            raise _unfit(name, given, "the ends of a range are numbers")
        given = [RawText(part) for part in split_values(given)]
    values = list(given) if isinstance(given, list | tuple) else [given]
    if not values:
        raise _unfit(name, given, "there is no value")
    return Choices(_checked(declared, name, values))


def _checked(
    declared: DeclaredParameters, name: str, values: list[Any]
) -> tuple[JsonValue, ...]:
    found: dict[str, JsonValue] = {}
    for value in values:
        checked = _one_checked(declared, name, value)
        found.setdefault(json.dumps([type(checked).__name__, checked]), checked)
    return tuple(found.values())


def _one_checked(declared: DeclaredParameters, name: str, value: Any) -> JsonValue:
    # By itself: whether others are missing is asked once, for all.
    known = {name: declared.by_name[name]} if name in declared.by_name else {}
    if known or not declared.is_python:
        return check_parameters(replace(declared, by_name=known), {name: value})[name]
    # An unknown name: this says which is near.
    return check_parameters(declared, {name: value})[name]


def _range(
    declared: DeclaredParameters,
    name: str,
    kind: str,
    match: re.Match[str],
    *,
    is_grid: bool,
) -> Dimension:
    scale, low, high = match["scale"] or "", float(match["low"]), float(match["high"])
    is_whole = low.is_integer() and high.is_integer()
    written = match["low"] + match["high"]
    is_int = scale.startswith("int") or kind == "int"
    if not scale and not kind:
        is_int = is_whole and not set(".eE") & set(written)
    found = Range(low=low, high=high, is_log=scale.endswith("log"), is_int=is_int)
    if is_int and not is_whole:
        raise _unfit(name, match[0], "its ends must be whole numbers")
    if not math.isfinite(low) or not math.isfinite(high) or low >= high:
        raise _unfit(name, match[0], "its ends must be numbers, the lower one first")
    if found.is_log and low <= 0:
        raise _unfit(name, match[0], "a logarithmic scale begins above 0")
    _one_checked(declared, name, int(low) if is_int else low)
    if match["count"] is not None:
        count = int(match["count"])
        if not 1 <= count <= MOST_POINTS:
            raise _unfit(name, match[0], f"at most {MOST_POINTS} values can be spread")
        return Choices(found.spread(count))
    if not is_grid:
        return found
    if not is_int or found.is_log:
        raise _unfit(
            name, match[0], f"for a grid say how many values: '{match[0].strip()}:5'"
        )
    if high - low >= MOST_POINTS:
        raise _unfit(name, match[0], f"a grid has at most {MOST_POINTS} points")
    return Choices(tuple(range(int(low), int(high) + 1)))


def split_values(text: str) -> list[str]:
    """Split a text at its commas, but not within brackets or quotes."""
    parts, depth, quote = [""], 0, ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in _OPENING:
            depth += 1
        elif letter in _CLOSING:
            depth -= 1
        elif letter == "," and depth <= 0:
            parts.append("")
            continue
        parts[-1] += letter
    return [part.strip() for part in parts]


def _some_value(item: Dimension) -> JsonValue:
    if isinstance(item, Choices):
        return item.values[0]
    return int(item.low) if item.is_int else item.low


def _unfit(name: str, given: Any, why: str) -> errors.InvalidInputError:
    return errors.InvalidInputError(
        f"'{name}={given}' is nothing to sweep over: {why}.", name=name, value=given
    )
