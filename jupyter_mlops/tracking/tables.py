"""Runs as a data frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from jupyter_mlops.store.index import RunTable


def frame_of(table: RunTable) -> pd.DataFrame:
    """Turn runs by column into a data frame.

    Returns
    -------
    DataFrame
        ``started`` as times in UTC; ``metrics.*`` and ``seconds`` as floats; a param
        that some runs lack keeps the types of the others, with None between them.
    """
    import pandas as pd

    columns: dict[str, Any] = {}
    for name, values in table.columns.items():
        if name == "started":
            columns[name] = pd.to_datetime(values, unit="us", utc=True)
        elif name == "seconds" or name.startswith("metrics."):
            columns[name] = pd.Series(values, dtype="float64")
        elif name.startswith("params.") and None in values:
            # Inferred, one missing value would turn integers into floats.
            columns[name] = pd.Series(values, dtype=object)
        else:
            columns[name] = values
    return pd.DataFrame(columns)
