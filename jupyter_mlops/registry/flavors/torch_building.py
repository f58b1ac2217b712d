"""Makes a module of PyTorch again from its structure: see `torch_structure`.

No constructor is called; classes are found by what the caller allowed.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.flavors.refusals import refused
from jupyter_mlops.registry.flavors.torch_structure import DEPTH, DERIVED, own_names
from jupyter_mlops.registry.flavors.torch_types import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DECODERS = {
    kind: f"_{kind}"
    for kind in (
        "Size", "device", "dict", "dtype", "float", "function", "list", "tensor",
        "tuple",
    )
}  # fmt: skip


def class_names(node: Any) -> Iterator[str]:
    """List the classes that a structure names, each time it does."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if found is None or "same" in found:
            continue
        yield str(found["class"])
        waiting.extend(found["modules"].values())


def unknown_parts(node: Any) -> list[str]:
    """List what of a model has no plain form."""
    waiting: list[Any] = [node]
    found: list[str] = []
    while waiting:
        part = waiting.pop()
        if part is not None and "same" not in part:
            found.extend(str(item) for item in part["unknown"])
            waiting.extend(part["modules"].values())
    return found


def build(
    root: dict[str, Any], tensors: dict[str, Any], class_of: Callable[[str], type]
) -> Any:
    """Make the module that a structure describes; no constructor is called.

    Parameters
    ----------
    tensors : dict
        By the names that the structure gives them.
    class_of : callable
        Finds a class by its full name; only what the caller allowed.
    """
    return _Builder(tensors, class_of).module(root, "")


class _Builder:
    def __init__(
        self, tensors: dict[str, Any], class_of: Callable[[str], type]
    ) -> None:
        self._tensors = tensors
        self._class_of = class_of
        self._parameters: dict[str, Any] = {}
        self._modules: dict[str, Any] = {}
        self._own = own_names()

    def module(self, node: Any, path: str, depth: int = 0) -> Any:
        import torch

        if node is None:
            return None
        if "same" in node:
            return self._modules[node["same"]]
        if depth > DEPTH:
            raise refused("its structure is nested too deeply")
        kind = self._class_of(str(node["class"]))
        module: Any = object.__new__(kind)
        torch.nn.Module.__init__(module)
        self._modules[path] = module
        state = vars(module)
        for key, value in node["attributes"].items():
            if key in self._own or key in DERIVED or key.startswith("__"):
                raise refused(f"it sets {key!r}, which is the library's own")
            state[key] = self._decoded(value)
        for key, found in node["parameters"].items():
            state["_parameters"][key] = found and self._parameter(*found)
        for key, found in node["buffers"].items():
            state["_buffers"][key] = found and self._tensors[found[0]]
            if found and not found[1]:
                state["_non_persistent_buffers_set"].add(key)
        for key, inner in node["modules"].items():
            state["_modules"][key] = self.module(inner, f"{path}{key}.", depth + 1)
        state["training"] = bool(node["training"])
        return module

    def _parameter(self, name: str, requires_grad: object) -> Any:
        import torch

        if name not in self._parameters:
            tensor = self._tensors[name]
            is_trained = bool(requires_grad)
            self._parameters[name] = torch.nn.Parameter(tensor, is_trained)
        return self._parameters[name]

    def _decoded(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        ((kind, inner),) = value.items()
        return getattr(self, _DECODERS[kind])(inner)

    def _float(self, text: str) -> float:
        return float(text)

    def _tensor(self, name: str) -> Any:
        return self._parameters.get(name, self._tensors[name])

    def _dtype(self, name: str) -> Any:
        import torch

        found = getattr(torch, name)
        if not isinstance(found, torch.dtype):
            raise refused(f"{name!r} is no type of numbers")
        return found

    def _device(self, _: object) -> Any:
        import torch

        return torch.device("cpu")

    def _list(self, items: list[Any]) -> list[Any]:
        return [self._decoded(item) for item in items]

    def _tuple(self, items: list[Any]) -> tuple[Any, ...]:
        return tuple(self._list(items))

    def _Size(self, items: list[Any]) -> Any:  # noqa: N802 - the class's own name
        import torch

        return torch.Size(self._list(items))

    def _dict(self, pairs: list[Any]) -> dict[str, Any]:
        return {str(key): self._decoded(item) for key, item in pairs}

    def _function(self, name: str) -> Any:
        if name not in FUNCTIONS:
            raise refused(f"it holds the function {name!r}")
        module, _, own = name.rpartition(".")
        return getattr(importlib.import_module(module), own)
