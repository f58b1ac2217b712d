"""Conditions of steps: references compared with literals; never evaluated as code.

``${train.metrics.auc} > 0.8 and ${params.kind} in ['a', 'b']``: Python's own syntax for
``and or not == != < <= > >= in`` and literals, read by its parser and walked here.
"""

from __future__ import annotations

import ast
import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.spec.references import Reference, parse_reference

if TYPE_CHECKING:
    from collections.abc import Callable

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_LIMIT = 2_000
_WORDS = {"true": True, "false": False, "null": None}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other,
}


class ConditionFaultError(ValueError):
    """A condition cannot be read, or its values not compared; a sentence."""


@dataclass(frozen=True)
class Condition:
    """One condition, read."""

    text: str
    tree: ast.expr
    by_name: dict[str, Reference]

    def holds(self, look_up: Callable[[Reference], Any]) -> bool:
        """Tell whether it holds.

        Raises
        ------
        ConditionFaultError
            When values of different kinds are compared.
        """
        try:
            return bool(self._value(self.tree, look_up))
        except TypeError as error:
            raise ConditionFaultError(
                f"the condition '{self.text}' compares what cannot be compared: {error}"
            ) from None

    def _value(self, node: ast.expr, look_up: Callable[[Reference], Any]) -> Any:  # noqa: PLR0911 - one line for each kind of node
        match node:
            case ast.BoolOp(op=ast.And()):
                return all(self._value(part, look_up) for part in node.values)
            case ast.BoolOp():
                return any(self._value(part, look_up) for part in node.values)
            case ast.UnaryOp(op=ast.Not()):
                return not self._value(node.operand, look_up)
            case ast.UnaryOp(op=ast.USub()):
                return -self._value(node.operand, look_up)
            case ast.Compare():
                return self._compared(node, look_up)
            case ast.List() | ast.Tuple():
                return [self._value(part, look_up) for part in node.elts]
            case ast.Name():
                if node.id in self.by_name:
                    return look_up(self.by_name[node.id])
                return _WORDS[node.id]
        assert isinstance(node, ast.Constant), "the reader lets nothing else pass"
        return node.value

    def _compared(self, node: ast.Compare, look_up: Callable[[Reference], Any]) -> bool:
        left = self._value(node.left, look_up)
        for sign, part in zip(node.ops, node.comparators, strict=True):
            right = self._value(part, look_up)
            if not _COMPARISONS[type(sign)](left, right):
                return False
            left = right
        return True


def read_condition(text: str) -> Condition:
    """Read a condition.

    Raises
    ------
    ConditionFaultError, ReferenceFaultError
        When it cannot be read.
    """
    by_name: dict[str, Reference] = {}

    def named(match: re.Match[str]) -> str:
        name = f"__reference_{len(by_name)}"
        by_name[name] = parse_reference(match[1])
        return f" {name} "

    code = _REFERENCE.sub(named, text).strip()
    if len(code) > _LIMIT:
        raise ConditionFaultError(f"a condition may have {_LIMIT} characters")
    try:
        tree = ast.parse(code, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ConditionFaultError(
            f"the condition '{text}' cannot be read: compare references with values, "
            "as in ${train.metrics.auc} > 0.8, joined by 'and', 'or' and 'not'"
        ) from None
    _check(tree, text, by_name)
    return Condition(text, tree, by_name)


def _check(tree: ast.expr, text: str, by_name: dict[str, Reference]) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if node.id not in by_name and node.id not in _WORDS:
                raise ConditionFaultError(
                    f"the condition '{text}' names '{node.id}': put texts in quotes, "
                    f"and write references as ${{step.metrics.name}}"
                )
        elif isinstance(node, ast.UnaryOp):
            if not isinstance(node.op, ast.Not | ast.USub):
                raise _not_allowed(text, node)
        elif isinstance(node, ast.Compare):
            if not all(type(sign) in _COMPARISONS for sign in node.ops):
                raise _not_allowed(text, node)
        elif not isinstance(
            node,
            ast.BoolOp
            | ast.boolop
            | ast.unaryop
            | ast.cmpop
            | ast.List
            | ast.Tuple
            | ast.Constant
            | ast.expr_context,
        ):
            raise _not_allowed(text, node)


def _not_allowed(text: str, node: ast.AST) -> ConditionFaultError:
    shown = ast.unparse(node) if isinstance(node, ast.expr) else type(node).__name__
    return ConditionFaultError(
        f"the condition '{text}' does more than compare: '{shown}'. Compute it in a "
        f"notebook, log it as a metric, and compare that"
    )
