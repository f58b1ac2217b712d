"""Notebooks run on a dask.distributed cluster that a team has; no scheduler of our own.

::

    here                          at a worker of the cluster
    steps, notebooks              mirror ── job
    parcel   dask_cluster ═══════ dask_cluster ── process of the job
    arrival                       parcel

A job is a process of its own at the worker, in a folder of its own that mirrors the
project: nothing is shared but what a parcel carries, by an fsspec URL or, when it is
small, through the scheduler. Only ``dask_cluster`` knows dask.
"""
