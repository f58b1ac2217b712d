"""What a step's result depends on, as known before it runs; its key is their digest."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.masking import Masker
from jupyter_mlops.pipeline.versions.modules import LocalModules
from jupyter_mlops.store import events

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_mlops.pipeline.versions.notebook import NotebookText
    from jupyter_mlops.pipeline.versions.sources import Sources
    from jupyter_mlops.records import JsonValue

FORMAT = 1
"""Raised whenever the same facts get another meaning: all keys change then."""
_SHOWN = 80
_SECRET = 8


@dataclass(frozen=True)
class Facts:
    """What is known of a step before it runs.

    Attributes
    ----------
    notebook : str
        Its path, relative to the pipeline's folder: it works in its own folder.
    kernel : str
        Which one.
    cells : list of str
        Digest of each cell that runs.
    parameters : dict
        By name: digest of the value, and the value as it may be shown.
    inputs : dict
        By name: path, and digest of what is there.
    outputs : dict
        Paths by name.
    modules : dict
        Digests of local modules, by path.
    variables : dict
        Digests of environment variables that the code names.
    """

    notebook: str
    kernel: str
    cells: list[str]
    parameters: dict[str, list[str]] = field(default_factory=dict)
    inputs: dict[str, list[str]] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    parameter_position: int | None = None

    @cached_property
    def key(self) -> str:
        """One digest for all of it."""
        counted = self.to_json()
        counted["parameters"] = {
            name: digest for name, (digest, _) in self.parameters.items()
        }
        # Follows from the cells.
        del counted["parameter_position"]
        text = json.dumps([FORMAT, counted], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Facts:
        """Make it of plain values."""
        return cls(**found)


def parameter_facts(
    values: Mapping[str, JsonValue], secrets: Mapping[str, JsonValue] | None = None
) -> dict[str, list[str]]:
    """Return digest and shown form of each value.

    Parameters
    ----------
    secrets : mapping, optional
        The real values of those among `values` that are masked there: another secret
        may lead to other data, so it is another version.
    """
    told = {name: _parameter_fact(name, value) for name, value in values.items()}
    for name, value in (secrets or {}).items():
        if name in told:
            told[name][0] = _value_digest(value)[:_SECRET]
    return told


def _parameter_fact(name: str, value: JsonValue) -> list[str]:
    masker = Masker()
    masked = masker.named(name, value)
    shown = json.dumps(masked, ensure_ascii=False, default=str)[:_SHOWN]
    digest = _value_digest(value)
    # Of a secret enough to see a change, too little to find it by.
    return [digest[:_SECRET] if masker.count else digest, shown]


def _value_digest(value: JsonValue) -> str:
    # Names keep their order: code can see it.
    text = json.dumps(events.to_json(value), allow_nan=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def code_facts(
    notebook: NotebookText, folder: Path, sources: Sources
) -> tuple[dict[str, str], dict[str, str], LocalModules]:
    """Return digests of local modules and of variables, and what led to them.

    Parameters
    ----------
    folder : Path
        The pipeline's: paths within it are told relative to it.
    """
    local = LocalModules(notebook.path.parent, sources)
    local.follow(notebook.source(sources).mentions)
    return *module_facts(local, folder), local


def module_facts(
    local: LocalModules, folder: Path
) -> tuple[dict[str, str], dict[str, str]]:
    """Return digests of local modules by path, and of variables that code mentions."""
    modules = {
        shown_path(path, folder): digest for path, digest in local.digests.items()
    }
    variables = {
        name: _variable_digest(name) for name in sorted(local.mentions.variables)
    }
    return dict(sorted(modules.items())), variables


def shown_path(path: str, folder: Path) -> str:
    """Return a path relative to `folder` when it lies there."""
    within = f"{folder}/"
    return path.removeprefix(within)


def _variable_digest(name: str) -> str:
    value = os.environ.get(name)
    if value is None:
        return "unset"
    # Any of them may be a secret.
    data = f"{name}={value}".encode("utf-8", "surrogateescape")
    return hashlib.sha256(data).hexdigest()[:_SECRET]
