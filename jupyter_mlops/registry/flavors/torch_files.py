"""The files of a PyTorch model, looked at before a library reads them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.flavors.refusals import refused

if TYPE_CHECKING:
    from pathlib import Path

_LENGTH_BYTES = 8
_HEADER_LIMIT = 32 << 20
_STRUCTURE_LIMIT = 32 << 20


def read_structure(path: Path) -> dict[str, Any]:
    """Return a model's structure.

    Raises
    ------
    UnsafeModelError
        When it is none, or beyond all measure.
    """
    if not path.is_file() or path.stat().st_size > _STRUCTURE_LIMIT:
        raise refused(f"it has no {path.name} of a usual size")
    found = json.loads(path.read_bytes())
    if not isinstance(found, dict) or "class" not in found:
        raise refused(f"{path.name} describes no module")
    return found


def read_tensors(path: Path, safetensors: Any) -> dict[str, Any]:
    """Return the tensors of a safetensors file.

    Raises
    ------
    UnsafeModelError
        When its header does not describe exactly the bytes that follow.
    """
    check_header(path)
    return dict(safetensors.load_file(path))


def check_header(path: Path) -> None:
    """Refuse a header that is too long, no JSON, or larger than what it describes.

    Raises
    ------
    UnsafeModelError
        As said.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
        if not 2 <= length <= min(_HEADER_LIMIT, size - _LENGTH_BYTES):  # noqa: PLR2004 - an empty object
            raise refused("it is no safetensors file: its header is out of all measure")
        head = file.read(length)
    try:
        tensors = json.loads(head)
        tensors.pop("__metadata__", None)
        ends = [0, *(int(item["data_offsets"][1]) for item in tensors.values())]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise refused(f"it is no safetensors file ({error})") from error
    if max(ends) != size - _LENGTH_BYTES - length:
        raise refused("it is no safetensors file: its tensors do not fill it")
