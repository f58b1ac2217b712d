"""Runs side by side, and everything that differs between two."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.wire.plain import plain
from jupyter_mlops.server.wire.runs import run
from jupyter_mlops.tracking.bests import is_lower_better
from jupyter_mlops.tracking.sidebyside import NOUNS
from jupyter_mlops.verbs import diffwords

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jupyter_mlops.server.wire.runs import Locate
    from jupyter_mlops.tracking.changes import Change, Part
    from jupyter_mlops.tracking.codediff import CodePart
    from jupyter_mlops.tracking.datadiff import ArtifactChange, FileChange
    from jupyter_mlops.tracking.outputdiff import OutputChange
    from jupyter_mlops.workspace.comparedshows import Picture, PicturePair, ShownPair
    from jupyter_mlops.workspace.comparing import Comparison, TwoRuns

_MOST = 200
"""Changes of a part that are sent; the rest are counted."""
_LINES = 1000
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def comparison(found: Comparison, locate: Locate) -> dict[str, Any]:
    """Say which values differ between runs, and which metric is best where."""
    sides = found.found
    metrics = sorted({key for record in sides.runs for key in record.metrics})
    return {
        "runs": [run(record, locate) for record in sides.runs],
        "missing": list(found.missing),
        "differing": {noun: list(sides.differing[noun]) for noun in NOUNS},
        "equal": {noun: list(sides.equal[noun]) for noun in NOUNS},
        "best": {
            key: [sides.runs[at].run_id for at in places]
            for key, places in sides.best.items()
        },
        "series": [
            key
            for key in metrics
            if any(
                key in record.metrics and record.metrics[key].count > 1
                for record in sides.runs
            )
        ],
        "lower_is_better": [
            key for key in metrics if is_lower_better(key, sides.lower_is_better)
        ],
    }


def difference(found: TwoRuns, locate: Locate) -> dict[str, Any]:
    """Say what changed from one run to another, part by part."""
    whole = found.difference
    data: list[FileChange | ArtifactChange]
    data = [*whole.files.changes, *whole.artifacts.changes]
    return {
        "before": run(whole.before, locate),
        "after": run(whole.after, locate),
        "is_equal": whole.is_equal,
        "remarks": list(whole.remarks),
        "values": {
            name: value_part(part)
            for name, part in (
                ("outcome", whole.outcome),
                ("packages", whole.packages),
                ("git", whole.git),
                ("environment", whole.environment),
            )
        },
        "uncommitted": list(whole.git.lines[:_LINES]),
        "code": code_part(whole.code),
        "recipe": code_part(whole.recipe),
        "data": {
            "changes": [data_change(one) for one in data[:_MOST]],
            "total": len(data),
            "equal": whole.files.equal + whole.artifacts.equal,
        },
        "outputs": {
            "changes": [
                output_change(change, shown)
                for change, shown in zip(
                    whole.outputs.changes[:_MOST], found.shown, strict=False
                )
            ],
            "total": len(whole.outputs.changes),
            "equal": whole.outputs.equal,
        },
        "pictures": [picture_pair(one) for one in found.pictures],
    }


def value_part(part: Part[Change]) -> dict[str, Any]:
    """Say named values that changed."""
    return {
        "changes": [
            {
                "name": one.name,
                "how": one.how,
                "before": plain(one.before),
                "after": plain(one.after),
            }
            for one in part.changes[:_MOST]
        ],
        "total": len(part.changes),
        "equal": part.equal,
    }


def code_part(part: CodePart) -> dict[str, Any]:
    """Say the cells that changed, each by a unified diff."""
    return {
        "changes": [
            {
                "how": one.how,
                "before": one.before,
                "after": one.after,
                "lines": list(one.lines[:_LINES]),
            }
            for one in part.changes[:_MOST]
        ],
        "total": len(part.changes),
        "equal": part.equal,
        "is_reordered": part.is_reordered,
    }


def data_change(change: FileChange | ArtifactChange) -> dict[str, Any]:
    """Say a file or an artifact that changed; its role is how it was used."""
    path = getattr(change, "path", None)
    return {
        "name": getattr(change, "name", "") if path is None else path,
        "role": "artifact" if path is None else getattr(change, "role", ""),
        "how": change.how,
        "before": diffwords.kept_bytes(change.before),
        "after": diffwords.kept_bytes(change.after),
        "words": diffwords.frame_words(change.frame) if change.frame else "",
    }


def output_change(change: OutputChange, shown: ShownPair) -> dict[str, Any]:
    """Say an output that changed: its text by lines, a table by values, and both."""
    said = [
        diffwords.table_words(change.table) if change.table else "",
        diffwords.image_words(change.image) if change.image else "",
    ]
    return {
        "how": change.how,
        "cell_before": change.cell_before,
        "cell_after": change.cell_after,
        "output_before": change.output_before,
        "output_after": change.output_after,
        "words": "; ".join(filter(None, said)),
        "lines": _without_colour(change.lines[:_LINES]),
        "before": plain(shown.before),
        "after": plain(shown.after),
        "omitted": list(shown.omitted),
    }


def picture_pair(pair: PicturePair) -> dict[str, Any]:
    """Say two pictures of one name."""
    return {
        "name": pair.name,
        "before": picture(pair.before),
        "after": picture(pair.after),
    }


def picture(found: Picture) -> dict[str, Any]:
    """Say a picture, its bytes in base64."""
    data = found.data
    return {
        "mime": found.mime,
        "size": found.size,
        "data": None if data is None else base64.b64encode(data).decode("ascii"),
    }


def _without_colour(lines: Iterable[str]) -> Sequence[str]:
    return [_COLOUR.sub("", line) for line in lines]
