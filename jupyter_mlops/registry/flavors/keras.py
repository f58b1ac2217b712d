"""Keras: models in its own ``.keras`` archive, whatever the backend.

Every object that the archive names, every file in it and every link in its weights is
looked at before Keras opens it, and then only in its safe mode.
"""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.kinship import is_of
from jupyter_mlops.errors import MlopsError
from jupyter_mlops.registry.flavors.described import description
from jupyter_mlops.registry.flavors.keras_config import check_config, custom_names
from jupyter_mlops.registry.flavors.refusals import refused, unreadable, unstorable

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.words import LoadWord

NAME = "keras"
FILE = "model.keras"
EXTRA = "keras"
_FILES = frozenset({"config.json", "metadata.json", "model.weights.h5"})
_CONFIG_LIMIT = 64 << 20


def matches(value: Any) -> bool:
    """Tell whether `value` is a model of Keras."""
    return is_of(value, "keras.Model", "tf_keras.Model")


def describe(value: Any) -> dict[str, Any]:
    """Return class, library, version, backend, and how many parameters there are."""
    params: dict[str, Any] = {"parameters": int(value.count_params())}
    return description(value, "keras", "keras", params)


def save(value: Any, folder: Path) -> dict[str, Any]:
    """Write one archive.

    Returns
    -------
    dict
        The description, and ``further_types``: objects that a caller must give.

    Raises
    ------
    UnstorableObjectError
        When it is not built, or holds what could never be loaded: lambdas.
    """
    try:
        meta = describe(value)
        value.save(folder / FILE)
        _check_archive(folder / FILE)
        further = custom_names(_config(folder / FILE))
    except Exception as error:
        raise unstorable(value, str(error)) from error
    if any("lambda" in name.lower() for name in further):
        reason = "it holds a lambda, which no other process can trust"
        advice = "Write a layer class, and give it when you load the model."
        raise unstorable(value, reason, advice)
    return meta | {"further_types": further}


def load(folder: Path, meta: dict[str, Any], word: LoadWord) -> Any:  # noqa: ARG001 - the file says it all
    """Make the model again of objects that are known to be harmless, or given.

    Raises
    ------
    UnsafeModelError
        When the archive holds anything else.
    """
    from jupyter_mlops.registry.flavors import library

    path = folder / FILE
    try:
        _check_archive(path)
        check_config(_config(path), word.custom_objects)
        _check_weights(path)
        keras = library("keras", EXTRA)
        return keras.saving.load_model(
            path, custom_objects=dict(word.custom_objects), safe_mode=True
        )
    except MlopsError:
        raise
    except Exception as error:
        # A made-up file can fail in any place; whatever it is, no model comes of it.
        raise unreadable(error) from error


def predict(model: Any, data: Any) -> Any:
    """Predict without a bar of progress."""
    return model.predict(data, verbose=0)


def inputs(value: Any) -> dict[str, Any]:
    """Return the shape that the model's only input has."""
    shape = getattr(value, "input_shape", None)
    if not isinstance(shape, tuple) or not shape or isinstance(shape[0], tuple | list):
        return {}
    dtype = getattr(getattr(value, "inputs", [None])[0], "dtype", None)
    return {"shape": [None, *shape[1:]], "dtype": str(dtype) if dtype else None}


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            items = archive.infolist()
    except (OSError, zipfile.BadZipFile) as error:
        raise refused(f"it is no .keras archive ({error})") from error
    names = [item.filename for item in items]
    if set(names) != _FILES or len(names) != len(_FILES):
        odd = sorted({*names} ^ _FILES) or names
        raise refused(f"it holds {odd[0]!r} too much, too often or not at all")
    for item in items:
        if (
            item.compress_type != zipfile.ZIP_STORED
            or item.file_size > path.stat().st_size
        ):
            raise refused(f"its {item.filename!r} is packed, as Keras never does")


def _config(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo("config.json").file_size > _CONFIG_LIMIT:
            raise refused("its configuration is beyond all measure")
        return json.loads(archive.read("config.json"))


def _check_weights(path: Path) -> None:
    """Refuse weights that are read from elsewhere: links, and data in other files."""
    from jupyter_mlops.registry.flavors import library

    h5py = library("h5py", EXTRA)
    with (
        zipfile.ZipFile(path) as archive,
        archive.open("model.weights.h5") as file,
        h5py.File(file, "r") as weights,
    ):
        _check_group(h5py, weights)


def _check_group(h5py: Any, group: Any) -> None:
    for name in group:
        link = group.get(name, getlink=True)
        if not isinstance(link, h5py.HardLink):
            raise refused(f"its weights link to elsewhere at {name!r}")
        item = group[name]
        if isinstance(item, h5py.Group):
            _check_group(h5py, item)
        elif not isinstance(item, h5py.Dataset):
            raise refused(f"its weights hold {name!r}, which is no array")
        elif item.is_virtual or item.external:
            raise refused(f"its weights read {name!r} from another file")
