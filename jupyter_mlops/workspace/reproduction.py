"""Making a registered version again from its recipe, and comparing the two models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.capture.masking import Masker
from jupyter_mlops.tracking.comparison import TOLERANCE, Difference
from jupyter_mlops.tracking.likeness import value_change
from jupyter_mlops.tracking.likeness_tables import array_change, frame_change

if TYPE_CHECKING:
    from jupyter_mlops.pipeline.verdict import Verification
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.registry import Identity, LoadWord
    from jupyter_mlops.tracking.comparison import RunSide
    from jupyter_mlops.workspace.workspace import Workspace

MODEL = "model"
PREDICTION = "prediction"


def make_again(
    workspace: Workspace,
    version: VersionRecord,
    word: LoadWord,
    *,
    by: Identity | str | None = None,
    **options: Any,
) -> Verification:
    """Do a version's run again, compare, and keep the verdict in the history.

    Where the version keeps an example of its input, what both models make of it is
    compared in place of their bytes.

    Parameters
    ----------
    word : LoadWord
        What both models may do when they are loaded.
    by : Identity or str, optional
        Who asked for it; found out when not told.
    options
        As `Notebooks.verify` takes them.

    Raises
    ------
    RunNotFoundError
        When the version's run is not in this workspace.
    """
    if version.run_id is None:
        raise errors.RunNotFoundError(
            f"Version {version.version} of '{version.model}' says nothing of the run "
            f"that made it, so it cannot be made again.",
            model=version.model,
            version=version.version,
        )
    comparison = _Models(workspace, version, word, options.get("tolerance", TOLERANCE))
    found = workspace.notebooks.rerun(
        workspace.get_run(version.run_id), further=comparison.further, **options
    )
    plain = json.loads(json.dumps(found.to_json()), parse_constant=str)
    data = json.dumps(Masker().value(plain), indent=1, ensure_ascii=False)
    workspace.registry.standing.keep_verdict(
        version.model,
        version.version,
        str(found.verdict),
        summary=found.summary,
        document=workspace.store.blobs.put_bytes(data.encode("utf-8", "replace")),
        by=by,
    )
    return found


class _Models:
    """The model of a version, and that of its run done again."""

    def __init__(
        self,
        workspace: Workspace,
        version: VersionRecord,
        word: LoadWord,
        tolerance: float,
    ) -> None:
        self._workspace = workspace
        self._version = version
        self._word = word
        self._tolerance = tolerance

    def further(self, rerun: RunSide, found: list[Difference]) -> list[Difference]:
        """Compare what both predict; without an example what is found stands."""
        from jupyter_mlops.registry.gates.trial import example_of

        version = self._version
        example = example_of(version, self._workspace.store.blobs)
        if example is None or version.artifact not in rerun.run.artifacts:
            return found
        others = [
            item
            for item in found
            if (item.kind, item.name) != (MODEL, version.artifact)
        ]
        try:
            change = self._change(rerun, example)
        except errors.UnsafeModelError:
            # Not allowed to load them: their bytes are what there is to compare.
            return found
        if change is None:
            return others
        return [*others, Difference(kind=PREDICTION, name="", change=change)]

    def _change(self, rerun: RunSide, example: Any) -> str | None:
        from jupyter_mlops.registry.candidate import Candidate
        from jupyter_mlops.registry.gates.trial import predicted

        then = self._workspace.registry.load(self._version, self._word)
        again = Candidate.of(rerun.run, self._version.artifact)
        now = again.load(rerun.blobs, self._word)
        return _prediction_change(
            predicted(then, example), predicted(now, example), self._tolerance
        )


def _prediction_change(then: Any, now: Any, tolerance: float) -> str | None:
    import numpy as np

    if hasattr(then, "columns") and hasattr(now, "columns"):
        return frame_change(then, now, tolerance)
    if isinstance(then, dict | list | str | int | float):
        return value_change(then, now, tolerance)
    return array_change(np.asarray(then), np.asarray(now), tolerance)
