"""Models taken elsewhere and brought back: one file a system.

Every export target is a module with the same four names; see `Target`. What an
exported model needs where it runs is in ``parts/``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from jupyter_mlops.errors import InvalidInputError, nearest
from jupyter_mlops.interop import (
    container,
    mlflow_folder,
    onnx_file,
    open_inference,
    tensorflow_folder,
    torchserve_archive,
)

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.interop.taken import Taken


class Target(Protocol):
    """A form in which a version can be taken away."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a module's constant satisfies it
        """What ``--to`` calls it."""

    @property
    def FLAVORS(self) -> tuple[str, ...]:  # noqa: N802 - a module's constant satisfies it
        """The flavors that it takes."""

    def place(self, taken: Taken, output: Path, /) -> tuple[Path, bool]:
        """Return where it comes to lie for ``-o OUTPUT``, and whether as a folder."""

    def write(self, taken: Taken, target: Path, /) -> None:
        """Write it at `target`, which nobody else sees yet."""


TARGETS: dict[str, Target] = {
    target.NAME: target
    for target in (
        mlflow_folder,
        onnx_file,
        tensorflow_folder,
        torchserve_archive,
        open_inference,
        container,
    )
}


def target_named(name: str) -> Target:
    """Find a target.

    Raises
    ------
    InvalidInputError
        When there is none of this name; it lists what there is.
    """
    found = TARGETS.get(name)
    if found is None:
        raise InvalidInputError(
            f"A model cannot be exported to '{name}'.{nearest(name, TARGETS)}",
            target=name,
        )
    return found
