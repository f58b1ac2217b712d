"""Weights as a safetensors file, written piece by piece.

The library maps the file and fills it, which for a gigabyte takes four times as long as
copying it: each page is a fault. The format is the library's own, byte for byte:
https://huggingface.co/docs/safetensors, section *Format*.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_NAMES = {
    "float64": "F64",
    "int64": "I64",
    "uint64": "U64",
    "float32": "F32",
    "int32": "I32",
    "uint32": "U32",
    "bfloat16": "BF16",
    "float16": "F16",
    "int16": "I16",
    "uint16": "U16",
    "int8": "I8",
    "uint8": "U8",
    "bool": "BOOL",
}
"""Kinds of elements that are written here, by PyTorch's name: those of whole bytes."""
_ORDER = ["U64", "I64", "F64", "F32", "U32", "I32", "BF16", "F16", "U16", "I16"]
_ORDER += ["I8", "U8", "BOOL"]
"""Larger ones first, so that each tensor begins where its elements may."""
_ALIGNED = 8
_PIECE = 1 << 20


def write_tensors(tensors: Mapping[str, Any], path: Path, safetensors: Any) -> None:
    """Write tensors that share no memory to a safetensors file.

    Parameters
    ----------
    tensors : mapping
        Dense ones, by name; none shares memory with another.
    safetensors : module
        The library, which takes over what is not written here.

    Raises
    ------
    ValueError
        When one is sparse or otherwise cannot be held.
    """
    if sys.byteorder != "little" or not all(map(_is_plain, tensors.values())):
        safetensors.save_file(tensors, path)
        return
    order = sorted(tensors, key=lambda name: (_ORDER.index(_name(tensors[name])), name))
    with path.open("wb", buffering=0) as file:
        file.write(_header(tensors, order))
        for name in order:
            data = _bytes_of(tensors[name])
            for start in range(0, len(data), _PIECE):
                file.write(data[start : start + _PIECE])


def _is_plain(tensor: Any) -> bool:
    import torch

    return (
        type(tensor) in (torch.Tensor, torch.nn.Parameter)
        and tensor.layout == torch.strided
        and not tensor.is_quantized
        and not tensor.is_meta
        and tensor.is_contiguous()
        and str(tensor.dtype).removeprefix("torch.") in _NAMES
    )


def _name(tensor: Any) -> str:
    return _NAMES[str(tensor.dtype).removeprefix("torch.")]


def _header(tensors: Mapping[str, Any], order: list[str]) -> bytes:
    described, end = {}, 0
    for name in order:
        tensor = tensors[name]
        begin, end = end, end + tensor.numel() * tensor.element_size()
        described[name] = {
            "dtype": _name(tensor),
            "shape": list(tensor.shape),
            "data_offsets": [begin, end],
        }
    text = json.dumps(described, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNED)
    return len(text).to_bytes(_ALIGNED, "little") + text


def _bytes_of(tensor: Any) -> memoryview:
    import torch

    flat = tensor.detach().cpu().reshape(-1).view(torch.uint8)
    return memoryview(flat.numpy())
