"""Numbers from one type to another, only where no value changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_mlops.registry.signatures.signature import Column


class UnfitError(Exception):
    """A column does not fit; the text goes on after its name."""


def as_numbers(series: Any, column: Column) -> Any:
    """Return a pandas Series of numbers in the column's own type.

    Raises
    ------
    UnfitError
        When a value would change, or is missing where whole numbers are taken.
    """
    wanted = plain_dtype(column.dtype)
    if wanted is None or wanted.kind not in "iuf" or series.dtype == wanted:
        return series
    if wanted.kind == "f":
        as_floats(series, wanted)
        return series.astype("float64").astype(wanted)
    missing = int(series.isna().sum())
    if missing:
        if column.optional:
            return series
        raise UnfitError(
            f"has {missing} missing {'value' if missing == 1 else 'values'}; when the "
            f"model was fitted it had none"
        )
    return series.astype(whole(series.to_numpy(), wanted))


def as_bools(series: Any, column: Column) -> Any:
    """Return a pandas Series of zeros and ones as bools.

    Raises
    ------
    UnfitError
        When there are other numbers.
    """
    if series.dtype.kind == "b" or (column.optional and series.isna().any()):
        return series
    is_either = series.isin([0, 1])
    if not is_either.all():
        odd = series[~is_either].iloc[0]
        raise UnfitError(f"holds {odd}; the model takes true or false")
    return series.astype(bool)


def as_floats(values: Any, wanted: Any) -> None:
    """Check that numbers may be converted to a float type.

    Float to float takes the model's own precision. Whole numbers must keep their value.

    Raises
    ------
    UnfitError
        When a number is too large for it.
    """
    import numpy as np

    if hasattr(values, "to_numpy"):
        plain = values.to_numpy(dtype="float64", na_value=np.nan)
    else:
        plain = np.asarray(values, dtype="float64")
    finite = np.abs(plain[np.isfinite(plain)])
    largest = finite.max() if finite.size else 0.0
    is_whole = values.dtype.kind in "iu"
    if is_whole and largest > 2.0 ** (np.finfo(wanted).nmant + 1):
        raise UnfitError(f"holds {largest:.0f}, too large to be kept as {wanted}")
    if largest > np.finfo(wanted).max:
        raise UnfitError(f"holds {largest:g}, too large for {wanted}")


def whole(values: Any, wanted: Any) -> Any:
    """Return the type of whole numbers that numbers may be converted to.

    Raises
    ------
    UnfitError
        When one has a fraction, or is too large.
    """
    import numpy as np

    if values.dtype.kind == "f":
        is_odd = values != np.floor(values)
        if is_odd.any() or not np.isfinite(values).all():
            odd = values[is_odd | ~np.isfinite(values)][0]
            raise UnfitError(f"holds {odd:g}; the model takes whole numbers")
    if values.size and values.dtype.kind != "b":
        limits = np.iinfo(wanted)
        least, most = values.min(), values.max()
        if least < limits.min or most > limits.max:
            odd = least if least < limits.min else most
            raise UnfitError(f"holds {odd}, too large for {wanted}")
    return wanted


def plain_dtype(name: str | None) -> Any:
    """Return a data type of NumPy by its name, None when there is none of this name."""
    import numpy as np

    try:
        return None if name is None else np.dtype(name)
    except TypeError:
        return None
