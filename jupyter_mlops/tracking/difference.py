"""What changed between two recorded runs, part by part. Says nothing on a screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import StoreError
from jupyter_mlops.tracking import codediff
from jupyter_mlops.tracking.changes import (
    Change,
    How,
    Part,
    compare_values,
    count_equal,
    unequal,
)
from jupyter_mlops.tracking.codediff import CodePart
from jupyter_mlops.tracking.datadiff import (
    ArtifactChange,
    FileChange,
    compare_artifacts,
    compare_files,
)
from jupyter_mlops.tracking.gitdiff import GitPart, compare_git
from jupyter_mlops.tracking.outputdiff import (
    OutputChange,
    compare_outputs,
    run_tables,
)
from jupyter_mlops.tracking.recipes import ARTIFACT as RECIPE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_mlops.ids import Digest
    from jupyter_mlops.records import CellRecord, MetricSummary, RunRecord
    from jupyter_mlops.tracking.recorded import RecordedRun

    GetBytes = Callable[[Digest], bytes]

_PACKAGES = "packages"
_GIT = "git"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricChange:
    """A metric whose series is not the same in count, last, lowest and highest value.

    Attributes
    ----------
    change : float or None
        Last value after, less the last before.
    """

    name: str
    how: How
    before: MetricSummary | None = None
    after: MetricSummary | None = None
    change: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDifference:
    """What changed from one run to another.

    Attributes
    ----------
    outcome : Part of Change
        Status and error.
    code, recipe : CodePart
        The runs' cells; the cells before them that their recipes hold.
    files : Part of FileChange
        Read and written.
    remarks : tuple of str
        What could not be compared, and why.
    """

    before: RunRecord
    after: RunRecord
    outcome: Part[Change]
    code: CodePart
    recipe: CodePart
    params: Part[Change]
    metrics: Part[MetricChange]
    tags: Part[Change]
    packages: Part[Change]
    git: GitPart
    environment: Part[Change]
    files: Part[FileChange]
    artifacts: Part[ArtifactChange]
    outputs: Part[OutputChange]
    remarks: tuple[str, ...] = ()

    @property
    def parts(self) -> dict[str, Part[Any]]:
        """All parts by name, in the order in which they are read."""
        names = (
            "outcome code recipe params metrics tags files artifacts outputs packages "
            "git environment"
        )
        return {name: getattr(self, name) for name in names.split()}

    @property
    def is_equal(self) -> bool:
        """Whether no part holds a change."""
        return not any(
            part.changes
            or (isinstance(part, CodePart) and part.is_reordered)
            or (isinstance(part, GitPart) and part.lines)
            for part in self.parts.values()
        )


def difference(before: RecordedRun, after: RecordedRun, get: GetBytes) -> RunDifference:
    """Compare two runs.

    Parameters
    ----------
    before, after : RecordedRun
    get : callable
        Returns the bytes of a blob.
    """
    remarks: list[str] = []
    pairs = codediff.pair_cells(
        codediff.source_cells(before.cells), codediff.source_cells(after.cells)
    )
    old, new = _environments(before, after, remarks)
    if before.children or after.children:
        remarks.append(
            f"Runs within are not compared ({len(before.children)} in A, "
            f"{len(after.children)} in B): compare them by their own ids."
        )
    return RunDifference(
        before=before.record,
        after=after.record,
        outcome=compare_values(_outcome(before.record), _outcome(after.record)),
        code=codediff.compare_code(pairs),
        recipe=_compare_recipes(before, after, get, remarks),
        params=compare_values(before.params, after.params),
        metrics=compare_metrics(before.record.metrics, after.record.metrics),
        tags=compare_values(before.tags, after.tags),
        packages=compare_values(old.pop(_PACKAGES, {}), new.pop(_PACKAGES, {})),
        git=compare_git(before, after, (_git(old), _git(new)), get),
        environment=compare_values(_flat(old), _flat(new)),
        files=compare_files(before, after),
        artifacts=compare_artifacts(before, after),
        outputs=compare_outputs(
            _records(pairs, before, after),
            get,  # type: ignore[arg-type]  # digests, read from records
            (run_tables(before, get), run_tables(after, get)),  # type: ignore[arg-type]  # as above
        ),
        remarks=tuple(remarks),
    )


def compare_metrics(
    before: Mapping[str, MetricSummary], after: Mapping[str, MetricSummary]
) -> Part[MetricChange]:
    """Compare series by their summaries; NaN equals NaN."""
    changes = []
    # As text: NaN is itself there.
    for name, how, *_ in unequal(
        {name: repr(item) for name, item in before.items()},
        {name: repr(item) for name, item in after.items()},
    ):
        left, right = before.get(name), after.get(name)
        change = right.last - left.last if left and right else None
        changes.append(
            MetricChange(name=name, how=how, before=left, after=right, change=change)
        )
    return Part(
        changes=tuple(changes), equal=count_equal(before, after, tuple(changes))
    )


def _outcome(record: RunRecord) -> dict[str, Any]:
    found: dict[str, Any] = {"status": str(record.status)}
    if record.error is not None:
        found["error"] = f"{record.error.name}: {record.error.value}"
    return found


def _records(
    pairs: list[codediff.Pair], before: RecordedRun, after: RecordedRun
) -> list[tuple[CellRecord, CellRecord]]:
    old = {cell.position: cell for cell in before.cells}
    new = {cell.position: cell for cell in after.cells}
    return [
        (old[left.position], new[right.position])
        for left, right in pairs
        if left and right
    ]


def _environments(
    before: RecordedRun, after: RecordedRun, remarks: list[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read both environments; if one is missing, nothing can be said of either."""
    found = []
    for letter, run in (("A", before), ("B", after)):
        try:
            told = dict(run.environment)
        except (StoreError, ValueError) as error:
            remarks.append(f"The environment of {letter} cannot be read: {error}")
            told = {}
        found.append(told)
    if all(found):
        return found[0], found[1]
    if any(found):
        missing = "B" if found[0] else "A"
        remarks.append(f"Environments are not compared: {missing} has none recorded.")
    return {}, {}


def _git(environment: dict[str, Any]) -> dict[str, Any]:
    """Take git's state out of an environment: it is a part of its own."""
    found = environment.pop(_GIT, None)
    return found if isinstance(found, dict) else {}


def _flat(values: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Name each value within by its path: ``python.version``."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{above}{name}.")
        elif value is not None:
            found[f"{above}{name}"] = value
    return found


def _compare_recipes(
    before: RecordedRun, after: RecordedRun, get: GetBytes, remarks: list[str]
) -> CodePart:
    records = before.artifacts.get(RECIPE), after.artifacts.get(RECIPE)
    if None in records:
        if any(records):
            missing = "B" if records[0] else "A"
            remarks.append(f"Recipes are not compared: {missing} has none recorded.")
        return CodePart()
    try:
        old, new = (codediff.recipe_cells(get(item.digest)) for item in records if item)
    except (StoreError, ValueError, KeyError, TypeError) as error:
        remarks.append(f"Recipes are not compared: one cannot be read: {error}")
        return CodePart()
    return codediff.compare_code(codediff.pair_cells(old, new))
