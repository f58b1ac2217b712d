"""A tracked cell: what is recorded before, while and after it runs.

Nothing here may break the cell: whatever cannot be recorded becomes a sentence in
the summary, and the rest is recorded all the same.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture import outputs
from jupyter_mlops.capture.files import DigestCache, FileWatch, digest_files
from jupyter_mlops.capture.sift import sift
from jupyter_mlops.capture.source import bindings
from jupyter_mlops.capture.usage import Usage, UsageWatch
from jupyter_mlops.records import Status
from jupyter_mlops.tracking import current
from jupyter_mlops.tracking.artifacts import record_own_file
from jupyter_mlops.tracking.cellrecords import CellSummary
from jupyter_mlops.tracking.displayed import record_figures, record_frames
from jupyter_mlops.tracking.fittedmodels import FittedModels
from jupyter_mlops.tracking.recipes import ARTIFACT as RECIPE
from jupyter_mlops.tracking.recipes import recipe_notebook
from jupyter_mlops.tracking.schemas import record_schemas
from jupyter_mlops.tracking.stamps import keep_stamp, stamp_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_mlops.capture.recipe import Recipe
    from jupyter_mlops.capture.stamp import Stamp
    from jupyter_mlops.store.store import Store
    from jupyter_mlops.tracking.cellrecords import (
        CellOutcome,
        CellSource,
        TrackOptions,
    )
    from jupyter_mlops.tracking.run import Run
    from jupyter_mlops.tracking.session import KernelSession

_digests = DigestCache()


class TrackedCell:
    """One tracked cell while it runs.

    Parameters
    ----------
    run : Run
        Begun for this cell, and current.
    """

    def __init__(
        self,
        run: Run,
        store: Store,
        cell: CellSource,
        options: TrackOptions,
        *,
        experiment: str,
    ) -> None:
        self.run = run
        self.experiment = experiment
        self.recorder = outputs.OutputRecorder()
        self.problems = list(options.problems)
        self._store = store
        self._cell = cell
        self._options = options
        self._watch = FileWatch(store.layout.project)
        self._kept: list[dict[str, Any]] = []
        self._fits = FittedModels(run, self._own_metrics)
        self._models: list[dict[str, Any]] = []
        self._recipe: Recipe | None = None
        self._stamp: Stamp | None = None
        self._usage: Usage | None = None
        self._began = time.time_ns() // 1000
        self._clock = time.perf_counter()
        # Written before the cell runs: if it takes the kernel with it, the source is
        # there to be looked at.
        self._try("source", lambda: self._record_cell(Status.RUNNING, 0.0))
        self._meter = UsageWatch().start()
        self._watch.start()
        if options.autolog:
            self._try("models", self._fits.start)

    def finish(
        self,
        outcome: CellOutcome,
        namespace: Mapping[str, Any],
        session: KernelSession,
    ) -> CellSummary:
        """Record what the cell did, end its run, and sum it up.

        Parameters
        ----------
        session : KernelSession
            Ends with this cell; its recipe is cut from it.
        """
        seconds = time.perf_counter() - self._clock
        self._usage = self._meter.stop()
        saved: dict[str, str] = {}
        self._try("models", self._fits.stop)
        self._try("files", self._record_files)
        self._try("values", lambda: self._record_values(outcome, namespace))
        self._try("models", lambda: self._record_models(namespace))
        self._try("saved objects", lambda: self._save_objects(namespace, saved))
        self._try("recipe", lambda: self._record_recipe(session))
        self._try("stamp", lambda: self._record_stamp(session))
        self._try("environment", self.run.record_environment)
        self._try("notes", self._record_words)
        self._try(
            "outputs", lambda: self._record_cell(outcome.status, seconds, outcome.error)
        )
        put = self._store.put_soon
        self._try("figures", lambda: record_figures(self.run, self._kept, put))
        self._try(
            "tables", lambda: record_frames(self.run, self.recorder.frames(), put)
        )
        self._try(
            "end",
            lambda: self.run.end(outcome.status, error=outcome.error, wait=False),
        )
        # Whatever failed above, log calls after the cell must not land in its run.
        current.leave(self.run)
        return CellSummary(
            run_id=self.run.id,
            name=self.run.name,
            experiment=self.experiment,
            status=outcome.status,
            seconds=seconds,
            params=dict(self.run.params),
            metrics=dict(self.run.metrics),
            saved=saved,
            models=self._models,
            masked=self.run.masker.count,
            stamp=self._stamp,
            usage=self._usage,
            dropped=self.recorder.dropped_bytes,
            problems=self.problems,
        )

    def _try(self, what: str, step: Callable[[], object]) -> None:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - a fault of ours never breaks a cell
            reason = str(error) or type(error).__name__
            self.problems.append(f"{what} not recorded: {reason}")

    def _record_values(
        self, outcome: CellOutcome, namespace: Mapping[str, Any]
    ) -> None:
        found = sift(
            bindings(self._cell.python),
            namespace,
            last_value=outcome.value,
            params=self._options.params,
            metrics=self._options.metrics,
        )
        self.problems.extend(found.problems)
        # What the cell logged itself is the better word on the same name.
        run = self.run
        run.log_params(_without(found.params, run.params))
        run.log_metrics(_without(found.metrics, run.metrics))

    def _own_metrics(self) -> set[str]:
        """Name the metrics that the cell will give by what it computes."""
        computed = bindings(self._cell.python).computed
        return {*computed, *self._options.metrics}

    def _record_models(self, namespace: Mapping[str, Any]) -> None:
        self.problems.extend(self._fits.problems)
        self._models = self._fits.record(namespace, self._store.put_soon)

    def _save_objects(
        self, namespace: Mapping[str, Any], saved: dict[str, str]
    ) -> None:
        for name in self._options.saves:
            if name not in namespace:
                self.problems.append(f"'{name}' not saved: there is no such name")
                continue
            try:
                saved[name] = self.run.log_object(name, namespace[name])
            except Exception as error:  # noqa: BLE001 - the other objects are still kept
                self.problems.append(f"'{name}' not saved: {error}")

    def _record_files(self) -> None:
        project = self._store.layout.project
        found = digest_files(self._watch.stop(), project, _digests)
        self.problems.extend(self._watch.problems)
        is_done = found.is_done
        entries = [*found.ready, *(found.wait() if is_done else [])]
        told = list(self.run.masker.paths(entries))
        for entry in told:
            self.run.record("file", **entry)
        record_schemas(self.run, project, told)
        if not is_done:
            # Not a daemon: a short script must not lose what it has read.
            threading.Thread(target=self.run.follow_up, args=(found.wait,)).start()

    def _record_recipe(self, session: KernelSession) -> None:
        options = self._options
        asked = (*options.saves, *options.params, *options.metrics)
        recipe = session.recipe({name.partition(".")[0] for name in asked})
        self._recipe = recipe
        data = recipe_notebook(recipe, self.run.id, self.run.masker)
        put = self._store.put_soon
        record_own_file(self.run, RECIPE, data, put, cells=len(recipe.cells))

    def _record_stamp(self, session: KernelSession) -> None:
        if self._recipe is not None:
            self._stamp = stamp_cell(self._recipe, session.cells, self._cell.notebook)
            keep_stamp(self._stamp, self.run)

    def _record_words(self) -> None:
        self.run.set_tags(dict(self._options.tags))
        if self._options.note is not None:
            self.run.log_note(self._options.note)

    def _record_cell(
        self, status: Status, seconds: float, error: BaseException | None = None
    ) -> None:
        masker = self.run.masker
        shown = self.recorder.finish() if status is not Status.RUNNING else []
        # Masked before they are cut up: half a secret is not recognised.
        shown = masker.outputs(shown)
        kept = self._kept = outputs.externalise(shown, self._store.put_soon)
        self.run.record(
            "cell",
            n=0,
            source=masker.text(self._cell.text),
            status=str(status),
            began=self._began,
            seconds=round(seconds, 6),
            cell_id=masker.texts(self._cell.cell_id),
            count=self._cell.execution_count,
            cpu=None if self._usage is None else self._usage.cpu_seconds,
            peak=None if self._usage is None else self._usage.peak_bytes,
            outputs=kept or None,
            error=None if error is None else masker.value(_error_fields(error, shown)),
        )


def _without(found: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key not in known}


def _error_fields(error: BaseException, shown: list[dict[str, Any]]) -> dict[str, str]:
    """Describe what ended the cell, with the traceback as the user saw it."""
    tracebacks = [item["traceback"] for item in shown if "traceback" in item]
    text = "\n".join(tracebacks[-1]) if tracebacks else ""
    return {"name": type(error).__name__, "value": str(error), "traceback": text}
