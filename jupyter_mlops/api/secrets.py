"""What marks a parameter as secret."""

from __future__ import annotations

from typing import Any


class Secret(str):
    """A text that is not shown by accident; as an annotation, a secret parameter.

    In the cell tagged ``parameters``, ``token: mlops.Secret`` is required,
    ``token: mlops.Secret = ""`` is not, and ``pin: mlops.Secret[int]`` is a secret
    number. What a batch run is given for it is masked wherever the run is stored.

    Examples
    --------
    >>> print(repr(Secret("hunter2")))
    <masked:secret>
    """

    __slots__ = ()

    def __class_getitem__(cls, kind: Any) -> Any:
        """Say of what kind the secret is; as an annotation alone it means something."""
        return kind

    def __repr__(self) -> str:
        """Return a mask in its place."""
        return "<masked:secret>"
