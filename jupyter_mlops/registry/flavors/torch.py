"""PyTorch: weights as safetensors, structure as JSON, source of own classes as text.

Nothing is unpickled. Layers of PyTorch itself come back by themselves; a class of the
user's own comes from the caller: given as an object, named for import, or, at their
word, run from the source that is kept. The file decides none of it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.kinship import is_of
from jupyter_mlops.capture.masking import Masker
from jupyter_mlops.registry.flavors.described import description
from jupyter_mlops.registry.flavors.refusals import refused, unreadable, unstorable

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.words import LoadWord

NAME = "torch"
FILE = "model.safetensors"
STRUCTURE = "structure.json"
SOURCE = "classes.py"
EXTRA = "torch"


def matches(value: Any) -> bool:
    """Tell whether `value` is a module that is no program of its own."""
    return is_of(value, "torch.Module") and not is_of(value, "torch.ScriptModule")


def describe(value: Any) -> dict[str, Any]:
    """Return class, library, version, and how many parameters there are."""
    value = _plain(value)
    count = sum(item.numel() for item in value.parameters())
    return description(value, "torch", "torch", {"parameters": count})


def save(value: Any, folder: Path) -> dict[str, Any]:
    """Write weights, structure, and the source of classes that are not PyTorch's.

    Returns
    -------
    dict
        The description; ``further_types``: classes that a caller must allow;
        ``unknown``: what of it has no plain form, so that an instance is needed.

    Raises
    ------
    UnstorableObjectError
        When its weights are not there yet, or are of a kind safetensors cannot hold.
    """
    from jupyter_mlops.registry.flavors import library
    from jupyter_mlops.registry.flavors.torch_sources import sources_of
    from jupyter_mlops.registry.flavors.torch_structure import StructureWriter
    from jupyter_mlops.registry.flavors.torch_types import LAYERS
    from jupyter_mlops.registry.flavors.torch_writing import write_tensors

    safetensors = library("safetensors.torch", EXTRA)
    value = _plain(value)
    writer = StructureWriter()
    try:
        structure = writer.write(value)
        write_tensors(_separate(writer.tensors), folder / FILE, safetensors)
    except Exception as error:
        # Lazy layers, sparse or quantised tensors, and a user's own properties.
        raise unstorable(value, str(error)) from error
    structure = Masker().value(structure)
    (folder / STRUCTURE).write_text(json.dumps(structure), encoding="utf-8")
    further = {k: v for k, v in writer.classes.items() if k not in LAYERS}
    meta = describe(value) | {"further_types": sorted(further)}
    source = sources_of(further.values()) if further else None
    if source is not None:
        (folder / SOURCE).write_text(Masker().text(source), encoding="utf-8")
        meta["source"] = SOURCE
    from jupyter_mlops.registry.flavors.torch_building import unknown_parts

    unknown = unknown_parts(structure)
    return meta | ({"unknown": unknown[:20]} if unknown else {})


def load(folder: Path, meta: dict[str, Any], word: LoadWord) -> Any:  # noqa: ARG001 - the files say it all
    """Make the module again from classes that the caller allowed.

    Raises
    ------
    UnsafeModelError
        When it needs classes that were not, or a file is not what ours are.
    """
    from jupyter_mlops.errors import MlopsError
    from jupyter_mlops.registry.flavors import library
    from jupyter_mlops.registry.flavors.torch_building import build
    from jupyter_mlops.registry.flavors.torch_classes import class_finder, instance_for
    from jupyter_mlops.registry.flavors.torch_files import read_structure, read_tensors
    from jupyter_mlops.registry.flavors.torch_shapes import check_shapes, settle

    library("torch", EXTRA)
    safetensors = library("safetensors.torch", EXTRA)
    try:
        structure = read_structure(folder / STRUCTURE)
        given = instance_for(structure, word)
        find = None if given is not None else class_finder(structure, folder, word)
        tensors = read_tensors(folder / FILE, safetensors)
        if find is None:
            return _filled(given, tensors)
        model = build(structure, tensors, find)
        check_shapes(model)
        settle(model)
    except MlopsError:
        raise
    except Exception as error:
        # A made-up file can fail in any place; whatever it is, no model comes of it.
        raise unreadable(error) from error
    return model


def predict(model: Any, data: Any) -> Any:
    """Call the module on tensors, without gradients, and return arrays."""
    import torch

    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            return _arrays(_called(model, data))
    finally:
        model.train(was_training)


def _called(model: Any, data: Any) -> Any:
    if isinstance(data, dict):
        return model(**{key: _tensor(part) for key, part in data.items()})
    return model(_tensor(data))


def _tensor(data: Any) -> Any:
    import numpy as np
    import torch

    if isinstance(data, torch.Tensor):
        return data
    array = np.ascontiguousarray(data)
    # What frames hold is wider than what layers are made of.
    return torch.from_numpy(array.astype("float32") if array.dtype == "f8" else array)


def _arrays(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: _arrays(part) for key, part in found.items()}
    if isinstance(found, list | tuple):
        return tuple(_arrays(part) for part in found)
    return found.numpy() if hasattr(found, "numpy") else found


def _plain(value: Any) -> Any:
    """Return what a compiled module was compiled from."""
    return getattr(value, "_orig_mod", value)


def _separate(tensors: dict[str, Any]) -> dict[str, Any]:
    """Return tensors that share no memory, as the format wants them."""
    found, seen = {}, set()
    for name, tensor in tensors.items():
        plain = tensor.detach().cpu().contiguous()
        place = plain.untyped_storage().data_ptr()
        is_whole = plain.untyped_storage().nbytes() == plain.nbytes
        if place in seen or not is_whole:
            plain = plain.clone()
        seen.add(place)
        found[name] = plain
    return found


def _filled(model: Any, tensors: dict[str, Any]) -> Any:
    own = model.state_dict(keep_vars=True)
    # Tied weights are kept once, under the first of their names.
    filled = {id(own[name]) for name in tensors if name in own}
    missing = [name for name, item in own.items() if id(item) not in filled]
    if missing:
        raise refused(f"the model that you gave has {missing[0]!r}, which it has not")
    model.load_state_dict({k: v for k, v in tensors.items() if k in own}, strict=False)
    return model
