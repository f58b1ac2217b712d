"""scikit-learn estimators and pipelines, in the skops format: nothing is unpickled.

scikit-learn and skops are imported when an estimator is saved or loaded, never before.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any, NoReturn

from jupyter_mlops.errors import UnsafeModelError
from jupyter_mlops.registry.flavors.described import description
from jupyter_mlops.registry.flavors.refusals import refused, unreadable, unstorable
from jupyter_mlops.registry.flavors.sklearn_types import ALLOWED

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.words import LoadWord

NAME = "sklearn"
FILE = "model.skops"
EXTRA = "sklearn"
_PART = re.compile(r"[0-9]+\.np[yz]|[0-9a-f-]{36}\.bin")
"""Arrays, and bytes: boosters of other libraries in a pipeline."""
_ADVICE = (
    "Use named functions of an importable module, keep its bytes with LoaderModel, or "
    "pickle it knowingly: log_model(…, allow_pickle=True)."
)


def matches(value: Any) -> bool:
    """Tell whether `value` is an estimator, by the names of its classes."""
    return any(
        kind.__module__ == "sklearn.base" and kind.__name__ == "BaseEstimator"
        for kind in type(value).__mro__
    )


def describe(value: Any) -> dict[str, Any]:
    """Return class, library, version, and the params that are not the default."""
    return description(value, "scikit-learn", "sklearn")


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
        raise unstorable(value, str(error), _ADVICE) from error
    for name in unknown:
        if "<lambda>" in name or "<locals>" in name:
            reason = f"it holds {name}, which no other process can find"
            raise unstorable(value, reason, _ADVICE)
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
        raise unreadable(error) from error
    check_bounds(model)
    return model


def inputs(value: Any) -> dict[str, Any]:
    """Return what the estimator knows of its columns."""
    names = getattr(value, "feature_names_in_", None)
    return {
        "names": None if names is None else [str(name) for name in names],
        "count": getattr(value, "n_features_in_", None),
    }


def predict(model: Any, data: Any) -> Any:
    """Predict; what only transforms does that."""
    method = getattr(model, "predict", None)
    return model.transform(data) if method is None else method(data)


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
        raise refused(f"it is no skops file ({error})") from error
    names = [item.filename for item in items]
    if "schema.json" not in names or len(set(names)) != len(names):
        raise refused("it has no schema, or two files of one name")
    for item in items:
        is_part = _PART.fullmatch(item.filename) is not None
        if not is_part and item.filename != "schema.json":
            raise refused(f"it holds {item.filename!r}, which is no part of a model")
        if item.compress_type != zipfile.ZIP_STORED:
            raise refused(f"its {item.filename!r} is packed, as ours never is")


def _refuse_types(found: list[str], word: LoadWord) -> NoReturn:
    types = sorted(set(found) - ALLOWED - set(word.allow_types))
    said = ", ".join(repr(name) for name in types)
    raise UnsafeModelError(
        f"The model holds types that are not known to be safe: {said}. Nothing was "
        f"made of it. If you know what they do and trust the file: "
        f"load_model(…, allow_types=[{said}]).",
        types=types,
    )
