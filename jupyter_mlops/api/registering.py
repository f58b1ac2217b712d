"""Models in the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.api.place import here

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from jupyter_mlops.records import VersionRecord


def register_model(
    uri: str,
    name: str,
    *,
    note: str | None = None,
    example: Any = None,
    onnx: bool | None = None,
    allow_pickle: bool = False,
) -> VersionRecord:
    """Make a run's model the next version of a registered one.

    Parameters
    ----------
    uri : str
        ``runs:/<run id>/<artifact>``, or a run that keeps one model only.
    name : str
        The model's name in the registry.
    note : str, optional
        Kept with the version.
    example : frame-like or str, optional
        Rows that the model takes. They give its signature where no fit was seen in a
        tracked cell; a few are kept, masked. A text names an object of the run, or a
        file.
    onnx : bool, optional
        With ONNX beside a scikit-learn model, or without; else as the run has it.
    allow_pickle : bool
        Register it though loading it unpickles; the version is marked so for ever.
    """
    return here().models.push(
        uri, name, note=note, example=example, onnx=onnx, allow_pickle=allow_pickle
    )


def load_model(
    uri: str,
    *,
    loader: str | None = None,
    allow_types: Sequence[str] = (),
    custom_objects: Mapping[str, Any] | None = None,
    allow_code: bool = False,
    allow_pickle: bool = False,
) -> Any:
    """Load a model by its URI, ``models:/`` or ``runs:/``.

    Every byte is verified first. Nothing is unpickled, imported or run that these words
    do not allow.

    Parameters
    ----------
    uri : str
        ``models:/<name>@<alias>``, ``models:/<name>/<version>``, or
        ``runs:/<run id>/<artifact>``.
    loader : str, optional
        For models kept as bytes with a loader: its ``package.module:function``, said
        again as the word that it may be called.
    allow_types : sequence of str
        Further types that the model may hold, beside those of its own library, by
        their full names; they are imported.
    custom_objects : mapping, optional
        Classes and functions of your own that the model is made of, by their names.
        For PyTorch also an instance of the whole model, to be filled with weights.
    allow_code : bool
        Run the source of classes that is kept with a PyTorch model.
    allow_pickle : bool
        Unpickle: whatever the model's maker put there is run.

    Returns
    -------
    LoadedModel
        The model itself in all but `predict`, which takes frames, arrays, dicts of
        columns and lists of records, and says which column does not fit. `unwrap`
        returns the bare object.

    Raises
    ------
    UnsafeModelError
        When loading would run code that was not allowed.
    """
    return here().models.load(
        uri,
        loader=loader,
        allow_types=allow_types,
        custom_objects=dict(custom_objects or {}),
        allow_code=allow_code,
        allow_pickle=allow_pickle,
    )


def models() -> pd.DataFrame:
    """Return the registered models as a table, one row a model."""
    return here().models.table()
