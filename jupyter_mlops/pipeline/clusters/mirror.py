"""A job at its worker: the project's mirror, a workspace of its own, and the run in it.

The mirror's journals and blobs go back with the answer.
"""

from __future__ import annotations

import contextlib
import os
import platform
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import orjson

from jupyter_mlops import errors
from jupyter_mlops.pipeline.clusters.boundedcells import BoundedCells
from jupyter_mlops.pipeline.clusters.job import OBSERVATION, Answer, NotebookWork
from jupyter_mlops.pipeline.clusters.parcel import Parcel
from jupyter_mlops.pipeline.clusters.versions import differences
from jupyter_mlops.pipeline.limits.budget import Budget
from jupyter_mlops.settings import PREFIX, load_settings
from jupyter_mlops.store.layout import Layout
from jupyter_mlops.store.manifest import checked_path
from jupyter_mlops.store.store import Store
from jupyter_mlops.tracking.objects import ObjectFormats

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.pipeline.clusters.job import Job, StepWork
    from jupyter_mlops.pipeline.steps.attempt import Attempt
    from jupyter_mlops.pipeline.steps.sweptpoints import OnePoint
    from jupyter_mlops.tracking.run import Run

RUN = "run"
"""The file beside the mirror that names the job's own run, once it has begun."""
_DASKS_OWN = ("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
"""Set to 1 by dask for each worker: a step that asks for more has more."""


@dataclass
class Mirror:
    """A project's files at a worker, and a workspace for what a job records.

    Parameters
    ----------
    job : Job
        What is to be done.
    root : Path
        An empty folder, with no link in its path.
    worker : str
        The worker's address.
    jobs : int
        How many jobs the worker may run at once.
    """

    job: Job
    root: Path
    worker: str
    jobs: int = 1
    notes: list[str] = field(default_factory=list)
    run_id: str = ""

    def run(self) -> Answer:
        """Do the job; whatever it raises is in the answer."""
        from jupyter_mlops.pipeline.steps.children import done

        self._take_variables()
        os.chdir(self.root)
        layout = Layout(self.root)
        layout.create()
        self.job.parcel.unpack(self.root)
        for name in self.job.folders:
            (self.root / checked_path(name)).mkdir(parents=True, exist_ok=True)
        self.notes += differences(self.job.versions, platform.node())
        store = Store(layout, load_settings(None))
        told = done(lambda: self._work(store))
        store.close()
        answer = Answer(notes=self.notes, parcel=Parcel(via=self.job.parcel.via))
        answer.made = told.pop("made", None)
        if "message" in told:
            told["message"] = self._at_home(told["message"])
            for name, value in told.get("values", {}).items():
                if isinstance(value, str):
                    told["values"][name] = self._at_home(value)
        answer.error = told
        answer.run_id = self.run_id
        self._pack(store, answer)
        return answer

    def _take_variables(self) -> None:
        for name in list(os.environ):
            # Of the worker's own; nothing of it is this project's.
            if name.startswith(PREFIX):
                del os.environ[name]
        if self.job.limits.cpus:
            for name in _DASKS_OWN:
                os.environ.pop(name, None)
        os.environ.update(self.job.variables)

    def _work(self, store: Store) -> dict[str, Any]:
        work = self.job.work
        if isinstance(work, NotebookWork):
            return {"run_id": self._run_notebook(work, store)}
        return self._run_step(work, store)

    def _run_notebook(self, work: NotebookWork, store: Store) -> str:
        from jupyter_mlops.pipeline.runner import run_notebook
        from jupyter_mlops.records import Kind
        from jupyter_mlops.tracking.run import Run

        path = self.root / work.path
        cells = BoundedCells(
            path,
            engine=self.job.engine,
            limits=self._budget().limits(self.job.limits),
            options=work.options,
        )

        def begin(**fields: Any) -> Run:
            told = {"kind": Kind.NOTEBOOK, **fields, **work.begins}
            run = cells.run = Run.begin(store, ObjectFormats(), **told)
            self.tell(run)
            return run

        return run_notebook(
            path,
            work.given,
            begin_run=begin,
            blobs=store.blobs,
            executor=cells if cells.is_bounded else None,
            engine=self.job.engine,
            **work.options,
        )

    def _run_step(self, work: StepWork, store: Store) -> dict[str, Any]:
        from jupyter_mlops.pipeline.steps.attempt import Attempt, Room
        from jupyter_mlops.pipeline.steps.executors import StepExecutors
        from jupyter_mlops.pipeline.steps.made import told_of
        from jupyter_mlops.pipeline.steps.sweptpoints import PointsHere
        from jupyter_mlops.pipeline.versions.reasons import reasons

        planner = self._planner(work, store)
        executors = StepExecutors(engine=self.job.engine, budget=self._budget())

        def make_executor(run: Run, look: Any) -> Any:
            self.tell(run)
            return executors(run, look)

        room = Room(
            planner=planner,
            store=store,
            formats=ObjectFormats,
            parent=work.parent,
            make_executor=make_executor,
            lower_is_better=store.settings.lower_is_better,
        )
        look = planner.facts(planner.pipeline.by_name[work.step], work.results)
        changed = reasons(work.facts, look.facts)
        attempt: OnePoint | Attempt
        if work.point is not None:
            try_point = PointsHere(room, work.results)
            attempt = try_point(look, work.point, work.parent, work.number)
        else:
            attempt = Attempt(room, look, work.results, work.number)
        told = told_of(attempt.execute_step())
        if changed:
            told["trace"] = None
            self.notes.append(
                f"runs again next time: on the cluster {'; '.join(changed)}"
            )
        return told

    def _planner(self, work: StepWork, store: Store) -> Any:
        from jupyter_mlops.pipeline.steps.plan import Planner
        from jupyter_mlops.pipeline.versions.filedigests import FileDigests
        from jupyter_mlops.pipeline.versions.ledger import Ledger
        from jupyter_mlops.pipeline.versions.sources import Sources

        folder = store.layout.folder / "versions"
        return Planner(
            pipeline=replace(work.pipeline, folder=self.root / work.folder, file=None),
            blobs=store.blobs,
            ledger=Ledger(folder),
            files=FileDigests(folder),
            sources=Sources(folder),
            recall=lambda _: [],
            overrides={work.step: work.overrides},
        )

    def _budget(self) -> Budget:
        whole = Budget.of_machine(jobs=self.jobs)
        wanted = self.job.limits
        return replace(whole, cpus=max(whole.cpus, wanted.cpus))

    def tell(self, run: Run) -> None:
        """Keep with a run where it runs."""
        told: dict[str, Any] = {
            "scheduler": self.job.cluster,
            "worker": self.worker,
            "host": platform.node(),
        }
        run.observe(OBSERVATION, told | ({"differs": self.notes} if self.notes else {}))
        if not self.run_id:
            self.run_id = run.id
            (self.root.parent / RUN).write_text(run.id)

    def _pack(self, store: Store, answer: Answer) -> None:
        """Put what was recorded into the answer."""
        for folder in store.layout.journals.iterdir():
            lines = {
                file.name: self._rebased(file.read_bytes())
                for file in folder.glob("*.jsonl")
            }
            # Journals of earlier runs came with the parcel.
            if f".mlops/journals/{folder.name}" not in self._given:
                answer.journals[folder.name] = lines
        came = self.job.parcel.stored
        wanted = [item for item in store.blobs.digests() if item not in came]
        try:
            answer.parcel.add_blobs(store.blobs, wanted)
        except errors.ClusterError as error:
            answer.made = None
            answer.error = {
                "error": type(error).__name__,
                "message": f"What '{self.job.name}' made cannot come back: {error}",
                "run_id": None,
            }
            answer.parcel = Parcel()
            wanted = []
        answer.digests = list(wanted)

    @property
    def _given(self) -> set[str]:
        return {entry.path for entry in self.job.parcel.entries}

    def _at_home(self, text: str) -> str:
        return text.replace(f"{self.root}/", f"{self.job.home}/")

    def _rebased(self, data: bytes) -> bytes:
        """Name the project's own folder where the mirror's is named as a place."""
        mark = os.fsencode(self.root)
        if mark not in data:
            return data
        return b"".join(self._line(line) for line in data.splitlines(keepends=True))

    def _line(self, line: bytes) -> bytes:
        with contextlib.suppress(ValueError):
            event = orjson.loads(line)
            place = {"start": "notebook", "file": "path"}.get(event.get("e"), "")
            path = event.get(place)
            if isinstance(path, str) and path.startswith(f"{self.root}/"):
                event[place] = self.job.home + path.removeprefix(str(self.root))
                return orjson.dumps(event, None, orjson.OPT_APPEND_NEWLINE)
        return line
