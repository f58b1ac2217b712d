"""Rows from files: tables that gates judge by, and examples of a model's input."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors

if TYPE_CHECKING:
    from pathlib import Path

_READERS = {
    ".csv": "read_csv",
    ".tsv": "read_table",
    ".parquet": "read_parquet",
    ".feather": "read_feather",
    ".json": "read_json",
}
_ARRAY = ".npy"


def read_table(file: Path) -> Any:
    """Read a frame from a file, by its ending.

    Raises
    ------
    InvalidInputError
        When its ending is not known.
    """
    import pandas as pd

    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise errors.InvalidInputError(
            f"{file} is no table that is read here: {', '.join(_READERS)}.", path=file
        )
    return getattr(pd, reader)(file)


def read_rows(file: Path) -> Any:
    """Read a frame or an array from a file, by its ending; nothing is unpickled.

    Raises
    ------
    InvalidInputError
        When its ending is not known, or it cannot be read.
    """
    import numpy as np

    ending = file.suffix.lower()
    known = (*_READERS, _ARRAY)
    if ending not in known:
        raise errors.InvalidInputError(
            f"{file} holds no rows that are read here: {', '.join(known)}.", path=file
        )
    try:
        if ending == _ARRAY:
            return np.load(file, allow_pickle=False)
        if ending == ".json":
            found = json.loads(file.read_text(encoding="utf-8"))
            if isinstance(found, list) and found and not isinstance(found[0], dict):
                return np.asarray(found)
            import pandas as pd

            # Whereas `read_json` makes integers of 20.0, which are another kind.
            return pd.DataFrame(found)
        return read_table(file)
    except Exception as error:
        # Each reader has errors of its own for what is damaged.
        raise errors.InvalidInputError(
            f"{file} cannot be read as rows: {error}.", path=file
        ) from error
