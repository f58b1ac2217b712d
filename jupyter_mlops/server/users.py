"""Who asks, by a name that a model's history may bear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.identity import IdentityProvider, PasswordIdentityProvider

from jupyter_mlops.registry import Identity, who_am_i

if TYPE_CHECKING:
    from jupyter_server.base.handlers import JupyterHandler

SOURCE = "jupyter"
_NAMELESS = (IdentityProvider, PasswordIdentityProvider)
"""They know that somebody has the token or the password, and not who: the name that
they give is drawn by lot, or chosen by whoever asks."""


def identity_of(handler: JupyterHandler) -> Identity:
    """Say who asks.

    The server's own user counts where an identity provider vouches for the name
    (JupyterHub's, a company's). Elsewhere whoever may ask is the one who runs the
    server, and is named as on the command line: by the hub, the system or git.
    """
    name = getattr(handler.current_user, "username", None)
    is_nameless = type(handler.identity_provider) in _NAMELESS
    if is_nameless or not isinstance(name, str) or name in ("", "anonymous"):
        return who_am_i()
    return Identity(name, SOURCE)
