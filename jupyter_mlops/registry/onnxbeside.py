"""ONNX beside the files of a scikit-learn model: added, or left out, when pushed."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.registry.binding import files_of
from jupyter_mlops.registry.words import LoadWord

if TYPE_CHECKING:
    from jupyter_mlops.ids import Digest
    from jupyter_mlops.records import ArtifactRecord
    from jupyter_mlops.registry.signatures import Signature
    from jupyter_mlops.store.blobs import Blobs

_KEPT = "sklearn"


def with_onnx(
    artifact: ArtifactRecord,
    blobs: Blobs,
    *,
    wanted: bool,
    signature: Digest | None = None,
    example: Digest | None = None,
) -> ArtifactRecord:
    """Return a model's artifact with ONNX beside its files, or without.

    Parameters
    ----------
    signature, example : Digest, optional
        What it takes; the graph must predict the same for the example.

    Raises
    ------
    InvalidInputError
        When it is no model of scikit-learn.
    UnstorableObjectError
        When it cannot be converted.
    UnsafeModelError
        When it holds types that are not known to be safe: it is loaded for this.
    """
    from jupyter_mlops.registry.flavors.sklearn_onnx import FILE

    if wanted and artifact.meta.get("flavor") != _KEPT:
        raise InvalidInputError(
            f"ONNX is kept beside models of scikit-learn only; '{artifact.name}' is a "
            f"{artifact.meta.get('flavor', artifact.format)}. Push it without, and "
            f"write ONNX with 'jupyter mlops export … --to onnx' where it can be.",
            artifact=artifact.name,
        )
    files = files_of(artifact, blobs)
    if wanted is any(entry.path == FILE for entry in blobs.files(files)):
        return artifact
    with tempfile.TemporaryDirectory(prefix="mlops-") as place:
        folder = Path(place) / "model"
        blobs.restore_folder(files, folder)
        if wanted:
            graph = _graph(artifact, folder, blobs, signature, example)
            (folder / FILE).write_bytes(graph)
        else:
            (folder / FILE).unlink()
        stored = blobs.take_folder(folder)
    return replace(artifact, digest=stored.digest, size=stored.size, is_folder=True)


def _graph(
    artifact: ArtifactRecord,
    folder: Path,
    blobs: Blobs,
    signature: Digest | None,
    example: Digest | None,
) -> bytes:
    from jupyter_mlops.registry.flavors import sklearn
    from jupyter_mlops.registry.flavors.conversions.onnx import known_columns
    from jupyter_mlops.registry.flavors.sklearn_onnx import graph_of
    from jupyter_mlops.registry.signatures import Signature

    model = sklearn.load(folder, artifact.meta["flavor_meta"], LoadWord())
    takes: Signature | None = None
    rows: Any = None
    if signature is not None:
        takes = Signature.read(blobs.get_bytes(signature), signature)
    if takes is not None and example is not None:
        from jupyter_mlops.registry.signatures.examples import rows_of

        rows = rows_of(json.loads(blobs.get_bytes(example)), takes)
    return graph_of(model, known_columns(takes), rows)
