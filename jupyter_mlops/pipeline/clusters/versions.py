"""Whether a cluster's workers have what this machine has: Python and distributions."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from jupyter_mlops.capture.distributions import (
    distributions_behind,
    installed_distributions,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PYTHON = "Python"
_ALWAYS = ("jupyter-mlops", "ipython", "ipykernel")


def versions_of(modules: Iterable[str]) -> dict[str, str]:
    """Return the versions of Python and of what provides `modules` here."""
    installed = installed_distributions()
    found = {name: installed[name] for name in _ALWAYS if name in installed}
    found |= distributions_behind(modules)
    return {_PYTHON: platform.python_version(), **dict(sorted(found.items()))}


def differences(wanted: Mapping[str, str], where: str) -> list[str]:
    """Say which versions here are not those that are wanted.

    Parameters
    ----------
    wanted : mapping
        As `versions_of` returned it on another machine.
    where : str
        What to call this machine.
    """
    installed = {_PYTHON: platform.python_version(), **installed_distributions()}
    found = []
    for name, version in wanted.items():
        own = installed.get(name)
        if own is None:
            found.append(f"{name} {version} is not installed on {where}")
        elif own != version:
            found.append(f"{name} is {own} on {where}, {version} here")
    return found
