"""Whether whoever feeds one model could feed another just so."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_mlops.registry.signatures.signature import Column, Signature

_WIDER = {("integer", "float"), ("bool", "integer"), ("bool", "float")}
"""What is taken as the second may be given as the first."""


def differences(old: Signature, new: Signature) -> list[str]:
    """Say why data that `old` takes would be refused by `new`; empty when it is not.

    Parameters
    ----------
    old : Signature
        Of the model that is fed now.
    new : Signature
        Of the one that would take its place.
    """
    if old.columns and new.columns:
        return [*_inputs(old, new), *_outputs(old, new)]
    if old.columns or new.columns:
        forms = ["a table" if item.columns else "an array" for item in (old, new)]
        return [f"it takes {forms[1]} in place of {forms[0]}"]
    found = []
    if old.shape != new.shape:
        found.append(f"it takes the shape {new.shape} in place of {old.shape}")
    if old.dtype != new.dtype and (old.dtype, new.dtype) != ("float32", "float64"):
        found.append(f"it takes {new.dtype} in place of {old.dtype}")
    return [*found, *_outputs(old, new)]


def _inputs(old: Signature, new: Signature) -> list[str]:
    before = {column.name: column for column in old.columns}
    after = {column.name: column for column in new.columns}
    found = [
        f"'{name}' is needed besides"
        for name, column in after.items()
        if name not in before and not column.optional
    ]
    found += [f"'{name}' is not taken any more" for name in before if name not in after]
    for name, column in before.items():
        if name in after:
            found += _column(column, after[name])
    return found


def _column(old: Column, new: Column) -> list[str]:
    found = []
    is_same = old.kind == new.kind or "any" in (old.kind, new.kind)
    if not is_same and (old.kind, new.kind) not in _WIDER:
        found.append(f"'{old.name}' is {new.kind} in place of {old.kind}")
    if old.optional and not new.optional:
        found.append(f"'{old.name}' may not be missing any more")
    if new.closed and new.categories is not None and old.categories is not None:
        lost = [item for item in old.categories if item not in new.categories]
        if lost:
            found.append(f"'{old.name}' does not know {lost[0]!r} any more")
    return found


def _outputs(old: Signature, new: Signature) -> list[str]:
    if not (old.outputs and new.outputs):
        return []
    kinds = [[column.kind for column in item.outputs] for item in (old, new)]
    if kinds[0] == kinds[1]:
        return []
    return [f"it gives {', '.join(kinds[1])} in place of {', '.join(kinds[0])}"]
