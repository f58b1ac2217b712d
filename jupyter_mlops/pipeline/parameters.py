"""A notebook's parameters: what it declares, and whether what is given fits.

All of this happens before a kernel starts. Reading the declaration out of the cell
is in ``parameter_cell``, making values of texts in ``parameter_values``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.capture.knownsecrets import MASK, SHORTEST
from jupyter_mlops.capture.redact import is_real
from jupyter_mlops.capture.secretnames import is_secret_name
from jupyter_mlops.pipeline.parameter_values import RawText, fitted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.records import JsonValue

__all__ = ["DeclaredParameters", "Parameter", "RawText", "check_parameters"]

_HOW_TO_TAG = (
    "In JupyterLab, select the cell that sets them, open the property inspector (the "
    "gears at the upper right) and add the cell tag 'parameters'."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One name that the cell tagged ``parameters`` binds.

    Attributes
    ----------
    kind : str
        ``int``, ``float``, ``bool``, ``str``, ``list``, ``dict``; empty when neither
        annotation nor default tells.
    default : JSON value
        Its value when `has_default`: the cell's literal.
    default_source : str
        The default as written; empty for a bare annotation.
    is_optional : bool
        None is a value, too.
    choices : tuple
        The only values allowed, when the annotation is a ``Literal``.
    help : str
        The comment behind it, else the ones above it.
    secret : str
        ``type`` or ``name``: what says that its value must be stored nowhere.
    """

    name: str
    kind: str = ""
    default: Any = None
    has_default: bool = False
    default_source: str = ""
    is_optional: bool = False
    choices: tuple[Any, ...] = ()
    help: str = ""
    secret: str = ""

    @property
    def is_required(self) -> bool:
        """Annotated without a value: it has to be given."""
        return not self.default_source

    @property
    def is_secret(self) -> bool:
        """Its value is stored nowhere."""
        return self.secret != ""

    @property
    def is_marked(self) -> bool:
        """It is secret by its type, not only by its name."""
        return self.secret.startswith("type")

    @property
    def shown_default(self) -> str:
        """The default as it may be shown; empty for none."""
        is_shown = not self.is_secret or self.default in (None, "")
        return self.default_source if is_shown else MASK


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredParameters:
    """What a notebook declares.

    Attributes
    ----------
    notebook : str
        Its path as the user gave it, for errors.
    has_cell : bool
        Whether a cell is tagged ``parameters``.
    is_python : bool
        Cells of other languages are not read: their parameters stay unchecked.
    """

    notebook: str
    by_name: dict[str, Parameter] = field(default_factory=dict)
    has_cell: bool = True
    is_python: bool = True

    def effective(self, given: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """Return what the notebook runs with: its literal defaults under `given`.

        It is for records and keys: secrets are masked.
        """
        return {
            name: MASK if self._is_secret(name) and value not in (None, "") else value
            for name, value in self._values(given).items()
        }

    def secrets(self, given: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """Return the secrets that it runs with, by name.

        A default is none if only its name says so, and it rather is a placeholder.
        """
        found = {}
        for name, value in self._values(given).items():
            item = self.by_name.get(name)
            is_ours = name in given or item is None or item.is_marked
            if self._is_secret(name) and (is_ours or is_real(str(value), name)):
                found[name] = value
        return {name: value for name, value in found.items() if value}

    def _values(self, given: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        known = self.by_name.values()
        values = {item.name: item.default for item in known if item.has_default}
        return {**values, **given}

    def _is_secret(self, name: str) -> bool:
        item = self.by_name.get(name)
        return is_secret_name(name) if item is None else item.is_secret


def check_parameters(
    declared: DeclaredParameters, given: Mapping[str, Any]
) -> dict[str, JsonValue]:
    """Check and convert what is given, before anything starts.

    Parameters
    ----------
    declared : DeclaredParameters
        What the notebook takes.
    given : mapping
        Values by name. A `RawText`, as typed on a command line, is converted to the
        declared kind; other values must be of it.

    Returns
    -------
    dict
        The given names with values of the declared kinds.

    Raises
    ------
    UnknownParameterError
        On a name that the notebook does not declare.
    InvalidParameterError
        On a value of another kind, or when a required one is missing.
    """
    if declared.is_python:
        for name in given:
            _check_known(declared, name)
    missing = [
        item.name
        for item in declared.by_name.values()
        if item.is_required and item.name not in given
    ]
    if missing:
        raise errors.InvalidParameterError(
            f"{declared.notebook} needs a value for '{missing[0]}', which it declares "
            f"without one. Give it, as in '-p {missing[0]} VALUE'.",
            name=missing[0],
            notebook=declared.notebook,
        )
    checked = {}
    for name, value in given.items():
        item = declared.by_name.get(name) or Parameter(name=name)
        checked[name] = _checked(declared, item, value)
    return checked


def _check_known(declared: DeclaredParameters, name: str) -> None:
    if name in declared.by_name:
        return
    known = sorted(declared.by_name)
    if declared.has_cell:
        reason = f"has no parameter '{name}'.{errors.nearest(name, known)}"
        if not known:
            reason += " Its cell tagged 'parameters' sets no names."
    else:
        reason = f"tags no cell 'parameters', so it takes none, not '{name}' either."
        reason = f"{reason} {_HOW_TO_TAG}"
    raise errors.UnknownParameterError(
        f"{declared.notebook} {reason}",
        name=name,
        known=known,
        notebook=declared.notebook,
    )


def _checked(declared: DeclaredParameters, item: Parameter, value: Any) -> JsonValue:
    try:
        found = fitted(value, item.kind, is_optional=item.is_optional)
    except ValueError as error:
        reason = f"must be {error}"
    else:
        if item.is_marked and 0 < len(str(found or "")) < SHORTEST:
            reason = f"is a secret, and must have {SHORTEST} letters to be masked"
        elif not item.choices or found in item.choices:
            return found
        else:
            choices = ", ".join(repr(choice) for choice in item.choices)
            reason = f"must be one of {choices}"
    shown = str(value) if isinstance(value, RawText) else repr(value)
    shown = MASK if item.is_secret else shown
    default = f" (its default is {item.shown_default})" if item.default_source else ""
    raise errors.InvalidParameterError(
        f"The parameter '{item.name}' of {declared.notebook} {reason}{default}, not "
        f"{shown[:80]}.",
        name=item.name,
        value=MASK if item.is_secret else value,
        kind=item.kind,
        notebook=declared.notebook,
    )
