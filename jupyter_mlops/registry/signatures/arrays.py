"""Arrays in any form, in the shape and type that a model takes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.kinship import is_of
from jupyter_mlops.registry.signatures.numbers import (
    UnfitError,
    as_floats,
    plain_dtype,
    whole,
)
from jupyter_mlops.registry.signatures.refusals import refusal

if TYPE_CHECKING:
    from jupyter_mlops.registry.signatures.signature import Signature


def array_from(data: Any, signature: Signature) -> Any:
    """Return data as the model takes it; sparse matrices and tensors stay such.

    Raises
    ------
    InvalidModelInputError
        When it has another shape, or numbers that would change.
    """
    found = _array(data)
    _check_shape(tuple(int(size) for size in found.shape), signature)
    if is_of(found, "torch.Tensor"):
        return _tensor(found, signature)
    wanted = plain_dtype(signature.dtype)
    if wanted is None or found.dtype == wanted or wanted.kind not in "iufb":
        return found
    if found.dtype.kind not in "biuf":
        raise refusal({"": _wrong(found, wanted)})
    if not hasattr(found, "__array__"):
        return found
    try:
        if wanted.kind == "f":
            as_floats(found, wanted)
            return found.astype(wanted)
        if wanted.kind == "b":
            return found if found.dtype.kind == "b" else _bools(found)
        return found.astype(whole(found, wanted))
    except UnfitError as error:
        raise refusal({"": f"it {error}"}) from error


def _array(data: Any) -> Any:
    import numpy as np

    if is_of(data, "scipy.spmatrix", "scipy.sparray", "torch.Tensor"):
        return data
    if is_of(data, "pandas.DataFrame", "pandas.Series", "polars.DataFrame"):
        return data.to_numpy()
    if isinstance(data, dict):
        data = _columns(data)
    elif isinstance(data, list | tuple) and data and isinstance(data[0], dict):
        data = [list(_columns(row)) for row in data]
    try:
        array = np.asarray(data)
    except (ValueError, TypeError) as error:
        raise refusal({"": f"it makes no array: {error}"}) from error
    # A few numbers among None or texts are no array of numbers.
    return array


def _columns(data: dict[Any, Any]) -> Any:
    """Return columns as rows, if they are named by their place."""
    import numpy as np

    names = [f"x{place}" for place in range(len(data))]
    if sorted(map(str, data)) != sorted(names):
        odd = next((str(key) for key in data if str(key) not in names), "")
        raise refusal(
            {
                odd: "is not expected: the model was fitted to an array, which has no "
                f"names; call its columns x0 to x{len(data) - 1}, or give an array"
            }
        )
    parts = [np.asarray(data[name]) for name in names]
    return np.column_stack(parts) if parts and parts[0].ndim else parts


def _check_shape(shape: tuple[int, ...], signature: Signature) -> None:
    wanted = signature.shape or ()
    is_fine = len(shape) == len(wanted) and all(
        length is None or size == length
        for size, length in zip(shape, wanted, strict=True)
    )
    if is_fine:
        return
    told = ", ".join("rows" if n is None else str(n) for n in wanted)
    one = " For one row: data.reshape(1, -1)." if shape == wanted[1:] else ""
    raise refusal(
        {"": f"an array of shape {shape} was given; the model takes ({told}).{one}"}
    )


def _tensor(tensor: Any, signature: Signature) -> Any:
    # Its library is there: it is one of its tensors.
    wanted = getattr(sys.modules["torch"], signature.dtype or "", None)
    if not isinstance(wanted, type(tensor.dtype)) or tensor.dtype == wanted:
        return tensor
    if wanted.is_floating_point and not tensor.dtype.is_complex:
        return tensor.to(wanted)
    if not tensor.dtype.is_floating_point and not wanted.is_floating_point:
        return tensor.to(wanted)
    raise refusal({"": f"it holds {tensor.dtype}; the model takes {wanted}"})


def _bools(array: Any) -> Any:
    import numpy as np

    if not np.isin(array, [0, 1]).all():
        raise UnfitError("holds other numbers than 0 and 1; the model takes bools")
    return array.astype(bool)


def _wrong(array: Any, wanted: Any) -> str:
    first = array.ravel()[0] if array.size else None
    return f"it holds {array.dtype}, such as {first!r}; the model takes {wanted}"
