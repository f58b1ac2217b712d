"""A run while it lives: every call appends to its journal before it returns."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Self

from jupyter_mlops.capture.masking import Masker
from jupyter_mlops.capture.ownimports import OwnImports
from jupyter_mlops.capture.values import as_number, check_key, check_step
from jupyter_mlops.ids import RunId, new_run_id
from jupyter_mlops.kinds import Kind, Status
from jupyter_mlops.store import events
from jupyter_mlops.tracking import current
from jupyter_mlops.tracking.artifacts import keep_path
from jupyter_mlops.tracking.beginnings import say_begun
from jupyter_mlops.tracking.ending import error_fields, status_of
from jupyter_mlops.tracking.steps import StepCounter
from jupyter_mlops.tracking.words import (
    check_params,
    check_tags,
    metric_lines,
    param_lines,
    tag_lines,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from jupyter_mlops.records import JsonValue
    from jupyter_mlops.store.store import Store
    from jupyter_mlops.tracking.objects import ObjectFormats


class Run:
    """A run that can be logged to.

    Not made directly: `begin` starts one, `join` adds to one that another process
    began. A run begun here ends with its ``with`` block, with `end`, or with the
    process.

    Attributes
    ----------
    id : RunId
        A ULID: sorts by time.
    outer : Run or None
        The run that was current when this one began.
    params, metrics : dict
        What this process logged so far; of each metric the last value.
    masker : Masker
        What masks secrets in the run's words before they are recorded.
    """

    def __init__(
        self,
        store: Store,
        formats: ObjectFormats,
        run_id: RunId,
        *,
        name: str = "",
        kind: Kind | None = None,
        joins: bool = False,
    ) -> None:
        self.id = run_id
        self.name = name
        self._kind = kind
        self.outer: Run | None = None
        self.params: dict[str, JsonValue] = {}
        self.metrics: dict[str, float] = {}
        self.masker = Masker()
        self.is_open = True
        self._store = store
        self._formats = formats
        self._journal = store.journal(run_id, joins=joins)
        self._steps = StepCounter()
        self._has_environment = False
        self._owner = None if joins else os.getpid()

    @classmethod
    def begin(
        cls,
        store: Store,
        formats: ObjectFormats,
        *,
        name: str,
        experiment: str,
        kind: Kind,
        parent: RunId | None = None,
        notebook: str | None = None,
        cell_id: str | None = None,
        params: Mapping[str, Any] | None = None,
        tags: Mapping[str, Any] | None = None,
    ) -> Run:
        """Begin a run: its first lines are in the journal when this returns.

        When its name, a param or a tag is refused, or the disk is full, no run was.
        """
        check_key(name, "run")
        check_key(experiment, "experiment")
        run = cls(store, formats, new_run_id(), name=name, kind=kind)
        told = {"name": name, "experiment": experiment, "notebook": notebook}
        # In VS Code, it holds the notebook's path.
        told["cell_id"] = cell_id
        values = check_params(params or {}, run.masker)
        words = check_tags(tags or {}, run.masker)
        start = events.encode(
            "start",
            **run.masker.texts(told),
            kind=str(kind),
            parent=parent,
        )
        try:
            run._journal.append(start + param_lines(values) + tag_lines(words))
        except BaseException:
            run._journal.discard()
            raise
        run.params.update(values)
        say_begun(run.id)
        return run

    @classmethod
    def join(cls, store: Store, formats: ObjectFormats, run_id: RunId) -> Run:
        """Add to a run that another process began, through a journal of our own."""
        return cls(store, formats, run_id, joins=True)

    def __repr__(self) -> str:
        state = "open" if self.is_open else "ended"
        return f"<Run {self.name or '(joined)'} {self.id} {state}>"

    @property
    def is_joined(self) -> bool:
        """Whether another process began it."""
        return self._owner is None

    @property
    def project(self) -> Path:
        """The folder that holds the workspace."""
        return self._store.layout.project

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end(status_of(error), error=error)

    # --- numbers and words -------------------------------------------------------

    def log_metric(self, key: str, value: Any, step: int | None = None) -> None:
        """Append one point to the series of a metric.

        Parameters
        ----------
        key : str
            Name of the metric.
        value : number
            Any scalar number: Python's, numpy's, pandas', a tensor with one element.
            NaN and infinities are kept.
        step : int, optional
            Place in the series; without it the next one, from 0.

        Raises
        ------
        InvalidMetricError
            When `value` is not one number, or `step` no integer.
        RunEndedError
            When the run has ended.
        """
        if type(value) is not float:
            value = as_number(value, key)
        if type(key) is not str or key not in self.metrics:
            key = self.masker.name(check_key(key, "metric"))
        if step is None:
            step = self._steps.draw(key)
        else:
            step = check_step(step, key)
            self._steps.follow(key, step)
        self._journal.append(events.encode_metric(key, value, step))
        self.metrics[key] = value

    def log_metrics(self, metrics: Mapping[str, Any], step: int | None = None) -> None:
        """Append one point to each of several metrics; all are checked first."""
        numbers = {
            self.masker.name(check_key(key, "metric")): as_number(value, key)
            for key, value in metrics.items()
        }
        step = None if step is None else check_step(step)
        if numbers:
            self._journal.append(metric_lines(numbers, self._steps, step))
        self.metrics.update(numbers)

    def log_param(self, key: str, value: Any) -> None:
        """Keep a param with its JSON type.

        Raises
        ------
        InvalidParamError
            When the value has no JSON form.
        """
        self.log_params({check_key(key, "param"): value})

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Keep several params; all are checked first."""
        values = check_params(params, self.masker)
        if values:
            self._journal.append(param_lines(values))
        self.params.update(values)

    def set_tag(self, key: str, value: Any) -> None:
        """Set a tag, a word about the run that may change later."""
        self.set_tags({check_key(key, "tag"): value})

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Set several tags."""
        words = check_tags(tags, self.masker)
        if words:
            self._journal.append(tag_lines(words))

    def log_note(self, text: str) -> None:
        """Keep a note on the run, in place of an earlier one."""
        self.record("note", text=self.masker.text(str(text)))

    # --- bytes and objects -------------------------------------------------------

    def log_artifact(
        self, path: str | os.PathLike[str], name: str | None = None
    ) -> None:
        """Keep a file or a folder as it is now.

        Parameters
        ----------
        path : path
            The file or folder; later changes to it do not reach the artifact.
        name : str, optional
            Name of the artifact; without it the file's.

        Raises
        ------
        ArtifactNotFoundError
            When there is nothing at `path`.
        """
        kept = keep_path(path, name, self._store.blobs)
        self.record("artifact", **self.masker.texts(kept))

    def log_object(self, name: str, value: Any) -> str:
        """Keep an object in the format that is known for its type.

        Returns
        -------
        str
            The format it was kept in.

        Raises
        ------
        UnstorableObjectError
            When no format takes an object of this type.
        """
        return self._keep(name, value, self._formats.name_for(value, name))

    def log_table(self, name: str, frame: Any) -> None:
        """Keep a table as parquet: a data frame, a dict of columns or rows."""
        self._keep(name, frame, "frame")

    def log_figure(self, name: str, figure: Any) -> None:
        """Keep a matplotlib figure as PNG and SVG."""
        self._keep(name, figure, "figure")

    def log_model(self, name: str, model: Any) -> None:
        """Keep a model in a safe format of its library.

        Raises
        ------
        UnstorableObjectError
            When no flavor is known for its type.
        """
        self._keep(name, model, "model")

    @OwnImports()
    def _keep(self, name: str, value: Any, format_name: str) -> str:
        name = self.masker.name(check_key(name, "artifact"))
        kept = self._formats.keep(value, name, format_name, self._store)
        self.record("artifact", name=name, **self.masker.texts(kept))
        return format_name

    # --- its life ----------------------------------------------------------------

    def record(self, event: str, /, **fields: Any) -> None:
        """Append an event of any kind, with fields as in ``events.schema.json``."""
        self._journal.append(events.encode(event, **fields))

    def take_over(self, lines: bytes) -> None:
        """Append lines of another run's journal, as they are: they hold here, too."""
        if lines:
            self._journal.append(lines)

    def observe(self, name: str, value: JsonValue) -> None:
        """Keep what was noticed without being asked, in place of an earlier word."""
        self.record("observation", k=name, v=events.to_json(self.masker.value(value)))

    def record_environment(self) -> None:
        """Keep where the run takes place; once, as late as its imports are known."""
        # A parent does no work of its own: those within it say where they ran.
        if self._has_environment or self._kind is Kind.PARENT:
            return
        self._has_environment = True
        # Parents and cached steps, all that a command may have to write, need it not.
        from jupyter_mlops.tracking.surroundings import record_surroundings

        # A notebook's kernel is another process than its runner, with other imports
        # of the same installation.
        is_imported_only = self._kind not in (Kind.NOTEBOOK, Kind.STEP)
        record_surroundings(self, self._store, imported_only=is_imported_only)

    def joined(self) -> Run:
        """Return another way into this run, open also when this one has ended."""
        return Run.join(self._store, self._formats, self.id)

    def end(
        self,
        status: Status = Status.FINISHED,
        *,
        error: BaseException | None = None,
        wait: bool = True,
    ) -> None:
        """End the run; what it logged is on the disk when this returns.

        Without `wait` it is so within a second, and a crash of the system before
        that, not of the process, could lose it.

        Ending twice does nothing. In a process that only joined the run, or was
        forked from its owner, this lets go of the journal and the run goes on.
        """
        if not self.is_open:
            return
        try:
            if self._owner == os.getpid():
                try:
                    self.record_environment()
                finally:
                    # A full disk that takes no environment may still take the end.
                    told = self.masker.value(error_fields(error))
                    self.record("end", status=str(status), error=told)
        finally:
            self.is_open = False
            current.leave(self)
            self._journal.close(wait=wait)

    def follow_up(self, wait: Callable[[], Sequence[Mapping[str, Any]]]) -> None:
        """Record files whose digests took longer than the run."""
        entries = self.masker.paths(wait())
        run = self.joined()
        for entry in entries:
            run.record("file", **entry)
        run.end()
