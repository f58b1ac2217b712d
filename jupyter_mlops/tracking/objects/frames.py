"""Tables, kept as parquet: pandas and polars frames and series, pyarrow tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.kinship import is_of
from jupyter_mlops.errors import UnstorableObjectError

if TYPE_CHECKING:
    from pathlib import Path

NAME = "frame"
_PANDAS = ("pandas.DataFrame", "pandas.Series")
_POLARS = ("polars.DataFrame", "polars.Series")


def matches(value: Any) -> bool:
    """Take the tables of pandas, polars and pyarrow."""
    return is_of(value, *_PANDAS, *_POLARS, "pyarrow.Table")


def write(value: Any, folder: Path, stem: str) -> dict[str, Any]:
    """Write one parquet file; a dict of columns or a list of rows is a table, too.

    Raises
    ------
    UnstorableObjectError
        When parquet has no form for a column.
    """
    path = folder / f"{stem}.parquet"
    try:
        if is_of(value, *_POLARS):
            return _write_polars(value, path)
        if is_of(value, "pyarrow.Table"):
            return _write_arrow(value, path)
        return _write_pandas(value, path)
    except (TypeError, ValueError) as error:
        # pyarrow's own errors inherit from these two.
        raise UnstorableObjectError(
            f"'{stem}' cannot be kept as a table: {error}. Convert the column, or keep "
            f"the object in a file and use log_artifact.",
            name=stem,
        ) from error


def read(folder: Path, meta: dict[str, Any]) -> Any:
    """Read the table back into the library that it came from."""
    path = folder / meta["file"]
    library = meta.get("library", "pandas")
    if library == "polars":
        import polars

        frame = polars.read_parquet(path)
        return frame.to_series(0) if meta.get("is_series") else frame
    if library == "pyarrow":
        import pyarrow.parquet

        return pyarrow.parquet.read_table(path)
    import pandas as pd

    frame = pd.read_parquet(path)
    if meta.get("is_series"):
        return frame.iloc[:, 0].rename(meta.get("series_name"))
    return frame


def _write_pandas(value: Any, path: Path) -> dict[str, Any]:
    import pandas as pd

    is_series = isinstance(value, pd.Series)
    frame = value.to_frame("values") if is_series else pd.DataFrame(value)
    frame.to_parquet(path)
    meta = _shape(frame.shape, {str(k): str(t) for k, t in frame.dtypes.items()})
    meta["library"] = "pandas"
    if is_series:
        meta["is_series"] = True
        meta["series_name"] = None if value.name is None else str(value.name)
    return meta


def _write_polars(value: Any, path: Path) -> dict[str, Any]:
    is_series = is_of(value, "polars.Series")
    frame = value.to_frame() if is_series else value
    frame.write_parquet(path)
    meta = _shape(frame.shape, {name: str(t) for name, t in frame.schema.items()})
    return meta | {"library": "polars", "is_series": is_series}


def _write_arrow(value: Any, path: Path) -> dict[str, Any]:
    import pyarrow.parquet

    pyarrow.parquet.write_table(value, path)
    types = {item.name: str(item.type) for item in value.schema}
    return _shape(value.shape, types) | {"library": "pyarrow"}


def _shape(shape: tuple[int, ...], columns: dict[str, str]) -> dict[str, Any]:
    return {"shape": list(shape), "columns": columns}
