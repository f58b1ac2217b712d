"""A run as it was recorded: what `get_run` returns."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.tracking.afterwords import Afterwords

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from jupyter_mlops.ids import RunId
    from jupyter_mlops.records import (
        ArtifactRecord,
        CellRecord,
        FileRecord,
        JsonValue,
        RunRecord,
        Status,
    )
    from jupyter_mlops.store.store import Store
    from jupyter_mlops.tracking.objects import ObjectFormats


class RecordedRun(Afterwords):
    """What is known of one run; it is read when first asked for.

    Attributes
    ----------
    record : RunRecord
        The run as the index had it when this was made.
    """

    def __init__(self, store: Store, formats: ObjectFormats, record: RunRecord) -> None:
        self.record = record
        self._store = store
        self._formats = formats

    def __repr__(self) -> str:
        return f"<RecordedRun {self.record.name} {self.id} {self.status}>"

    @property
    def id(self) -> RunId:
        """The run's id."""
        return self.record.run_id

    @property
    def name(self) -> str:
        """The run's name."""
        return self.record.name

    @property
    def status(self) -> Status:
        """running, finished, failed, cancelled or lost."""
        return self.record.status

    @property
    def params(self) -> dict[str, JsonValue]:
        """Params by name, with their types."""
        return self.record.params

    @property
    def metrics(self) -> dict[str, float]:
        """The last value of each metric."""
        return {key: item.last for key, item in self.record.metrics.items()}

    @property
    def tags(self) -> dict[str, str]:
        """Tags by name."""
        return self.record.tags

    @cached_property
    def cells(self) -> list[CellRecord]:
        """The cells that ran, in order."""
        return self._store.index.cells(self.id)

    @cached_property
    def files(self) -> list[FileRecord]:
        """The files that its cells read and wrote."""
        return self._store.index.files(self.id)

    @cached_property
    def observations(self) -> dict[str, JsonValue]:
        """What was noticed about it without being asked, by name."""
        return self._store.index.observations(self.id)

    @cached_property
    def children(self) -> list[RecordedRun]:
        """The runs begun within this one, oldest first."""
        records = self._store.index.children(self.id)
        return [RecordedRun(self._store, self._formats, record) for record in records]

    @cached_property
    def artifacts(self) -> dict[str, ArtifactRecord]:
        """What it keeps, by name."""
        return {item.name: item for item in self._store.index.artifacts(self.id)}

    @cached_property
    def environment(self) -> dict[str, Any]:
        """Where it ran; empty when it was not recorded."""
        if self.record.environment is None:
            return {}
        import json

        found = json.loads(self._store.blobs.get_bytes(self.record.environment))
        return dict(found)

    def history(self, key: str) -> pd.DataFrame:
        """Return the whole series of a metric.

        Returns
        -------
        DataFrame
            Columns ``step`` (int), ``value`` (float), ``time`` (UTC), by step.

        Raises
        ------
        MetricNotFoundError
            When the run has no such metric.
        """
        import pandas as pd

        series = self._store.index.history(self.id, key)
        times = pd.to_datetime(series.times, unit="us", utc=True)
        columns = {"step": series.steps, "value": series.values, "time": times}
        return pd.DataFrame(columns)

    def artifact(self, name: str) -> Any:
        """Make a kept object again; a kept file or folder comes as a path.

        Raises
        ------
        ArtifactNotFoundError
            When the run keeps nothing of this name.
        BlobCorruptError
            When the bytes are not those that were kept.
        """
        found = self.artifact_record(name)
        if self._formats.knows(found.format):
            return self._formats.make_again(found, self._store.blobs)
        return self._restored(found)

    def artifact_record(self, name: str) -> ArtifactRecord:
        """Return what is recorded of an artifact.

        Raises
        ------
        ArtifactNotFoundError
            When the run keeps nothing of this name.
        """
        found = self.artifacts.get(name)
        if found is None:
            raise errors.ArtifactNotFoundError(
                f"Run {self.id} keeps no artifact '{name}'."
                f"{errors.nearest(name, self.artifacts)}",
                run_id=self.id,
                name=name,
            )
        return found

    def save_artifact(self, name: str, target: Path) -> Path:
        """Write an artifact's bytes to `target`: a file, or a folder of files."""
        found = self.artifact_record(name)
        if found.is_folder:
            self._store.blobs.restore_folder(found.digest, target)
        else:
            self._store.blobs.restore_file(found.digest, target)
        return target

    def _restored(self, found: ArtifactRecord) -> Path:
        import tempfile
        from pathlib import Path

        from jupyter_mlops.tracking.objects import file_name

        # A copy for the caller to keep or change: blobs are nobody's to edit.
        folder = Path(tempfile.mkdtemp(prefix="mlops-"))
        return self.save_artifact(found.name, folder / file_name(found))
