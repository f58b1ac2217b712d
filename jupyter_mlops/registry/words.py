"""What a caller allows when a model is loaded; nothing is allowed by a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    allow_pickle : bool
        Unpickle: whoever wrote the file decides what runs.
    allow_code : bool
        Run the source of classes that is kept with the model.
    custom_objects : mapping
        The caller's own classes and functions, by the names that the model uses.
    """

    loader: str | None = None
    allow_types: tuple[str, ...] = ()
    trusted_loaders: tuple[str, ...] = ()
    allow_pickle: bool = False
    allow_code: bool = False
    custom_objects: Mapping[str, Any] = field(default_factory=dict)
