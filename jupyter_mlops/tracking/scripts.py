"""A script's source, kept with the runs that it begins, so that it can run again."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.tracking.artifacts import record_own_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.records import JsonValue
    from jupyter_mlops.store.store import Store
    from jupyter_mlops.tracking.run import Run

ARTIFACT = "script.py"
OBSERVATION = "script"
_LARGEST = 1_000_000
_begun = 0


@dataclass(frozen=True, kw_only=True)
class ScriptCall:
    """How a script was called.

    Attributes
    ----------
    path, folder : str
        The script, and the working directory; relative to the project, if within.
    arguments : tuple of str
        After the script's name.
    place : int
        Which of the runs that the script began, from 0.
    """

    path: str
    folder: str
    arguments: tuple[str, ...] = ()
    place: int = 0

    @classmethod
    def from_json(cls, told: JsonValue) -> ScriptCall:
        """Read what was observed."""
        assert isinstance(told, dict)
        fields: dict[str, Any] = dict(told)
        return cls(**fields | {"arguments": tuple(fields["arguments"])})


def keep_script(run: Run, store: Store) -> None:
    """Keep the source of the script that runs in this process with one of its runs.

    Nothing is kept where no script runs: in kernels, consoles and piped code.
    """
    global _begun
    path = _script()
    if path is None:
        return
    # Counts the runs of this process, in their order.
    place, _begun = _begun, _begun + 1
    try:
        source = path.read_text("utf-8", "surrogateescape")
    except OSError:
        return
    data = run.masker.text(source).encode("utf-8", "surrogateescape")
    record_own_file(run, ARTIFACT, data, store.put_soon)
    project = store.layout.project
    told: Mapping[str, JsonValue] = {
        "path": _within(path, project),
        "folder": _within(Path.cwd(), project),
        "arguments": list(sys.argv[1:]),
        "place": place,
    }
    run.observe(OBSERVATION, dict(told))


def _script() -> Path | None:
    main = sys.modules.get("__main__")
    told = getattr(main, "__file__", None)
    if told is None or not str(told).endswith(".py") or "ipykernel" in sys.modules:
        return None
    # As Python was called: __main__ may be a launcher or a test's runner.
    path = Path(os.path.abspath(told))  # noqa: PTH100 - resolve() would follow a user's links
    is_script = getattr(main, "__spec__", None) is None and path.is_file()
    return path if is_script and path.stat().st_size <= _LARGEST else None


def _within(path: Path, project: Path) -> str:
    return str(path.relative_to(project) if path.is_relative_to(project) else path)
