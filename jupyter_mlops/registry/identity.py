"""Who does something to a model, and how we know."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHARED = frozenset({"root", "jovyan", "nobody", "user", "app", "ubuntu", "vscode"})
"""Users of the system that many people are at once: git may know better."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A person's name and where it was found.

    Attributes
    ----------
    source : str
        ``told``, ``jupyter`` (the server's user), ``jupyterhub``, ``git``, ``system``
        or ``unknown``.
    """

    name: str
    source: str


def who_am_i(
    told: str | None = None, environ: Mapping[str, str] | None = None
) -> Identity:
    """Find out who is at work.

    Parameters
    ----------
    told : str, optional
        A name that the caller knows, such as the Jupyter Server's user; it wins.
    environ : mapping, optional
        The environment.
    """
    environ = os.environ if environ is None else environ
    if told:
        return Identity(told, "told")
    if hub := environ.get("JUPYTERHUB_USER"):
        return Identity(hub, "jupyterhub")
    system = _system_user()
    if (system is None or system in _SHARED) and (git := _git_user()):
        return Identity(git, "git")
    if system is not None:
        return Identity(system, "system")
    return Identity("unknown", "unknown")


def identified(by: Identity | str | None) -> Identity:
    """Return who is meant; found out when not told."""
    return by if isinstance(by, Identity) else who_am_i(by)


def _system_user() -> str | None:
    """Return the user whose process this is, whatever the environment says."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (KeyError, ImportError):
        # A container may run under a number that has no name.
        return _user_of_environment()


def _user_of_environment() -> str | None:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return None


def _git_user() -> str | None:
    for key in ("user.email", "user.name"):
        try:
            found = subprocess.run(
                ["git", "config", "--get", key],
                capture_output=True,
                text=True,
                timeout=5,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        if text := found.stdout.strip():
            return text
    return None
