"""Expressions of gates, judged: what holds of a version, and what was looked at.

Three answers: it holds, it does not, or there is nothing to compare with yet, as long
as no version has the alias that is asked for.
"""

from __future__ import annotations

import math
import operator
import re
from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.gates.subject import GateFaultError, NothingYet
from jupyter_mlops.wording import size as size_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from lark import Token, Tree

    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.registry.gates.expression import Expression
    from jupyter_mlops.registry.gates.subject import Groups, Subject

_UNITS = {
    "": 1.0, "%": 0.01, "B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
    "kiB": 2**10, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40,
    "us": 1e-6, "ms": 1e-3, "s": 1, "min": 60,
}  # fmt: skip
_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda one, other: one in other,
    "not in": lambda one, other: one not in other,
}
_LONGEST = 40
_FEW = 8


class Evaluation:
    """One expression about one version.

    Attributes
    ----------
    said : list of str
        What was looked at, in the order in which it was.
    """

    def __init__(self, expression: Expression, subject: Subject) -> None:
        self._expression = expression
        self._subject = subject
        self._grouped: Groups | None = None
        self.said: list[str] = []

    def judge(self) -> tuple[bool, str]:
        """Tell whether it holds, and why.

        Raises
        ------
        GateFaultError
            When something that it asks for is not there, or cannot be compared.
        """
        (tree,) = self._expression.tree.children
        found = self._value(tree)
        said = "; ".join(dict.fromkeys(self.said))
        if isinstance(found, NothingYet):
            return True, "; ".join(part for part in (found.reason, said) if part)
        if not isinstance(found, bool):
            reason = f"'{self._expression.text}' is no condition, but {_shown(found)}"
            raise GateFaultError(f"{reason}: compare it with something")
        return found, said

    def _value(self, tree: Any) -> Any:
        return getattr(self, f"_{tree.data}")(tree)

    def _note(self, tree: Tree[Token], value: Any, word: str | None = None) -> Any:
        text = self._expression.text_of(tree)
        self.said.append(f"{text} is {word or _shown(value)}")
        return value

    # --- logic -----------------------------------------------------------------------

    def _either(self, tree: Tree[Token]) -> Any:
        return self._first(tree, wanted=True)

    def _both(self, tree: Tree[Token]) -> Any:
        return self._first(tree, wanted=False)

    def _first(self, tree: Tree[Token], *, wanted: bool) -> Any:
        open_ones = []
        for part in tree.children:
            found = self._value(part)
            if isinstance(found, NothingYet):
                open_ones.append(found)
            elif bool(found) is wanted:
                return wanted
        return open_ones[0] if open_ones else not wanted

    def _negation(self, tree: Tree[Token]) -> Any:
        found = self._value(tree.children[0])
        return found if isinstance(found, NothingYet) else not found

    def _comparison(self, tree: Tree[Token]) -> Any:
        parts = list(tree.children)
        # What groups there are is known before the words that refer to them are read.
        values: list[Any] = [None] * len(parts)
        order = sorted(range(0, len(parts), 2), key=lambda at: _refers(parts[at]))
        for at in order:
            values[at] = self._value(parts[at])
        left = values[0]
        if isinstance(left, NothingYet):
            return left
        if len(parts) == 1:
            return left
        for at in range(1, len(parts), 2):
            right = values[at + 1]
            if isinstance(right, NothingYet):
                return right
            sign = re.sub(r"\s+", " ", str(parts[at]))
            if not self._compared(left, sign, right):
                return False
            left = right
        return True

    def _compared(self, left: Any, sign: str, right: Any) -> bool:
        try:
            return bool(_COMPARISONS[sign](left, right))
        except TypeError:
            raise GateFaultError(
                f"{_shown(left)} cannot be compared with {_shown(right)}"
            ) from None

    # --- values ----------------------------------------------------------------------

    def _sum(self, tree: Tree[Token]) -> Any:
        found = self._value(tree.children[0])
        for sign, part in zip(tree.children[1::2], tree.children[2::2], strict=True):
            other = self._value(part)
            for value in (found, other):
                if isinstance(value, NothingYet):
                    return value
            try:
                found = _SIGNS[str(sign)](found, other)
            except (TypeError, ZeroDivisionError, OverflowError) as error:
                text = self._expression.text_of(tree)
                raise GateFaultError(f"'{text}' cannot be computed: {error}") from None
        return found

    _product = _sum

    def _minus(self, tree: Tree[Token]) -> Any:
        found = self._value(tree.children[0])
        if isinstance(found, NothingYet):
            return found
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise GateFaultError(f"{_shown(found)} is no number")
        return -found

    def _list(self, tree: Tree[Token]) -> Any:
        return [self._value(part) for part in tree.children if part is not None]

    def _amount(self, tree: Tree[Token]) -> float:
        number, *unit = (str(part) for part in tree.children)
        value = float(number) * _UNITS[unit[0] if unit else ""]
        return int(value) if value.is_integer() else value

    def _text(self, tree: Tree[Token]) -> str:
        return _unquoted(tree.children[0])

    def _true(self, _tree: Tree[Token]) -> bool:
        return True

    def _false(self, _tree: Tree[Token]) -> bool:
        return False

    def _nothing(self, _tree: Tree[Token]) -> None:
        return None

    # --- of the version, and of others -----------------------------------------------

    def _field(self, tree: Tree[Token]) -> Any:
        return self._field_of(self._subject.version, tree, *tree.children)

    def _size(self, tree: Tree[Token]) -> Any:
        size = self._subject.version.size
        return self._note(tree, size, size_word(size))

    def _other_field(self, tree: Tree[Token]) -> Any:
        other, field, key = tree.children
        version = self._subject.other(_unquoted(other))
        if isinstance(version, NothingYet):
            return version
        return self._field_of(version, tree, field, key)

    def _other_size(self, tree: Tree[Token]) -> Any:
        version = self._subject.other(_unquoted(tree.children[0]))
        if isinstance(version, NothingYet):
            return version
        return self._note(tree, version.size, size_word(version.size))

    def _field_of(
        self, version: VersionRecord, tree: Tree[Token], field: Any, key: Any
    ) -> Any:
        from jupyter_mlops.errors import nearest

        name = _key(key)
        known = getattr(version, str(field))
        if name not in known:
            noun = str(field).removesuffix("s")
            raise GateFaultError(
                f"version {version.version} of '{version.model}' has no {noun} "
                f"'{name}'.{nearest(name, known)}"
            )
        return self._note(tree, known[name])

    # --- judgements ------------------------------------------------------------------

    def _reproduced(self, _tree: Tree[Token]) -> bool:
        found, said = self._subject.reproduced()
        self.said.append(said)
        return found

    def _no_secrets(self, _tree: Tree[Token]) -> bool:
        found = self._subject.secrets()
        self.said += found or ["none found"]
        return not found

    def _card_confirmed(self, _tree: Tree[Token]) -> bool:
        found = self._subject.unconfirmed()
        self.said.append(f"carried over: {found}" if found else "nothing carried over")
        return not found

    def _compatible(self, tree: Tree[Token]) -> Any:
        (target,) = tree.children
        assert not isinstance(target, str), "the grammar puts a tree here"
        name = str(target.children[0])
        is_alias = target.data == "other_alias"
        other = self._subject.other(f"@{name}" if is_alias else _unquoted(name))
        if isinstance(other, NothingYet):
            return other
        found, said = self._subject.compatible(other)
        self.said.append(said)
        return found

    def _latency(self, tree: Tree[Token]) -> float:
        word = str(tree.children[0])
        quantile = None if word == "mean" else float(word[1:]) / 100
        seconds = self._subject.latency(quantile)
        return float(self._note(tree, seconds, f"{seconds * 1e3:.3g} ms"))

    def _groups(self, tree: Tree[Token]) -> float:
        how, *columns, metric = tree.children
        found = self._subject.groups([_key(column) for column in columns], str(metric))
        self._grouped = found
        told = ", ".join(f"{name} {_shown(one)}" for name, one in _few(found.by_group))
        self.said.append(f"{metric} by group: {told}")
        return _among(str(how), found)

    def _among(self, tree: Tree[Token]) -> float:
        assert self._grouped is not None, "the reader asks for groups beside it"
        return _among(str(tree.children[0]), self._grouped)


def _among(how: str, found: Groups) -> float:
    values = list(found.by_group.values())
    if not values:
        raise GateFaultError("the dataset has no rows, so it has no groups")
    if any(math.isnan(value) for value in values):
        names = [name for name, one in found.by_group.items() if math.isnan(one)]
        raise GateFaultError(f"the metric cannot be computed for {', '.join(names)}")
    if how == "overall":
        return found.overall
    if how == "mean":
        return sum(values) / len(values)
    if how == "difference":
        return max(values) - min(values)
    if how == "ratio":
        return min(values) / max(values) if max(values) else 1.0
    return min(values) if how == "min" else max(values)


def _few(by_group: dict[str, float]) -> list[tuple[str, float]]:
    return list(by_group.items())[:_FEW]


def _refers(tree: Any) -> bool:
    return bool(list(tree.find_data("among"))) and not list(tree.find_data("groups"))


def _key(tree: Any) -> str:
    text = str(tree.children[0])
    return _unquoted(text) if tree.data == "quoted_key" else text


def _unquoted(token: Any) -> str:
    return str(token)[1:-1]


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else f"{value:.6g}"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
