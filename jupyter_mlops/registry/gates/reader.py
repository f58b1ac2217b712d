"""``gates.yaml``, read: every error says line, column and the nearest known name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from jupyter_mlops import errors
from jupyter_mlops.registry.approvals import SOURCES, Demand
from jupyter_mlops.registry.gates.expression import (
    Expression,
    ExpressionFaultError,
    read_expression,
)
from jupyter_mlops.registry.gates.spec import ANY, AliasRule, GateBook, GateSpec
from jupyter_mlops.registry.uris import checked_alias
from jupyter_mlops.store.documents import (
    DocumentFaultError,
    Field,
    FieldFaultError,
    Place,
    boolean,
    fault_at,
    mapping,
    read_document,
    read_fields,
    text,
    wrong,
)
from jupyter_mlops.store.layout import checked_file_name

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from jupyter_mlops.store.documents import Path

_KINDS = ("check", "schema", "notebook")


def read_gates(file: FilePath) -> GateBook:
    """Read a file of gates; one that is not there holds none.

    Raises
    ------
    GatesFileError
        With `line` and `column`, when it makes no sense.
    """
    try:
        said = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return GateBook(file=file)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise errors.GatesFileError(
            f"{file} cannot be read: {reason}.", path=file, reason=reason
        ) from error
    return parse_gates(said, file)


def parse_gates(said: str, file: FilePath) -> GateBook:
    """Read a text as that of `file`; raises as `read_gates`."""
    try:
        document = read_document(said)
    except DocumentFaultError as fault:
        raise fault_at(
            errors.GatesFileError, str(fault), fault.place, said, file
        ) from None
    try:
        return GateBook(file=file, rules=tuple(_rules(document.value)))
    except FieldFaultError as fault:
        place = document.place(fault.path, is_key=fault.is_key)
        if fault.offset and _is_literal(said, place, fault, document.value):
            place = Place(place.line, place.column + fault.offset)
        raise fault_at(errors.GatesFileError, str(fault), place, said, file) from None


def _rules(value: Any) -> list[AliasRule]:
    if value is None:
        return []
    found = read_fields(value, (), "A file of gates", _BOOK)
    named = {
        name: _gate(inner, ("gates", name), name, {})
        for name, inner in found.get("gates", {}).items()
    }
    return [
        _rule(model, alias, inner, named)
        for model, aliases in found.get("models", {}).items()
        for alias, inner in aliases.items()
    ]


def _rule(model: str, alias: str, value: Any, named: dict[str, GateSpec]) -> AliasRule:
    path: Path = ("models", model, alias)
    if isinstance(value, list):
        return AliasRule(model=model, alias=alias, gates=_gates(value, path, named))
    noun = f"'{alias}' of '{model}'"
    found = read_fields(value, path, noun, _RULE)
    return AliasRule(
        model=model,
        alias=alias,
        gates=_gates(found.get("gates", []), (*path, "gates"), named),
        demand=found.get("approvals"),
    )


def _gates(
    value: list[Any], path: Path, named: dict[str, GateSpec]
) -> tuple[GateSpec, ...]:
    return tuple(_gate(one, (*path, at), None, named) for at, one in enumerate(value))


def _gate(
    value: Any, path: Path, name: str | None, named: dict[str, GateSpec]
) -> GateSpec:
    if isinstance(value, str):
        if value in named:
            return named[value]
        check = _expression(value, path, named)
        if check.needs_dataset:
            _refuse(
                "Groups need a dataset: write 'check:', 'dataset:', 'target:'.", path
            )
        return GateSpec(name=name or value, check=check)
    found = read_fields(value, path, "A gate", _GATE)
    kinds = [kind for kind in _KINDS if kind in found]
    if len(kinds) != 1:
        _refuse("A gate needs one of 'check', 'schema' and 'notebook'.", path)
    if kinds == ["check"]:
        found["check"] = _expression(found["check"], (*path, "check"), {})
    _check_dataset(found, path)
    told = found.pop("name", None) or name or _name_of(found)
    return GateSpec(name=told, **found)


def _check_dataset(found: dict[str, Any], path: Path) -> None:
    check = found.get("check")
    needs = check is not None and check.needs_dataset
    if (needs or "schema" in found) and "dataset" not in found:
        _refuse("This gate lacks 'dataset': the rows that it judges.", path)
    if needs and "target" not in found:
        _refuse("This gate lacks 'target': the column to be predicted.", path)


def _name_of(found: dict[str, Any]) -> str:
    if "check" in found:
        check: Expression = found["check"]
        return check.text
    if "schema" in found:
        return f"{found['dataset']} as in {found['schema']}"
    return str(found["notebook"])


def _expression(value: str, path: Path, named: dict[str, GateSpec]) -> Expression:
    try:
        return read_expression(value)
    except ExpressionFaultError as fault:
        reason = str(fault)
        if named and (hint := errors.nearest(value, named)).startswith(" Did you"):
            reason = f"No gate '{value}' is named here.{hint}"
        raise FieldFaultError(reason, path, offset=fault.position) from None


# --- fields ----------------------------------------------------------------------


def _items(value: Any, path: Path) -> list[Any]:
    if not isinstance(value, list):
        raise wrong("a list of gates, one a line: '- metrics.auc >= 0.9'", value, path)
    return value


def _named(value: Any, path: Path) -> dict[str, Any]:
    # A name that nothing stands below yet.
    return {} if value is None else mapping(value, path)


def _models(value: Any, path: Path) -> dict[str, dict[str, Any]]:
    found = _named(value, path)
    for model, aliases in found.items():
        _check_name(model, (*path, model), is_alias=False)
        for alias in mapping(aliases, (*path, model)):
            _check_name(alias, (*path, model, alias), is_alias=True)
    return found


def _check_name(name: str, path: Path, *, is_alias: bool) -> None:
    if name == ANY:
        return
    try:
        if is_alias:
            checked_alias(name)
        else:
            checked_file_name(name, "model")
    except errors.InvalidNameError as error:
        raise FieldFaultError(str(error), path, is_key=True) from None


def _demand(value: Any, path: Path) -> Demand:
    if isinstance(value, dict):
        return Demand(**read_fields(value, path, "'approvals'", _DEMAND))
    return Demand(count=_count(value, path))


def _count(value: Any, path: Path) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise wrong("a whole number of people", value, path)
    return value


def _source(value: Any, path: Path) -> str:
    if value not in SOURCES:
        raise wrong(f"one of {', '.join(SOURCES)}", value, path)
    return str(value)


def _seconds(value: Any, path: Path) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise wrong("seconds, a whole number above 0", value, path)
    return value


def _scalar(value: Any, path: Path) -> Any:
    if isinstance(value, dict | list) or value is None:
        raise wrong("one value", value, path)
    return value


_BOOK = {"gates": Field(_named), "models": Field(_models)}
_RULE = {"gates": Field(_items), "approvals": Field(_demand)}
_DEMAND = {
    "count": Field(_count, is_required=True),
    "own": Field(boolean),
    "told": Field(boolean),
    "source": Field(_source),
}
_GATE = {
    "name": Field(text),
    "check": Field(text),
    "schema": Field(text),
    "notebook": Field(text),
    "dataset": Field(text),
    "target": Field(text),
    "positive": Field(_scalar),
    "parameters": Field(mapping),
    "timeout": Field(_seconds),
}


# --- faults ----------------------------------------------------------------------


def _refuse(reason: str, path: Path) -> NoReturn:
    raise FieldFaultError(reason, path)


def _is_literal(said: str, place: Place, fault: FieldFaultError, value: Any) -> bool:
    """Tell whether the text stands at its place letter by letter, not quoted."""
    found = value
    for part in fault.path:
        found = found[part]
    line = said.splitlines()[place.line - 1]
    return bool(line[place.column - 1 :].startswith(str(found)))
