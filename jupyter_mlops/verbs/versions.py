"""A registered version, and what has just been done with it, as an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_mlops.errors import VersionNotFoundError
from jupyter_mlops.verbs import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.workspace import Workspace


@dataclass(frozen=True)
class OneVersion:
    """A version, and what has just been done with it."""

    version: VersionRecord
    said: str
    notes: Sequence[RenderableType] = ()
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> VersionRecord:
        """Return the version."""
        return self.version

    def render(self) -> RenderableType:
        """Return one line, and what is to be minded below it."""
        from rich.console import Group

        return Group(shown.text(self.said), *self.notes)


def latest_of(workspace: Workspace, name: str) -> int:
    """Return the number of a model's latest version that is not archived.

    Raises
    ------
    ModelNotFoundError, VersionNotFoundError
        When there is no such model, or none of its versions is in use.
    """
    for version in reversed(workspace.registry.versions(name)):
        if not version.archived:
            return version.version
    raise VersionNotFoundError(
        f"All versions of '{name}' are archived. Bring one back: "
        f"'jupyter mlops archive {name} VERSION --undo'.",
        model=name,
    )
