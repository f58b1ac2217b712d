"""Which signature belongs to a run's model: its own, that of a fit, or what it knows.

A wrong one would refuse data that is right, so in doubt there is none.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import MlopsError
from jupyter_mlops.registry.signatures.examples import kept_example, stored
from jupyter_mlops.registry.signatures.signature import Column, Signature
from jupyter_mlops.tracking.modelwords import models_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlops.ids import Digest
    from jupyter_mlops.records import ArtifactRecord
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.tracking.recorded import RecordedRun

_PARTS = ("signature", "example")


def signature_for(
    run: RecordedRun, artifact: ArtifactRecord, blobs: Blobs, example: Any = None
) -> dict[str, Digest]:
    """Find what a model takes; return digests by ``signature`` and ``example``.

    Parameters
    ----------
    example : frame-like, optional
        Rows that it takes: they say it, whatever else is known.
    """
    if example is not None:
        return kept_example(example, blobs.put_bytes)
    own = {part: artifact.meta[part] for part in _PARTS if artifact.meta.get(part)}
    if own:
        return own
    inputs = artifact.meta.get("inputs") or {}
    for found in _of_fits(run, artifact, blobs):
        signature = _read(found.get("signature"))
        if signature is not None and agrees(signature, inputs):
            return stored(signature.to_json(), found.get("example"), blobs.put_bytes)
    known = signature_of_inputs(inputs)
    return {} if known is None else {"signature": blobs.put_bytes(known.to_bytes())}


def agrees(signature: Signature, inputs: dict[str, Any]) -> bool:
    """Tell whether a signature is not at odds with what a model itself knows."""
    names, count = inputs.get("names"), inputs.get("count")
    if names is not None and signature.columns and list(names) != signature.names:
        return False
    if count is not None:
        shape = signature.shape or (None, None)
        width = len(signature.columns) or (shape[1] if len(shape) > 1 else 1)
        if width != count:
            return False
    told = inputs.get("shape")
    if told is None or signature.shape is None:
        return True
    return len(told) == len(signature.shape) and all(
        None in pair or pair[0] == pair[1]
        for pair in zip(told, signature.shape, strict=True)
    )


def signature_of_inputs(inputs: dict[str, Any]) -> Signature | None:
    """Make a signature of what a model itself knows: names alone, or a shape."""
    names, count, shape = (inputs.get(key) for key in ("names", "count", "shape"))
    if names:
        columns = tuple(Column(name=str(n), kind="any", dtype="") for n in names)
        return Signature(container="pandas.DataFrame", columns=columns)
    if shape is not None:
        return Signature(
            container="numpy.ndarray", shape=tuple(shape), dtype=inputs.get("dtype")
        )
    if count:
        return Signature(container="numpy.ndarray", shape=(None, int(count)))
    return None


def _of_fits(
    run: RecordedRun, artifact: ArtifactRecord, blobs: Blobs
) -> Iterator[dict[str, Any]]:
    """Give the profiles of the fits that may have made a model, the likeliest first."""
    fits = [
        fit
        for fit in models_of(run)
        if fit.get("profile") and fit.get("failed", 0) < fit.get("count", 1)
    ]
    kind = (artifact.meta.get("flavor_meta") or {}).get("class")
    chosen = [fit for fit in fits if fit.get("name") == artifact.name]
    chosen = chosen or [fit for fit in fits if fit.get("class") == kind]
    has_inputs = bool(artifact.meta.get("inputs"))
    if not chosen and has_inputs:
        chosen = fits
    names = dict.fromkeys(str(fit["profile"]) for fit in chosen)
    if len(names) > 1 and not has_inputs:
        return
    for name in names:
        found = _profile(run, name, blobs)
        if found is not None:
            yield found


def _profile(run: RecordedRun, name: str, blobs: Blobs) -> dict[str, Any] | None:
    kept = run.artifacts.get(name)
    try:
        found = None if kept is None else json.loads(blobs.get_bytes(kept.digest))
    except (MlopsError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _read(document: Any) -> Signature | None:
    try:
        return None if document is None else Signature.from_json(document)
    except (ValueError, TypeError, KeyError, AttributeError):
        # A journal may be a stranger's.
        return None
