"""The URIs of models and artifacts, read into small values; nothing is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from jupyter_mlops.errors import InvalidNameError, InvalidUriError
from jupyter_mlops.ids import run_id_prefix
from jupyter_mlops.store.layout import checked_file_name
from jupyter_mlops.store.manifest import checked_path

EXAMPLES = "'models:/churn@champion', 'models:/churn/3' or 'runs:/01jd3k/model'"
_SCHEME = re.compile(r"(runs|models):/(.*)", re.DOTALL)
_RUN = re.compile(r"[0-9A-Za-z]{1,26}")
_VERSION_DIGITS = 9


@dataclass(frozen=True, slots=True)
class RunUri:
    """``runs:/<run id or prefix>/<artifact>``; without artifact: its only model."""

    run: str
    artifact: str | None = None

    def __str__(self) -> str:
        tail = f"/{self.artifact}" if self.artifact else ""
        return f"runs:/{self.run}{tail}"


@dataclass(frozen=True, slots=True)
class VersionUri:
    """``models:/<name>/<version>``."""

    model: str
    version: int

    def __str__(self) -> str:
        return f"models:/{self.model}/{self.version}"


@dataclass(frozen=True, slots=True)
class AliasUri:
    """``models:/<name>@<alias>``."""

    model: str
    alias: str

    def __str__(self) -> str:
        return f"models:/{self.model}@{self.alias}"


Uri = RunUri | VersionUri | AliasUri


def parse_uri(text: str) -> Uri:
    """Read a URI.

    Raises
    ------
    InvalidUriError
        When it is none, or a name in it would leave the folder.
    """
    found = _SCHEME.fullmatch(text.strip())
    if found is None or found[2].startswith("/"):
        _refuse(text, "it starts with neither 'models:/' nor 'runs:/'")
    try:
        if found[1] == "runs":
            return _run_uri(text, found[2])
        return _model_uri(text, found[2])
    except InvalidNameError as error:
        raise InvalidUriError(
            f"{text!r} cannot be used: {error}", uri=text, reason=str(error)
        ) from error


def parse_model_uri(text: str) -> VersionUri | AliasUri:
    """Read the URI of a registered version.

    Raises
    ------
    InvalidUriError
        When it is none.
    """
    uri = parse_uri(text)
    if isinstance(uri, RunUri):
        _refuse(text, "it names a run's artifact, not a registered model")
    return uri


def checked_alias(alias: str) -> str:
    """Return `alias` if it can name one.

    Raises
    ------
    InvalidNameError
        When it cannot, or could be mistaken for a version's number.
    """
    checked_file_name(alias, "alias")
    if alias.isdigit():
        raise InvalidNameError(
            f"{alias!r} cannot name an alias: it reads like a version's number. Use "
            f"a word, such as 'champion'.",
            name=alias,
            noun="alias",
        )
    return alias


def _run_uri(text: str, rest: str) -> RunUri:
    run, slash, artifact = rest.partition("/")
    if not _RUN.fullmatch(run):
        _refuse(text, f"{run!r} is no run id")
    run = run if run == "last" else run_id_prefix(run)
    return RunUri(run, checked_path(artifact) if slash else None)


def _model_uri(text: str, rest: str) -> VersionUri | AliasUri:
    name, at, alias = rest.partition("@")
    if at:
        return AliasUri(checked_file_name(name, "model"), checked_alias(alias))
    name, slash, version = rest.partition("/")
    if not slash:
        _refuse(text, "it names no version and no alias")
    is_number = version.isascii() and version.isdigit()
    if not is_number or len(version) > _VERSION_DIGITS or int(version) == 0:
        _refuse(text, f"{version!r} is no version's number")
    return VersionUri(checked_file_name(name, "model"), int(version))


def _refuse(text: str, reason: str) -> NoReturn:
    raise InvalidUriError(
        f"{text!r} is no model URI: {reason}. Write {EXAMPLES}.",
        uri=text,
        reason=reason,
    )
