"""Arrays and tensors, kept as npy without pickle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.kinship import is_of
from jupyter_mlops.errors import UnstorableObjectError

if TYPE_CHECKING:
    from pathlib import Path

NAME = "array"


def matches(value: Any) -> bool:
    """Take numpy arrays and torch tensors."""
    return is_of(value, "numpy.ndarray", "torch.Tensor")


def write(value: Any, folder: Path, stem: str) -> dict[str, Any]:
    """Write one npy file.

    Raises
    ------
    UnstorableObjectError
        When the array holds Python objects, which only pickle could write.
    """
    import numpy as np

    if is_of(value, "torch.Tensor"):
        value = value.detach().cpu().numpy()
    array = np.asarray(value)
    if array.dtype.hasobject:
        raise UnstorableObjectError(
            f"'{stem}' is an array of Python objects, which npy keeps only by pickle. "
            f"Convert it to a numeric or text dtype, or keep it as a table.",
            name=stem,
        )
    np.save(folder / f"{stem}.npy", array, allow_pickle=False)
    return {"shape": list(array.shape), "dtype": str(array.dtype)}


def read(folder: Path, meta: dict[str, Any]) -> Any:
    """Read the numpy array back."""
    import numpy as np

    return np.load(folder / meta["file"], allow_pickle=False)
