"""Expressions of gates, read: ``metrics.auc >= 0.9 and size < 200 MB``.

A language of its own with a parser; nothing of it is ever run as code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jupyter_mlops import errors

if TYPE_CHECKING:
    from lark import Lark, Token, Tree
    from lark.exceptions import UnexpectedInput

LIMIT = 2_000
GROUP_METRICS = (
    "accuracy",
    "count",
    "f1",
    "false_negative_rate",
    "false_positive_rate",
    "mean_absolute_error",
    "mean_prediction",
    "precision",
    "recall",
    "selection_rate",
    "true_negative_rate",
    "true_positive_rate",
)
_WORDS = (
    "card", "compatible", "confirmed", "groups", "metrics", "models", "overall",
    "params", "predict", "reproduced", "secrets", "signature", "size", "tags",
)  # fmt: skip
_GRAMMAR = r"""
start: either
?either: both ("or" both)*
?both: inverse ("and" inverse)*
?inverse: "not" inverse -> negation
    | judgement
?judgement: "reproduced" -> reproduced
    | "no" "secrets" -> no_secrets
    | "card" "confirmed" -> card_confirmed
    | "signature" "compatible" "with" other -> compatible
    | sum (COMPARISON sum)* -> comparison
?sum: product (SIGN product)*
?product: factor (DOT_SIGN factor)*
?factor: "-" factor -> minus
    | "(" either ")"
    | "[" [either ("," either)*] "]" -> list
    | NUMBER UNIT? -> amount
    | STRING -> text
    | "true" -> true
    | "false" -> false
    | "none" -> nothing
    | FIELD key -> field
    | "size" -> size
    | "models" "[" STRING "]" "." FIELD key -> other_field
    | "models" "[" STRING "]" "." "size" -> other_size
    | QUANTILE "predict" -> latency
    | AMONG "over" "groups" "(" column ("," column)* ")" "of" NAME -> groups
    | AMONG -> among
key: "." NAME -> plain_key
    | "[" STRING "]" -> quoted_key
other: NAME -> other_alias
    | "models" "[" STRING "]" -> other_version
column: NAME -> plain_key
    | STRING -> quoted_key
FIELD: "metrics" | "params" | "tags"
AMONG.2: /(?:min|max|mean|overall|difference|ratio)\b/
QUANTILE.2: /(?:p\d{1,2}(?:\.\d+)?|mean)(?=\s+predict\b)/
COMPARISON: ">=" | "<=" | "==" | "!=" | "<" | ">" | /not\s+in\b/ | /in\b/
SIGN: "+" | "-"
DOT_SIGN: "*" | "/"
NUMBER: /\d+(\.\d*)?([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?/
UNIT: /(?:%|[kKMGT]i?B\b|B\b|ms\b|us\b|s\b|min\b)/
STRING: /'[^'\n]*'|"[^"\n]*"/
NAME: /[^\W\d]\w*/
%ignore /\s+/
"""


class ExpressionFaultError(ValueError):
    """An expression cannot be read.

    Attributes
    ----------
    position : int
        Where in it, from 0.
    """

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.position = position


@dataclass(frozen=True)
class Expression:
    """A condition that a version may fulfil."""

    text: str
    tree: Tree[Token]

    @property
    def needs_dataset(self) -> bool:
        """It judges groups of rows, so it needs some."""
        return any(True for _ in self.tree.find_data("groups"))

    def text_of(self, tree: Tree[Token]) -> str:
        """Return a part of it as it was written."""
        return self.text[tree.meta.start_pos : tree.meta.end_pos]


def read_expression(text: str) -> Expression:
    """Read an expression.

    Raises
    ------
    ExpressionFaultError
        When it makes no sense; it says where, and the nearest known word.
    """
    from lark.exceptions import UnexpectedInput

    if len(text) > LIMIT:
        raise ExpressionFaultError(f"A gate may have {LIMIT} characters.", LIMIT)
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise _fault(text, error) from None
    except RecursionError:
        raise ExpressionFaultError("It is nested too deeply.", 0) from None
    found = Expression(text, tree)
    _check(found)
    return found


def _check(found: Expression) -> None:
    groups = list(found.tree.find_data("groups"))
    for group in groups:
        name = group.children[-1]
        if str(name) not in GROUP_METRICS:
            hint = errors.nearest(str(name), GROUP_METRICS)
            raise ExpressionFaultError(
                f"No metric '{name}' is known for groups.{hint}",
                getattr(name, "start_pos", 0),
            )
    for among in found.tree.find_data("among"):
        if not groups:
            word = str(among.children[0])
            raise ExpressionFaultError(
                f"'{word}' needs groups, as in: {word} over groups(sex) of recall.",
                among.meta.start_pos,
            )


def _fault(text: str, error: UnexpectedInput) -> ExpressionFaultError:
    position = getattr(error, "pos_in_stream", None)
    at = len(text) if position is None or position < 0 else position
    is_end = getattr(getattr(error, "token", None), "type", "") == "$END"
    at = len(text) if is_end else min(at, len(text))
    # A parser may stop behind the word that it does not know.
    found = re.compile(r"[^\W\d]\w*").match(text, at)
    word = found[0] if found else ""
    if not text.strip():
        return ExpressionFaultError("It is empty.", 0)
    if at >= len(text.rstrip()):
        return ExpressionFaultError("It ends too early.", len(text.rstrip()))
    if not word:
        return ExpressionFaultError(f"'{text[at]}' makes no sense here.", at)
    if word in _WORDS:
        return ExpressionFaultError(f"'{word}' makes no sense here.", at)
    hint = errors.nearest(word, _WORDS)
    return ExpressionFaultError(
        f"'{word}' is not known here.{hint} Texts stand in quotes.", at
    )


@cache
def _parser() -> Lark:
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", propagate_positions=True)
