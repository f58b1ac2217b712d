"""What a caller allows when a model is loaded; nothing is allowed by a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadWord:
    """The caller's word.

    Attributes
    ----------
    loader : str or None
        ``package.module:function`` that may be called for this model.
    allow_types : tuple of str
        Full names of further types that the model may hold.
    trusted_loaders : tuple of str
        Loaders that the workspace's settings allow for all models.
    """

    loader: str | None = None
    allow_types: tuple[str, ...] = ()
    trusted_loaders: tuple[str, ...] = ()
