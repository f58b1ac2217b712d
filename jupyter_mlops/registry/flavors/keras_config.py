"""Which objects a Keras model may be made of: a list of ours over its ``config.json``.

Keras resolves names in that file to whatever it can import; its own safe mode has been
got around by functions of its own package (CVE-2025-1550, CVE-2025-8747). So every
name is looked at before Keras sees the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import UnsafeModelError
from jupyter_mlops.registry.flavors.refusals import refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_MODULES = frozenset(
    {
        "keras",
        "keras.activations",
        "keras.constraints",
        "keras.dtype_policies",
        "keras.initializers",
        "keras.layers",
        "keras.losses",
        "keras.metrics",
        "keras.models",
        "keras.optimizers",
        "keras.optimizers.legacy",
        "keras.optimizers.schedules",
        "keras.regularizers",
        "keras.random",
        "keras.ops",
    }
)
_OPS = "keras.src.ops."
_MODELS = "keras.src.models."
_BACKENDS = ("keras.src.backend.", ".optimizers.")
_OPTIMIZERS = frozenset(
    {"Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "Ftrl", "Lion", "Nadam",
     "RMSprop", "SGD"}
)  # fmt: skip
_MODEL_CLASSES = frozenset({"Functional", "Model", "Sequential", "SeedGenerator"})
_REFUSED = frozenset(
    {
        "FlaxLayer", "HashedCrossing", "Hashing", "IntegerLookup", "JaxLayer", "Lambda",
        "MelSpectrogram", "StringLookup", "TFSMLayer", "TextVectorization",
        "TorchModuleWrapper", "OptimizerDistributor", "RemoteMonitor",
    }
)  # fmt: skip
"""They run code of the file's, unpickle, or read other files that it names."""
_VALUES = frozenset(
    {"__bytes__", "__ellipsis__", "__keras_tensor__", "__numpy__", "__slice__",
     "__tensor__"}
)  # fmt: skip
_FUNCTION_MODULES = frozenset(
    {"builtins", "keras.activations", "keras.losses", "keras.metrics"}
)
_LIMIT = 1_000_000


def check_config(config: Any, given: Collection[str]) -> None:
    """Look at every object that a configuration names.

    Parameters
    ----------
    given : collection of str
        Names of the caller's own objects, which may be used.

    Raises
    ------
    UnsafeModelError
        At the first one that is not on our list and was not given.
    """
    for node in _objects(config):
        name = _refused_name(node, given)
        if name is not None:
            raise _not_allowed(name, node)


def custom_names(config: Any) -> list[str]:
    """List the objects that are not Keras's own."""
    found = {_refused_name(node, ()) for node in _objects(config)}
    return sorted(name for name in found if name is not None)


def _objects(config: Any) -> Iterator[dict[str, Any]]:
    waiting, seen = [config], 0
    while waiting:
        node = waiting.pop()
        seen += 1
        if seen > _LIMIT:
            raise refused("its configuration is beyond all measure")
        if isinstance(node, dict):
            if "class_name" in node or "module" in node or "registered_name" in node:
                yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _refused_name(node: dict[str, Any], given: Collection[str]) -> str | None:
    name, module = node.get("class_name"), node.get("module")
    registered = node.get("registered_name")
    if name is None and module is None:
        return None
    if isinstance(name, str) and name in _VALUES and module in (None, "builtins"):
        return None
    if name == "function":
        name, module = node.get("config"), module or "builtins"
        # Any name else is looked for among the caller's own.
        is_ours = (
            isinstance(name, str)
            and name.isidentifier()
            and module in _FUNCTION_MODULES
            and registered in (None, "function", name)
        )
    else:
        is_ours = _is_known(name, module) and registered in (None, name)
    if is_ours or _is_given(name, registered, given):
        return None
    return str(registered or name)


def _is_given(name: object, registered: object, given: Collection[str]) -> bool:
    # Keras goes by the registered name, whatever stands beside it.
    if isinstance(registered, str) and registered != "function":
        if registered in given:
            return True
        if registered.rpartition(">")[2] != name:
            return False
    return isinstance(name, str) and name in given


def _is_known(name: object, module: object) -> bool:
    if not isinstance(name, str) or not name.isidentifier() or name in _REFUSED:
        return False
    if name.islower() or "lambda" in name.lower():
        return False
    if module in _MODULES:
        return True
    if not isinstance(module, str):
        return False
    if module.startswith(_BACKENDS[0]) and _BACKENDS[1] in module:
        return name in _OPTIMIZERS
    # Operations on tensors in a functional model, and models within it.
    return module.startswith(_OPS) or (
        module.startswith(_MODELS) and name in _MODEL_CLASSES
    )


def _not_allowed(name: str, node: dict[str, Any]) -> UnsafeModelError:
    short = name.rpartition(">")[2]
    return UnsafeModelError(
        f"The model is made with '{name}' (of {node.get('module')}), which is not "
        f"known to be safe. Nothing was run. If it is yours, give it: "
        f"load_model(…, custom_objects={{'{short}': …}}). Lambdas, and layers that "
        f"read other files, are never loaded.",
        types=[name],
    )
