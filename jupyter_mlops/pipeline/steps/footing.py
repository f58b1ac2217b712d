"""What a copy of a step's process stands on: how things were around when it was made.

What the process itself has met it compares by itself (`steps.witness`). Here is what
the runner knows: the step's version, files that the code names, its outputs so far.
"""

from __future__ import annotations

import hashlib
import math
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from jupyter_mlops.capture.files.states import stamp_of
from jupyter_mlops.pipeline.steps.seen import named_files, places_of
from jupyter_mlops.pipeline.versions.facts import Facts, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jupyter_mlops.pipeline.steps.look import Look

_SHORT = 16


@dataclass(frozen=True, kw_only=True)
class Footing:
    """How things were.

    Attributes
    ----------
    folder : str
        The pipeline's.
    executable : str
        The interpreter that the step's kernel had.
    facts : dict
        What the step depended on, as known before it ran.
    began : int
        When its first cell ran, by the clock that files are stamped with.
    environ : dict
        Digests of the runner's variables.
    named : dict
        What the code names: state by path, none where there was no file.
    outputs : dict
        Mark of each output by name, none where it was not yet written.
    """

    folder: str
    executable: str
    facts: dict[str, Any]
    began: int
    environ: dict[str, str]
    named: dict[str, list[int] | None]
    outputs: dict[str, str | None]

    @classmethod
    def under(
        cls, look: Look, folder: Path, *, began: int, environ: dict[str, str]
    ) -> Self:
        """Say what a copy made now would stand on."""
        declared = places_of((*look.outputs.values(), *look.inputs.values()), folder)
        return cls(
            folder=str(folder),
            executable=look.executable,
            facts=look.facts.to_json(),
            began=began,
            environ=environ,
            named={path: _state(path) for path in named_files(look, declared)},
            outputs=marks_of(look.outputs, folder),
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """Make it again."""
        return cls(**told)

    def differences(self, look: Look, folder: Path) -> Iterator[str]:
        """Say what is otherwise now, apart from the cells themselves."""
        before, now = Facts.from_json(self.facts), look.facts
        if (self.folder, self.executable) != (str(folder), look.executable):
            yield "the pipeline's folder or Python is another one"
        for word in ("notebook", "kernel", "outputs"):
            if getattr(before, word) != getattr(now, word):
                yield f"its {word} changed"
        yield from _values(before, now)
        yield from self._variables(before, now)
        for path in now.modules.keys() - before.modules.keys():
            if _came(path, folder) >= self.began:
                yield f"the module {path} is new"
        for path, state in self.named.items():
            if _state(path) != state:
                shown = shown_path(path, folder)
                yield f"{shown}, which its code names, changed"

    def _variables(self, before: Facts, now: Facts) -> Iterator[str]:
        for name in before.variables.keys() & now.variables.keys():
            if before.variables[name] != now.variables[name]:
                yield f"the environment variable {name} changed"
        environ = environ_digests()
        # Named by cells that are new: the copy has it as it was when the step began.
        for name in {*(now.variables.keys() - before.variables.keys()), "PYTHONPATH"}:
            if environ.get(name) != self.environ.get(name):
                yield f"the environment variable {name} changed"


def environ_digests() -> dict[str, str]:
    """Return a digest of each environment variable: any of them may be a secret."""
    return {
        name: _digest(f"{name}={value}".encode("utf-8", "surrogateescape"))
        for name, value in os.environ.items()
    }


def marks_of(outputs: Mapping[str, str], folder: Path) -> dict[str, str | None]:
    """Return by name what any change of an output on disk changes."""
    return {name: _mark(os.fspath(folder / path)) for name, path in outputs.items()}


def _values(before: Facts, now: Facts) -> Iterator[str]:
    for name in sorted(before.parameters.keys() | now.parameters.keys()):
        # The digest comes first, then the value as it may be shown.
        here, there = (facts.parameters.get(name, [""])[0] for facts in (before, now))
        if here != there:
            yield f"its parameter '{name}' changed"
    for name in sorted(before.inputs.keys() | now.inputs.keys()):
        if before.inputs.get(name) != now.inputs.get(name):
            yield f"its input '{name}' changed"


def _came(path: str, folder: Path) -> float:
    """Return when a file came to its place, with a folder around it perhaps."""
    if os.path.isabs(path):  # noqa: PTH117 - a text, as in facts
        return math.inf
    times = []
    while path:
        stamp = stamp_of(os.path.join(folder, path))  # noqa: PTH118 - as above
        times.append(math.inf if stamp is None else stamp[3])
        path = os.path.dirname(path)  # noqa: PTH120 - as above
    return max(times, default=math.inf)


def _state(path: str) -> list[int] | None:
    stamp = stamp_of(path)
    return None if stamp is None else list(stamp)


def _mark(path: str) -> str | None:
    if not os.path.lexists(path):
        return None
    states = [(path, os.path.islink(path), stamp_of(path))]  # noqa: PTH114 - texts are at hand, and many
    for here, folders, files in os.walk(path):
        for name in (*folders, *files):
            inside = os.path.join(here, name)  # noqa: PTH118 - as above
            states.append((inside, os.path.islink(inside), stamp_of(inside)))  # noqa: PTH114 - as above
    return _digest(repr(sorted(states, key=lambda item: item[0])).encode())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:_SHORT]
