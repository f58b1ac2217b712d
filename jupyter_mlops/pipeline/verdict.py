"""What a verification finds, and how it is kept with the run. Nothing runs here."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.masking import Masker
from jupyter_mlops.tracking.artifacts import record_own_file
from jupyter_mlops.tracking.badges import PREFIX

if TYPE_CHECKING:
    from jupyter_mlops.ids import RunId
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.tracking.comparison import Difference
    from jupyter_mlops.tracking.run import Run

ARTIFACT = "verification.json"
TAG = PREFIX + "verify"


class Verdict(StrEnum):
    """What a verification finds."""

    REPRODUCED = "reproduced"
    DIFFERS = "differs"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedCell:
    """The cell of a recipe or a notebook that failed, or the script.

    Attributes
    ----------
    position : int
        Which of the cells, from 0.
    ran_as : int or None
        The number that it had when it first ran, as in ``In [7]``.
    title : str
        Its first line of code, or the script's name.
    where : str
        ``recipe``, ``notebook`` or ``script``.
    """

    position: int
    ran_as: int | None
    title: str
    error: str
    message: str
    traceback: str = ""
    where: str = "recipe"

    def __str__(self) -> str:
        count = f" (In [{self.ran_as}])" if self.ran_as is not None else ""
        said = f"{self.error}: {self.message}" if self.message else self.error
        if self.where == "script":
            return f"{self.title}: {said}"
        return (
            f"cell {self.position} of the {self.where}{count}, '{self.title}': {said}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What came of doing a run again.

    Attributes
    ----------
    means : str
        What was run: ``recipe``, ``notebook`` or ``script``.
    differences : tuple of Difference
        When the verdict is ``differs``.
    failure : FailedCell or None
        When it is ``failed``.
    hints : tuple of str
        What may explain it, or limits what it means.
    """

    run_id: RunId
    verdict: Verdict
    means: str = "recipe"
    tolerance: float
    seconds: float
    ignored: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    failure: FailedCell | None = None
    hints: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The verdict in one line."""
        if self.failure is not None:
            return f"{self.verdict} in {self.failure}"
        if not self.differences:
            return str(self.verdict)
        if all(item.kind == "model" for item in self.differences):
            names = ", ".join(item.name for item in self.differences)
            return f"{self.verdict} in the bytes of models alone: {names}"
        more = len(self.differences) - 1
        return f"{self.verdict} in {self.differences[0]}" + (
            f", and {more} more" if more else ""
        )

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return asdict(self)


def keep_verdict(found: Verification, run: Run, blobs: Blobs) -> None:
    """Keep a verdict with the run that it is about, through a journal of its own.

    The run has been joined, and is let go here.
    """
    # NaN has no number in JSON, so its name stands for it.
    plain = json.loads(json.dumps(found.to_json()), parse_constant=str)
    told = Masker().value(plain)
    data = json.dumps(told, indent=1, ensure_ascii=False).encode("utf-8", "replace")
    try:
        summary = Masker().text(found.summary)
        record_own_file(run, ARTIFACT, data, blobs.put_bytes, summary=summary)
        run.set_tag(TAG, str(found.verdict))
    finally:
        run.end()
