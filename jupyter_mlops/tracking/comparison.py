"""What differs between a run as it was recorded and the same work done again.

Pure: both runs are only read. How two values are compared is in `likeness`.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.inlining import internalise, is_json_mime
from jupyter_mlops.errors import MlopsError
from jupyter_mlops.tracking import likeness
from jupyter_mlops.tracking.objects import file_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from jupyter_mlops.records import ArtifactRecord, JsonValue, MetricSummary
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.tracking.likeness import Change
    from jupyter_mlops.tracking.recorded import RecordedRun

TOLERANCE = 1e-9
_CARD = "jp-Mlops-card"
_PICTURES = ("image/png", "image/jpeg")
_WIDGET = "application/vnd.jupyter.widget-view+json"
_PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg"})
_TEXT_SUFFIXES = frozenset({".csv", ".html", ".json", ".md", ".tsv", ".txt"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not as it was.

    Attributes
    ----------
    kind : str
        ``status``, ``error``, ``param``, ``metric``, ``output``, ``artifact``,
        ``model`` or ``run`` (one begun within).
    name : str
        Which one; empty where there is only one.
    change : str
        What differs, and by how much.
    recorded, rerun : JSON value
        Both sides of a param or the last values of a metric.
    """

    kind: str
    name: str
    change: str
    recorded: JsonValue = None
    rerun: JsonValue = None

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.change}".replace(" :", ":")


@dataclass(frozen=True, slots=True)
class RunSide:
    """A run, and the blobs in which it is kept."""

    run: RecordedRun
    blobs: Blobs

    def outputs(self) -> list[dict[str, Any]]:
        """Return what its cells showed, whole."""
        kept = [output for cell in self.run.cells for output in cell.outputs]
        return internalise(kept, self.blobs.get_bytes)  # type: ignore[arg-type]  # digests, read from records

    def files(self, artifact: ArtifactRecord) -> dict[str, bytes]:
        """Return the bytes of an artifact's files, by path."""
        if not artifact.is_folder:
            return {"": self.blobs.get_bytes(artifact.digest)}
        entries = self.blobs.files(artifact.digest)
        return {entry.path: self.blobs.get_bytes(entry.digest) for entry in entries}

    def children(self) -> list[RunSide]:
        """Return the runs begun within it."""
        return [RunSide(child, self.blobs) for child in self.run.children]


def compare_runs(
    recorded: RunSide,
    rerun: RunSide,
    *,
    tolerance: float = TOLERANCE,
    ignore: Collection[str] = (),
) -> list[Difference]:
    """List what differs between two runs of the same code.

    Parameters
    ----------
    tolerance : float
        Relative: of each number, or of the largest in an array or a column.
    ignore : collection of str
        Names of params, metrics and artifacts that need not be alike.
    """
    found = [
        *_endings(recorded, rerun, tolerance),
        *_params(recorded.run.params, rerun.run.params),
        *_metrics(recorded.run.record.metrics, rerun.run.record.metrics, tolerance),
        *_outputs(recorded, rerun, tolerance),
        *_artifacts(recorded, rerun, tolerance, ignore),
        *_children(recorded, rerun, tolerance, ignore),
    ]
    return [item for item in found if item.name not in ignore]


def _endings(one: RunSide, other: RunSide, tolerance: float) -> Iterator[Difference]:
    then, now = one.run.record, other.run.record
    if then.status != now.status:
        change = f"{then.status} then, {now.status} now"
        yield Difference(kind="status", name="", change=change)
    elif then.error is not None and now.error is not None:
        one_said, other_said = (f"{e.name}: {e.value}" for e in (then.error, now.error))
        told = likeness.text_change(one_said, other_said, tolerance)
        if told is not None:
            yield Difference(kind="error", name="", change=told)


def _params(
    then: Mapping[str, JsonValue], now: Mapping[str, JsonValue]
) -> Iterator[Difference]:
    yield from _missing("param", then, now)
    for key in sorted(then.keys() & now.keys()):
        change = likeness.value_change(then[key], now[key], 0.0)
        if change is not None:
            yield Difference(
                kind="param",
                name=key,
                change=change,
                recorded=then[key],
                rerun=now[key],
            )


def _metrics(
    then: Mapping[str, MetricSummary],
    now: Mapping[str, MetricSummary],
    tolerance: float,
) -> Iterator[Difference]:
    yield from _missing("metric", then, now)
    for key in sorted(then.keys() & now.keys()):
        change = _series_change(then[key], now[key], tolerance)
        if change is not None:
            yield Difference(
                kind="metric",
                name=key,
                change=change,
                recorded=then[key].last,
                rerun=now[key].last,
            )


def _series_change(then: MetricSummary, now: MetricSummary, tolerance: float) -> Change:
    if then.count != now.count:
        return f"{then.count} values then, {now.count} now"
    for word in ("last", "min", "max"):
        pair = getattr(then, word), getattr(now, word)
        if (change := likeness.number_change(*pair, tolerance)) is not None:
            return change if word == "last" else f"{word} {change}"
    return None


def _missing(
    kind: str, then: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[Difference]:
    for name in sorted(then.keys() ^ now.keys()):
        change = "only then, not now" if name in then else "only now, not then"
        yield Difference(kind=kind, name=name, change=change)


# --- outputs ---------------------------------------------------------------------


def _outputs(one: RunSide, other: RunSide, tolerance: float) -> Iterator[Difference]:
    then, now = one.outputs(), other.outputs()
    # Which stream's text came first is chance; what each says is not.
    for name in ("stdout", "stderr"):
        left, right = _stream(then, name), _stream(now, name)
        told = likeness.text_change(left, right, tolerance)
        if told is not None:
            yield Difference(kind="output", name=name, change=told)
    shown = [_bundles(side) for side in (then, now)]
    if len(shown[0]) != len(shown[1]):
        change = f"{len(shown[0])} shown then, {len(shown[1])} now"
        yield Difference(kind="output", name="displays", change=change)
    pairs = zip(shown[0], shown[1], strict=False)
    for place, (one_shown, other_shown) in enumerate(pairs, start=1):
        told = _bundle_change(one_shown, other_shown, tolerance)
        if told is not None:
            yield Difference(kind="output", name=f"{place}", change=told)


def _stream(outputs: list[dict[str, Any]], name: str) -> str:
    kept = (item for item in outputs if item.get("name") == name)
    return "".join("".join(item["text"]) for item in kept)


def _bundles(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    bundles = [item["data"] for item in outputs if item.get("data")]
    return [data for data in bundles if _CARD not in str(data.get("text/html", ""))]


def _bundle_change(
    then: dict[str, Any], now: dict[str, Any], tolerance: float
) -> Change:
    """Compare one form of an output: the one that says most with least noise."""
    kinds = then.keys() & now.keys()
    if _WIDGET in kinds:
        # A widget is known by an id drawn at random; its state is not recorded.
        return None
    for mime in _PICTURES:
        if mime in kinds:
            change = likeness.picture_change(_decoded(then[mime]), _decoded(now[mime]))
            return None if change is None else f"{mime}: {change}"
    for mime in sorted(filter(is_json_mime, kinds)):
        change = likeness.value_change(then[mime], now[mime], tolerance)
        return None if change is None else f"{mime}: {change}"
    for mime in ("text/plain", *sorted(kinds)):
        if mime in kinds:
            texts = ["".join(side[mime]) for side in (then, now)]
            change = likeness.text_change(texts[0], texts[1], tolerance)
            return None if change is None else f"{mime}: {change}"
    return f"{', '.join(sorted(then))} then, {', '.join(sorted(now))} now"


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode("".join(value))
    except ValueError:
        return "".join(value).encode("utf-8", "surrogatepass")


# --- artifacts and runs within ---------------------------------------------------


def _artifacts(
    one: RunSide, other: RunSide, tolerance: float, ignore: Collection[str]
) -> Iterator[Difference]:
    then, now = _results(one.run), _results(other.run)
    yield from _missing("artifact", then, now)
    for name in sorted((then.keys() & now.keys()) - set(ignore)):
        left, right = then[name], now[name]
        if left.digest == right.digest and left.format == right.format:
            continue
        try:
            change = _artifact_change(one, other, left, right, tolerance)
        except (MlopsError, ImportError, OSError, ValueError, TypeError) as error:
            change = f"the bytes differ, and cannot be compared: {error}"
        if change is not None:
            kind = "model" if left.format == "model" else "artifact"
            yield Difference(kind=kind, name=name, change=change)


def _results(run: RecordedRun) -> dict[str, ArtifactRecord]:
    """Leave out what this package keeps with a run by itself."""
    own = {"recipe.ipynb", "verification.json"}
    return {name: item for name, item in run.artifacts.items() if name not in own}


def _artifact_change(
    one: RunSide,
    other: RunSide,
    then: ArtifactRecord,
    now: ArtifactRecord,
    tolerance: float,
) -> Change:
    if then.format != now.format:
        return f"kept as {then.format} then, as {now.format} now"
    if then.format not in _BY_VALUE:
        return _files_change(one.files(then), other.files(now), then, tolerance)
    values = one.run.artifact(then.name), other.run.artifact(now.name)
    return _BY_VALUE[then.format](*values, tolerance)


def _figure_change(then: Any, now: Any, _: float) -> Change:
    return likeness.picture_change(then.png, now.png)


_BY_VALUE: dict[str, Callable[[Any, Any, float], Change]] = {
    "array": likeness.array_change,
    "figure": _figure_change,
    "frame": likeness.frame_change,
    "json": likeness.value_change,
    "text": likeness.text_change,
}


def _files_change(
    then: dict[str, bytes],
    now: dict[str, bytes],
    artifact: ArtifactRecord,
    tolerance: float,
) -> Change:
    if odd := sorted(then.keys() ^ now.keys()):
        return f"files only in one of them: {', '.join(odd)}"
    for path in sorted(then):
        change = _bytes_change(
            then[path], now[path], path or file_name(artifact), tolerance
        )
        if change is not None:
            return f"{path}: {change}" if path else change
    return None


def _bytes_change(then: bytes, now: bytes, name: str, tolerance: float) -> Change:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _PICTURE_SUFFIXES:
        return likeness.picture_change(then, now)
    try:
        if suffix == ".json":
            return likeness.value_change(json.loads(then), json.loads(now), tolerance)
        if suffix in _TEXT_SUFFIXES:
            return likeness.text_change(then.decode(), now.decode(), tolerance)
    except ValueError:
        pass
    return likeness.file_change(then, now)


def _children(
    one: RunSide, other: RunSide, tolerance: float, ignore: Collection[str]
) -> Iterator[Difference]:
    then, now = one.children(), other.children()
    if len(then) != len(now):
        change = f"{len(then)} runs within then, {len(now)} now"
        yield Difference(kind="run", name="", change=change)
    for left, right in zip(then, now, strict=False):
        inner = compare_runs(left, right, tolerance=tolerance, ignore=ignore)
        for item in inner:
            yield Difference(kind="run", name=left.run.name, change=str(item))
