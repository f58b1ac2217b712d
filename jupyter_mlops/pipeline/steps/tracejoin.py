"""What several runs needed, as one trace: all of it must hold for any to stand."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from jupyter_mlops.pipeline.versions.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Sequence


def joined_trace(traces: Sequence[Trace | None]) -> Trace | None:
    """Join traces; None when one is missing, or two contradict each other."""
    joined: dict[str, Any] = {}
    for trace in traces:
        if trace is None:
            return None
        for item in fields(Trace):
            found = getattr(trace, item.name)
            if isinstance(found, list):
                known = joined.setdefault(item.name, [])
                known += [one for one in found if one not in known]
                continue
            known = joined.setdefault(item.name, {})
            if any(known.get(name, value) != value for name, value in found.items()):
                return None
            known.update(found)
    if not joined:
        return None
    # A file that one run found and another did not was changed between them, unless
    # the first one wrote it.
    if set(joined["absent"]) & joined["reads"].keys() - joined["writes"].keys():
        return None
    joined["absent"] = [
        path for path in joined["absent"] if path not in joined["writes"]
    ]
    return Trace(**joined)
