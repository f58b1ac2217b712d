"""What a module of PyTorch is made of, written as JSON.

A module is its class, plain attributes, tensors and further modules; with these it is
built again without calling its constructor and without pickle. Tensors are named here
and kept elsewhere. Attributes that have no such form are listed as ``unknown``: a
model with those needs an instance from its user.
"""

from __future__ import annotations

from typing import Any

from jupyter_mlops.registry.flavors.described import class_name
from jupyter_mlops.registry.flavors.torch_types import FUNCTIONS

DERIVED = frozenset({"_flat_weights", "_flat_weight_refs"})
"""Made again from the weights by the layers that have them."""
DEPTH = 200


class StructureWriter:
    """Writes one model.

    Attributes
    ----------
    tensors : dict
        Every tensor once, by the name that the structure gives it.
    classes : dict
        Every class met, by its full name.
    """

    def __init__(self) -> None:
        self.tensors: dict[str, Any] = {}
        self.classes: dict[str, type] = {}
        self._names: dict[int, str] = {}
        self._paths: dict[int, str] = {}

    def write(self, module: Any, path: str = "") -> dict[str, Any]:
        """Return the structure of a module."""
        if id(module) in self._paths:
            return {"same": self._paths[id(module)]}
        self._paths[id(module)] = path
        name = class_name(module)
        self.classes[name] = type(module)
        state = vars(module)
        attributes, unknown = self._attributes(module, path)
        keeps = set(state["_buffers"]) - set(state["_non_persistent_buffers_set"])
        return {
            "class": name,
            "training": bool(module.training),
            "attributes": attributes,
            "unknown": unknown + [f"{path}: hooks"] * _has_hooks(state),
            "parameters": {
                key: None
                if value is None
                else [self._tensor(value, f"{path}{key}"), bool(value.requires_grad)]
                for key, value in state["_parameters"].items()
            },
            "buffers": {
                key: None
                if value is None
                else [self._tensor(value, f"{path}{key}"), key in keeps]
                for key, value in state["_buffers"].items()
            },
            "modules": {
                key: None if value is None else self.write(value, f"{path}{key}.")
                for key, value in state["_modules"].items()
            },
        }

    def _attributes(self, module: Any, path: str) -> tuple[dict[str, Any], list[str]]:
        own = own_names()
        found, unknown = {}, []
        for key, value in vars(module).items():
            if key in own or key in DERIVED:
                continue
            try:
                found[key] = self._coded(value, f"{path}{key}")
            except TypeError as error:
                unknown.append(f"{path}{key}: {error}")
        return found, unknown

    def _coded(self, value: Any, path: str, depth: int = 0) -> Any:
        import torch

        if value is None or type(value) in (bool, int, str):
            return value
        if depth > DEPTH:
            raise TypeError("nested too deeply")
        if isinstance(value, torch.Tensor):
            return {"tensor": self._tensor(value, path)}
        if type(value) in (dict, list, tuple, torch.Size):
            return self._coded_parts(value, path, depth + 1)
        return _coded_leaf(value)

    def _coded_parts(self, value: Any, path: str, depth: int) -> Any:
        if type(value) is not dict:
            items = [
                self._coded(item, f"{path}.{place}", depth)
                for place, item in enumerate(value)
            ]
            return {type(value).__name__: items}
        pairs = [
            [key, self._coded(item, f"{path}.{key}", depth)]
            for key, item in value.items()
            if _is_key(key)
        ]
        return {"dict": pairs}

    def _tensor(self, tensor: Any, name: str) -> str:
        # Tied weights are one tensor under two names, and stay so.
        known = self._names.setdefault(id(tensor), name)
        self.tensors[known] = tensor
        return known


def _coded_leaf(value: Any) -> Any:
    import torch

    if type(value) is float:
        return {"float": repr(value)}
    if isinstance(value, torch.dtype):
        return {"dtype": str(value).removeprefix("torch.")}
    if isinstance(value, torch.device):
        return {"device": True}
    name = _function_name(value)
    if name in FUNCTIONS:
        return {"function": name}
    raise TypeError(f"a {type(value).__name__} has no plain form")


def _is_key(key: Any) -> bool:
    if isinstance(key, str):
        return True
    raise TypeError(f"a dict with a key of type {type(key).__name__}")


def _function_name(value: Any) -> str:
    module = getattr(value, "__module__", None) or "torch"
    module = "torch" if module == "torch._VF" else module
    return f"{module}.{getattr(value, '__name__', '')}"


def _has_hooks(state: dict[str, Any]) -> bool:
    names = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks")
    return any(state.get(name) for name in names)


def own_names() -> set[str]:
    """Name what every module holds, whatever its class."""
    import torch

    return set(vars(torch.nn.Module()))
