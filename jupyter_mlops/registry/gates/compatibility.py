"""Whether a version can stand in for another: their signatures beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.registry.gates.subject import GateFaultError
from jupyter_mlops.registry.signatures import Signature, differences

if TYPE_CHECKING:
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.store.blobs import Blobs

_SHOWN = 3


def compare_signatures(
    version: VersionRecord, other: VersionRecord, blobs: Blobs
) -> tuple[bool, str]:
    """Tell whether a version takes and gives what the other does, and where not."""
    old, new = (_signature(one, blobs) for one in (other, version))
    found = differences(old, new)
    if not found:
        return True, f"it takes and gives what version {other.version} does"
    more = [f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    return False, "; ".join([*found[:_SHOWN], *more])


def _signature(version: VersionRecord, blobs: Blobs) -> Signature:
    if version.signature is None:
        raise GateFaultError(
            f"version {version.version} of '{version.model}' has no signature"
        )
    return Signature.read(blobs.get_bytes(version.signature), version.signature)
