"""Sweeps: one notebook over many values of its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.api.place import here

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from jupyter_mlops.pipeline.sweeps.results import SweepResult


def sweep(
    notebook: str | os.PathLike[str],
    parameters: Mapping[str, Any] | None = None,
    *,
    grid: Mapping[str, Any] | None = None,
    over: Mapping[str, Any] | None = None,
    random: int | None = None,
    search: int | None = None,
    metric: str | None = None,
    goal: str | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    missing: bool = False,
    **options: Any,
) -> SweepResult:
    """Run a notebook over many values of its parameters, each point as a run.

    Cells that do not depend on what is swept over run once; each point goes on from a
    copy of their process.

    Parameters
    ----------
    notebook : path
        The notebook; its cell tagged ``parameters`` says what it takes.
    parameters : mapping, optional
        Values that all points share.
    grid : mapping, optional
        Lists of values by parameter: each combination is a point.
    over : mapping, optional
        What `random` or `search` draws from, by parameter: lists of values, or ranges
        as texts: ``"0.1..10"``, ``"log:0.01..10"``, ``"int:1..50"``.
    random, search : int, optional
        How many points to draw, or to search for the best `metric` (extra ``search``).
    metric, goal : str, optional
        What tells the best point, and whether ``max`` or ``min`` of it.
    seed : int, optional
        Of what is drawn; without it one is drawn, and recorded.
    jobs : int, optional
        How many points at once; without it one, on a cluster as many as it has threads.
    missing : bool
        Points that an earlier sweep has finished, with the same code and values, are
        taken from there.
    **options
        ``name``, ``experiment``, ``kernel``, ``engine``, ``timeout`` (seconds that a
        cell may take), ``memory`` (bytes that a point may take), ``output`` (a folder
        for the executed notebooks), ``on`` (a dask cluster that runs the points,
        ``dask://host:port``), ``via`` (an fsspec URL for their files).

    Returns
    -------
    SweepResult
        ``.best .points .ranked .status .run_id .seed``, and ``.frame()`` as a table.

    Raises
    ------
    NotebookError, InvalidInputError
        Before anything starts, ClusterError as well. A point that fails raises nothing.
    """
    return here().sweeps.run(
        notebook,
        parameters,
        grid=grid,
        over=over,
        random=random,
        search=search,
        metric=metric,
        goal=goal,
        seed=seed,
        jobs=jobs,
        missing=missing,
        **options,
    )
