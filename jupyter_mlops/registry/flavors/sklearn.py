"""scikit-learn estimators and pipelines, in the skops format: nothing is unpickled.

scikit-learn and skops are imported when an estimator is saved or loaded, never before.
"""

from __future__ import annotations

import sys
import zipfile
from typing import TYPE_CHECKING, Any, NoReturn

from jupyter_mlops.errors import UnsafeModelError, UnstorableObjectError
from jupyter_mlops.registry.flavors.sklearn_types import ALLOWED

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.words import LoadWord

NAME = "sklearn"
FILE = "model.skops"
EXTRA = "sklearn"


def matches(value: Any) -> bool:
    """Tell whether `value` is an estimator, by the names of its classes."""
    return any(
        kind.__module__ == "sklearn.base" and kind.__name__ == "BaseEstimator"
        for kind in type(value).__mro__
    )


def describe(value: Any) -> dict[str, Any]:
    """Return class, library, version, and the params that are not the default."""
    kind = type(value)
    return {
        "class": f"{kind.__module__}.{kind.__qualname__}",
        "library": "scikit-learn",
        "version": getattr(sys.modules.get("sklearn"), "__version__", None),
        "params": _changed_params(value),
    }


def save(value: Any, folder: Path) -> dict[str, Any]:
    """Write one skops file.

    Returns
    -------
    dict
        The description, and ``further_types``: those that a caller must allow to load
        it. That list informs; it allows nothing.

    Raises
    ------
    UnstorableObjectError
        When the format cannot hold the estimator, or could never give it back.
    MissingLibraryError
        When skops is not installed.
    """
    skops = _skops()
    try:
        data = skops.dumps(value)
        unknown = set(skops.get_untrusted_types(data=data)) - ALLOWED
    except Exception as error:
        # Unsupported types, recursion, and whatever an object's own state raises.
        raise _unstorable(value, str(error)) from error
    for name in unknown:
        if "<lambda>" in name or "<locals>" in name:
            reason = f"it holds {name}, which no other process can find"
            raise _unstorable(value, reason)
    (folder / FILE).write_bytes(data)
    return {**describe(value), "further_types": sorted(unknown)}


def load(folder: Path, meta: dict[str, Any], word: LoadWord) -> Any:  # noqa: ARG001 - the file says it all
    """Make an estimator again from types that are known to be harmless.

    Raises
    ------
    UnsafeModelError
        When the file is no skops file of ours, holds a type that is not allowed, or
        numbers that would make scikit-learn read beyond its arrays.
    """
    from jupyter_mlops.registry.flavors.tree_bounds import check_bounds

    path = folder / FILE
    _check_archive(path)
    skops = _skops()
    from skops.io.exceptions import UntrustedTypesFoundException

    try:
        model = skops.load(path, trusted=sorted(ALLOWED | set(word.allow_types)))
    except UntrustedTypesFoundException:
        _refuse_types(skops.get_untrusted_types(file=path), word)
    except Exception as error:
        # A made-up file can fail in any place; whatever it is, no model comes of it.
        raise _refused(
            f"it cannot be read ({type(error).__name__}: {error})"
        ) from error
    check_bounds(model)
    return model


def _skops() -> Any:
    from jupyter_mlops.registry.flavors import library

    library("sklearn", EXTRA)
    return library("skops.io", EXTRA)


def _check_archive(path: Path) -> None:
    """Refuse what our `save` would not have written, before anything reads it."""
    try:
        with zipfile.ZipFile(path) as archive:
            items = archive.infolist()
    except (OSError, zipfile.BadZipFile) as error:
        raise _refused(f"it is no skops file ({error})") from error
    names = [item.filename for item in items]
    if "schema.json" not in names or len(set(names)) != len(names):
        raise _refused("it has no schema, or two files of one name")
    for item in items:
        stem, _, ending = item.filename.partition(".")
        is_array = stem.isdigit() and ending in ("npy", "npz")
        if not is_array and item.filename != "schema.json":
            raise _refused(f"it holds {item.filename!r}, which is no part of a model")
        if item.compress_type != zipfile.ZIP_STORED:
            raise _refused(f"its {item.filename!r} is packed, as ours never is")


def _refuse_types(found: list[str], word: LoadWord) -> NoReturn:
    types = sorted(set(found) - ALLOWED - set(word.allow_types))
    said = ", ".join(repr(name) for name in types)
    raise UnsafeModelError(
        f"The model holds types that are not known to be safe: {said}. Nothing was "
        f"made of it. If you know what they do and trust the file: "
        f"load_model(…, allow_types=[{said}]).",
        types=types,
    )


def _refused(reason: str) -> UnsafeModelError:
    return UnsafeModelError(
        f"The model file was refused: {reason}. Nothing was run; register the model "
        f"again from the run that made it.",
        reason=reason,
    )


def _unstorable(value: Any, reason: str) -> UnstorableObjectError:
    kind = type(value)
    return UnstorableObjectError(
        f"A {kind.__module__}.{kind.__qualname__} cannot be kept without pickle: "
        f"{reason}. Use named functions of an importable module, or keep its bytes "
        f"with LoaderModel.",
        type=kind,
        reason=reason,
    )


def _changed_params(value: Any) -> dict[str, Any]:
    import inspect

    try:
        params = value.get_params(deep=False)
        known = inspect.signature(type(value).__init__).parameters
    except Exception:  # noqa: BLE001 - a user's estimator may do anything here
        return {}
    changed = {}
    for name, param in params.items():
        default = known[name].default if name in known else inspect.Parameter.empty
        if param is not default and not _is_equal(param, default):
            changed[name] = _shown(param)
    return changed


def _is_equal(param: Any, default: Any) -> bool:
    # NaN is a usual default, and equals nothing.
    return type(param) is type(default) and repr(param) == repr(default)


def _shown(param: Any) -> Any:
    if param is None or isinstance(param, bool | int | float | str):
        return param
    text = repr(param)
    return text if len(text) <= 200 else f"{text[:199]}…"  # noqa: PLR2004 - a line or two
