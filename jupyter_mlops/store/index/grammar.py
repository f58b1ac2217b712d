"""The language of run filters and orders: texts to small trees, no SQL here.

MLflow's search language (https://mlflow.org/docs/latest/search-runs.html) with typed
values, ``or``, ``not`` and parentheses.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import FilterSyntaxError

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

_GRAMMAR = r"""
filter: any_of
?any_of: all_of (_OR all_of)*
?all_of: negated (_AND negated)*
?negated: _NOT negated -> negation | "(" any_of ")" | condition
?condition: FIELD OPERATOR value          -> compare
    | FIELD not_? LIKE STRING             -> like
    | FIELD not_? _IN "(" value ("," value)* ")" -> among
    | FIELD _IS not_? _NULL               -> is_null
not_: _NOT
value: NUMBER | INFINITY | STRING | BOOLEAN
order: term ("," term)*
term: FIELD DIRECTION?

_OR.3: /or\b/i
_AND.3: /and\b/i
_NOT.3: /not\b/i
_IN.3: /in\b/i
_IS.3: /is\b/i
_NULL.3: /null\b/i
LIKE.3: /i?like\b/i
DIRECTION.3: /(asc|desc)\b/i
BOOLEAN.3: /(true|false)\b/i
INFINITY.3: /[+-]?inf(inity)?\b/i
OPERATOR: ">=" | "<=" | "!=" | "<>" | "==" | "=" | ">" | "<"
NUMBER.2: /[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?(?![\w.])/i
STRING: /'([^']|'')*'/ | /"([^"]|"")*"/
FIELD: /%s[^\W\d][\w\/-]*(\.[\w\/-]+)*(\.("[^"]*"|`[^`]*`))?/i
%ignore /\s+/
"""
_WORDS = r"(?!(?:and|or|not|in|is|i?like|null|asc|desc)\b(?!\.))"
_GRAMMAR = _GRAMMAR.replace("%s", _WORDS)

_EXPECTED = (
    ({"OPERATOR", "LIKE"}, "a comparison such as '>' or '=' was expected here"),
    (
        {"NUMBER", "BOOLEAN"},
        "a value was expected here: a number, true, false, or a text in quotes",
    ),
    ({"STRING"}, "a text in quotes was expected here"),
    ({"FIELD"}, "a name such as metrics.auc or status was expected here"),
    ({"LPAR"}, "'(' was expected here"),
    ({"_NULL"}, "'null' or 'not null' was expected here"),
    ({"COMMA", "DIRECTION"}, "'asc', 'desc' or a comma was expected here"),
    ({"COMMA"}, "a comma or ')' was expected here"),
    ({"_AND", "RPAR"}, "'and', 'or' or ')' was expected here"),
    ({"RPAR"}, "a closing ')' was expected here"),
    ({"_AND"}, "'and', 'or' or the end was expected here"),
)


@dataclass(frozen=True, slots=True)
class Field:
    """A name as written, and where."""

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Value:
    """A number, text or truth value, and where it stands."""

    value: Any
    position: int


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison.

    Attributes
    ----------
    operator : str
        ``= != > >= < <= like ilike in null``.
    is_negated : bool
        For ``not like``, ``not in`` and ``is not null``.
    """

    field: Field
    operator: str
    values: tuple[Value, ...] = ()
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions joined by ``and``, ``or``, or one under ``not``."""

    word: str
    parts: tuple[Condition | Group, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One term of an order."""

    field: Field
    is_descending: bool


@lru_cache(256)
def parse_filter(text: str) -> Condition | Group | None:
    """Read a filter; None when it is empty.

    Raises
    ------
    FilterSyntaxError
        With the position of the fault.
    """
    if not text.strip():
        return None
    return _condition(_parse(text, "filter").children[0])


@lru_cache(256)
def parse_order(text: str) -> tuple[Term, ...]:
    """Read an order such as ``metrics.auc desc, started``.

    Raises
    ------
    FilterSyntaxError
        With the position of the fault.
    """
    if not text.strip():
        return ()
    terms = []
    for tree in _parse(text, "order").children:
        name, *direction = tree.children
        terms.append(Term(_field(name), _is_down(direction)))
    return tuple(terms)


def _is_down(direction: list[Any]) -> bool:
    return bool(direction) and str(direction[0]).lower() == "desc"


@cache
def _parser() -> Lark:
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", start=["filter", "order"])


def _parse(text: str, start: str) -> Any:
    from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

    try:
        return _parser().parse(text, start=start)
    except UnexpectedCharacters as error:
        position = error.pos_in_stream or 0
        raise FilterSyntaxError(
            text, position, _character_reason(text, position, error.allowed or set())
        ) from None
    except UnexpectedToken as error:
        if error.token.type == "$END":
            position = len(text.rstrip())
        else:
            position = error.token.start_pos or 0
        expected = set(error.accepts or error.expected)
        raise FilterSyntaxError(text, position, _reason(expected)) from None
    except UnexpectedInput as error:
        position = error.pos_in_stream or 0
        raise FilterSyntaxError(text, position, "this makes no sense here") from None


def _character_reason(text: str, position: int, expected: set[str]) -> str:
    letter = text[position]
    if letter in "'\"":
        return "the text that begins here has no closing quote"
    if letter == "`":
        return "a name in backquotes needs its kind before it, such as metrics.`a b`"
    return _reason(expected)


def _reason(expected: set[str]) -> str:
    for tokens, reason in _EXPECTED:
        if tokens <= expected:
            return reason
    return "this makes no sense here"


def _condition(tree: Tree[Token]) -> Condition | Group:
    parts: list[Any] = tree.children
    word = str(tree.data)
    if word in {"any_of", "all_of", "negation"}:
        joined = {"any_of": "or", "all_of": "and", "negation": "not"}[word]
        return Group(joined, tuple(_condition(part) for part in parts))
    field, *rest = parts
    is_negated = any(getattr(part, "data", "") == "not_" for part in rest)
    rest = [part for part in rest if getattr(part, "data", "") != "not_"]
    if word == "compare":
        operator = {"==": "=", "<>": "!="}.get(str(rest[0]), str(rest[0]))
        return Condition(_field(field), operator, (_value(rest[1].children[0]),))
    if word == "like":
        operator = str(rest[0]).lower()
        return Condition(_field(field), operator, (_value(rest[1]),), is_negated)
    if word == "among":
        values = tuple(_value(part.children[0]) for part in rest)
        return Condition(_field(field), "in", values, is_negated)
    return Condition(_field(field), "null", (), is_negated)


def _field(token: Token) -> Field:
    return Field(str(token), token.start_pos or 0)


def _value(token: Token) -> Value:
    text, position = str(token), token.start_pos or 0
    if token.type == "STRING":
        quote = text[0]
        return Value(text[1:-1].replace(quote * 2, quote), position)
    if token.type == "BOOLEAN":
        return Value(text.lower() == "true", position)
    return Value(float(text), position)
