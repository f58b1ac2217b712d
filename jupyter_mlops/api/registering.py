"""Models in the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.api.place import here

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from jupyter_mlops.records import VersionRecord


def register_model(uri: str, name: str, *, note: str | None = None) -> VersionRecord:
    """Make a run's model the next version of a registered one.

    Parameters
    ----------
    uri : str
        ``runs:/<run id>/<artifact>``, or a run that keeps one model only.
    name : str
        The model's name in the registry.
    note : str, optional
        Kept with the version.
    """
    return here().models.push(uri, name, note=note)


def load_model(
    uri: str, *, loader: str | None = None, allow_types: Sequence[str] = ()
) -> Any:
    """Load a model by its URI, ``models:/`` or ``runs:/``.

    Every byte is verified first, and nothing is unpickled.

    Parameters
    ----------
    uri : str
        ``models:/<name>@<alias>``, ``models:/<name>/<version>``, or
        ``runs:/<run id>/<artifact>``.
    loader : str, optional
        For models kept as bytes with a loader: its ``package.module:function``, said
        again as the word that it may be called.
    allow_types : sequence of str, optional
        Further types that the model may hold, beside those of its own library.

    Raises
    ------
    UnsafeModelError
        When loading would run code that was not allowed.
    """
    return here().models.load(uri, loader=loader, allow_types=allow_types)


def models() -> pd.DataFrame:
    """Return the registered models as a table, one row a model."""
    return here().models.table()
