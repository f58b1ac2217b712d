"""Tables in any form, as the frame that a model takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.kinship import is_of
from jupyter_mlops.capture.profile.frame import text_of
from jupyter_mlops.registry.signatures.columns import converted
from jupyter_mlops.registry.signatures.numbers import UnfitError
from jupyter_mlops.registry.signatures.refusals import refusal

if TYPE_CHECKING:
    from jupyter_mlops.registry.signatures.signature import Column, Signature

_TABLE_AXES = 2


def table_from(data: Any, signature: Signature) -> Any:
    """Return data in the model's own form, its columns checked and in order.

    Raises
    ------
    InvalidModelInputError
        When columns are missing, unexpected or of another kind.
    """
    frame = frame_from(data, signature)
    labels = {text_of(label): label for label in frame.columns}
    problems = _names(labels, signature)
    columns: dict[Any, Any] = {}
    for column in signature.columns:
        if column.name in labels:
            label = labels[column.name]
            try:
                columns[label] = converted(frame[label], column)
            except UnfitError as error:
                problems[column.name] = str(error)
        elif column.optional:
            columns[column.name] = _empty(frame, column)
    if problems:
        raise refusal(problems)
    return _in_form(_same_or_new(frame, columns), data, signature)


def frame_from(data: Any, signature: Signature) -> Any:
    """Return data as a pandas DataFrame; its columns are not looked at.

    Raises
    ------
    InvalidModelInputError
        When it is no table, or an array of another width.
    """
    import pandas as pd

    if is_of(data, "pandas.DataFrame"):
        return data
    if is_of(data, "polars.DataFrame", "pyarrow.Table"):
        return data.to_pandas()
    try:
        if is_of(data, "polars.Series"):
            data = data.to_pandas()
        if is_of(data, "pandas.Series"):
            return _of_series(data, signature)
        if isinstance(data, dict):
            is_record = all(_is_scalar(value) for value in data.values())
            return pd.DataFrame([data] if is_record else data)
        if isinstance(data, list | tuple) and data and isinstance(data[0], dict):
            return pd.DataFrame.from_records(list(data))
        return _of_array(data, signature)
    except (ValueError, TypeError) as error:
        raise refusal({"": f"it makes no table: {error}"}) from error


def _of_series(series: Any, signature: Signature) -> Any:
    names = signature.names
    if len(names) == 1 and names[0] not in [text_of(key) for key in series.index]:
        return series.to_frame(names[0] if series.name is None else series.name)
    # One row, by the names of its values.
    return series.to_frame().T.infer_objects()


def _of_array(data: Any, signature: Signature) -> Any:
    import numpy as np
    import pandas as pd

    names = signature.names
    plain = data.detach().cpu() if hasattr(data, "detach") else data
    array = np.asarray(plain, dtype=object if _is_mixed(data) else None)
    if array.ndim == 1 and len(names) == 1:
        array = array.reshape(-1, 1)
    if array.ndim != _TABLE_AXES or array.shape[1] != len(names):
        raise refusal(
            {
                "": f"an array of shape {array.shape} was given; the model takes "
                f"(rows, {len(names)}): {', '.join(names[:8])}"
                f"{', …' if len(names) > 8 else ''}"  # noqa: PLR2004 - a line's worth of names
            }
        )
    return pd.DataFrame(array, columns=names)


def _is_mixed(data: Any) -> bool:
    """Tell whether rows hold texts beside numbers: NumPy would make all of it text."""
    if not isinstance(data, list | tuple) or not data:
        return False
    row = data[0] if isinstance(data[0], list | tuple) else data
    return any(isinstance(value, str) or value is None for value in row)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | bytes) or not hasattr(value, "__len__")


def _names(labels: dict[str, Any], signature: Signature) -> dict[str, str]:
    known = {column.name: column for column in signature.columns}
    problems = {
        name: "is missing"
        for name, column in known.items()
        if name not in labels and not column.optional
    }
    lost = list(problems)
    for name in labels:
        if name not in known:
            problems[name] = f"is not expected{_meant(name, lost)}"
    return problems


def _meant(name: str, lost: list[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name, lost, n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


def _empty(frame: Any, column: Column) -> Any:
    import pandas as pd

    is_number = column.kind in ("integer", "float")
    empty = pd.Series(float("nan") if is_number else None, index=frame.index)
    return converted(empty if is_number else empty.astype(object), column)


def _same_or_new(frame: Any, columns: dict[Any, Any]) -> Any:
    import pandas as pd

    is_same = list(columns) == list(frame.columns) and all(
        part.dtype == frame[label].dtype for label, part in columns.items()
    )
    return frame if is_same else pd.DataFrame(columns, index=frame.index)


def _in_form(frame: Any, data: Any, signature: Signature) -> Any:
    container = signature.container
    if container.endswith(".Series"):
        return frame.iloc[:, 0]
    if container == "builtins.list":
        is_plain = signature.names == ["x0"]
        return frame.iloc[:, 0].tolist() if is_plain else frame.to_dict("records")
    if container.startswith("polars.") and is_of(data, "polars.DataFrame"):
        import polars

        return data if frame is data else polars.from_pandas(frame)
    return frame
