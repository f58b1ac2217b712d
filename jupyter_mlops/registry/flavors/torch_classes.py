"""Which class a name in a PyTorch model's structure stands for: the caller's word."""

from __future__ import annotations

import importlib
import types
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import UnsafeModelError
from jupyter_mlops.registry.flavors.refusals import refused
from jupyter_mlops.registry.flavors.torch_building import class_names, unknown_parts
from jupyter_mlops.registry.flavors.torch_types import LAYERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_mlops.registry.words import LoadWord


def instance_for(structure: dict[str, Any], word: LoadWord) -> Any:
    """Return the caller's own instance of the whole model, None when none was given."""
    import torch

    name = str(structure["class"])
    given = _given(name, word)
    if isinstance(given, torch.nn.Module):
        return given
    unknown = unknown_parts(structure)
    if unknown:
        short = name.rpartition(".")[2]
        said = "; ".join(unknown[:3])
        raise UnsafeModelError(
            f"A {short} cannot be made again from its file alone ({said}). Make one as "
            f"it was trained, and its weights are filled in: "
            f"load_model(…, custom_objects={{'{short}': {short}(…)}}).",
            types=[name],
            reason=said,
        )
    return None


def class_finder(
    structure: dict[str, Any], folder: Path, word: LoadWord
) -> Callable[[str], type]:
    """Find every class before anything is made.

    Raises
    ------
    UnsafeModelError
        When some were not allowed: it names all of them, and nothing was run.
    """
    import torch

    found: dict[str, type] = {}
    missing = set()
    for name in set(class_names(structure)):
        kind = _allowed(name, word)
        if kind is None:
            missing.add(name)
        else:
            found[name] = kind
    if missing:
        found |= _run_source(missing, folder, word)
    for name, kind in found.items():
        if not (isinstance(kind, type) and issubclass(kind, torch.nn.Module)):
            raise refused(f"'{name}' is no class of modules")
    return found.__getitem__


def _allowed(name: str, word: LoadWord) -> Any:
    if name in LAYERS:
        module, _, own = name.rpartition(".")
        return getattr(importlib.import_module(module), own)
    given = _given(name, word)
    if given is not None:
        return given
    if name in word.allow_types:
        module, _, own = name.rpartition(".")
        return getattr(importlib.import_module(module), own)
    return None


def _given(name: str, word: LoadWord) -> Any:
    short = name.rpartition(".")[2]
    return word.custom_objects.get(name, word.custom_objects.get(short))


def _run_source(missing: set[str], folder: Path, word: LoadWord) -> dict[str, type]:
    file = folder / "classes.py"
    if not word.allow_code or not file.is_file():
        raise _not_allowed(sorted(missing), is_kept=file.is_file())
    module = types.ModuleType("jupyter_mlops_model_classes")
    code = compile(file.read_text(encoding="utf-8"), "<classes of the model>", "exec")
    exec(code, vars(module))  # noqa: S102 - the caller's word stands above
    return {name: getattr(module, name.rpartition(".")[2]) for name in missing}


def _not_allowed(types: list[str], *, is_kept: bool) -> UnsafeModelError:
    said = ", ".join(repr(name) for name in types)
    given = ", ".join(
        f"'{short}': {short}" for short in (name.rpartition(".")[2] for name in types)
    )
    code = ", or, to run the source that is kept with it: allow_code=True"
    return UnsafeModelError(
        f"The model is made of classes that are not PyTorch's own: {said}. Nothing was "
        f"run. If you have them: load_model(…, custom_objects={{{given}}}), or, to "
        f"import them: allow_types=[{said}]{code if is_kept else ''}.",
        types=types,
    )
