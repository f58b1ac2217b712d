"""One notebook run on a cluster, recorded here as if it had run here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from jupyter_mlops import errors
from jupyter_mlops.ids import Digest, RunId
from jupyter_mlops.pipeline.clusters.arrival import record_lost, take_in
from jupyter_mlops.pipeline.clusters.belongings import (
    earlier_runs,
    given_files,
    given_folders,
    mentioned_files,
    module_files,
    variables_for,
)
from jupyter_mlops.pipeline.clusters.dask_cluster import DaskCluster
from jupyter_mlops.pipeline.clusters.job import Answer, Job, NotebookWork
from jupyter_mlops.pipeline.clusters.parcel import Parcel
from jupyter_mlops.pipeline.clusters.versions import versions_of
from jupyter_mlops.pipeline.limits.budget import Limits
from jupyter_mlops.pipeline.parameters import check_parameters
from jupyter_mlops.pipeline.recording import ARTIFACT
from jupyter_mlops.pipeline.runner import target_of
from jupyter_mlops.pipeline.signals import held_back, let_in
from jupyter_mlops.pipeline.source_notebook import SourceNotebook
from jupyter_mlops.pipeline.steps.children import answer_of
from jupyter_mlops.pipeline.versions.facts import code_facts
from jupyter_mlops.pipeline.versions.notebook import NotebookText
from jupyter_mlops.pipeline.versions.sources import Sources
from jupyter_mlops.records import Kind

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_mlops.pipeline.clusters.dask_cluster import JobEnd
    from jupyter_mlops.store.store import Store


def run_on_cluster(
    address: str,
    path: str | os.PathLike[str],
    parameters: Mapping[str, Any] | None = None,
    *,
    store: Store,
    via: str = "",
    engine: str = "worker",
    output: str | os.PathLike[str] | None = None,
    limits: Limits | None = None,
    **options: Any,
) -> RunId:
    """Run a notebook at a worker of a dask cluster; see `pipeline.runner.run_notebook`.

    Local modules that it imports go along, and small files that its code names.

    Parameters
    ----------
    address : str
        The scheduler's: ``dask://host:port``.
    store : Store
        Where its run is recorded.
    via : str
        An fsspec URL for files; empty: they go through the scheduler.
    **options
        ``name``, ``experiment``, ``kernel``, ``timeout``.

    Raises
    ------
    ClusterError
        When the cluster cannot be reached, loses the notebook, or files are too large.
    """
    source = SourceNotebook.read(path)
    given = check_parameters(source.parameters, parameters or {})
    target = target_of(source, output)
    cluster = DaskCluster(address)
    try:
        with held_back():
            work = NotebookWork(path="", given=given, options=_said(options))
            job = job_for(source.path, work, store, cluster.address, via)
            job = replace(job, engine=engine, limits=limits or Limits())
            end = _follow(cluster, cluster.submit(job))
            if end.answer is None:
                raise _lost(source, work, store, job, end)
            take_in(end.answer, store)
            if target is not None:
                save_notebook(end.answer, target, store)
            return _run_of(end.answer)
    finally:
        cluster.close()


def _said(options: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in options.items() if value is not None}


def job_for(
    path: Path, work: NotebookWork, store: Store, cluster: str, via: str
) -> Job:
    """Make a job of a notebook and what of the project goes with it.

    Raises
    ------
    ClusterError
        When something that it needs cannot be sent.
    """
    root = store.layout.project
    notebook = NotebookText.read(path, path.name)
    _, _, local = code_facts(notebook, root, Sources())
    folders, digests = earlier_runs(work.given, store)
    parcel = Parcel(via=via)
    files = [path, *module_files(local, root)]
    files += given_files(work.given, path.parent, root)
    parcel.add(root, [*files, *mentioned_files(local, path.parent, root), *folders])
    parcel.add_stored(store.blobs, digests)
    return Job(
        name=path.stem,
        work=replace(work, path=str(path.relative_to(root))),
        parcel=parcel,
        home=str(root),
        cluster=cluster,
        versions=versions_of(local.outside),
        variables=variables_for(local.mentions.variables, store.settings),
        folders=tuple(given_folders(work.given, path.parent, root)),
    )


def _follow(cluster: DaskCluster, token: str) -> JobEnd:
    """Wait for a job; an interrupt is passed on, and what comes of it waited for."""
    interrupts: list[KeyboardInterrupt] = []
    while True:
        try:
            with let_in():
                end = cluster.wait()
        except KeyboardInterrupt as error:
            interrupts.append(error)
            cluster.interrupt()
            continue
        if end is not None and end.token == token:
            return end


def _run_of(answer: Answer) -> RunId:
    made = answer_of({"made": answer.made} if answer.made else answer.error)
    return RunId(made["run_id"])


def save_notebook(answer: Answer, target: Path, store: Store) -> None:
    """Save the executed notebook, also that of a run that failed."""
    for files in answer.journals.values():
        for line in b"".join(files.values()).splitlines():
            event = orjson.loads(line)
            if event.get("e") == "artifact" and event.get("name") == ARTIFACT:
                target.parent.mkdir(parents=True, exist_ok=True)
                store.blobs.restore_file(Digest(event["digest"]), target)


def _lost(
    source: SourceNotebook,
    work: NotebookWork,
    store: Store,
    job: Job,
    end: JobEnd,
) -> errors.ClusterError:
    """Record a run of which nothing came back, and return what to raise."""
    error = errors.ClusterError(
        f"{source.shown} has no result: {end.error}. What it had recorded went with "
        f"it. See the cluster's own log, or run it again.",
        notebook=source.shown,
        worker=end.worker,
    )
    error.__dict__["run_id"] = record_lost(
        store,
        error,
        scheduler=job.cluster,
        worker=end.worker,
        name=work.options.get("name") or source.path.stem,
        experiment=work.options.get("experiment") or source.path.stem,
        kind=Kind.NOTEBOOK,
        notebook=str(source.path),
        params=source.parameters.effective(work.given),
    )
    return error
