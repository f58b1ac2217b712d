"""Where steps and points run, if not here, and what they may take together."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from jupyter_mlops import errors
from jupyter_mlops.pipeline.limits.budget import Budget
from jupyter_mlops.pipeline.steps.executors import StepExecutors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jupyter_mlops.pipeline.clusters.dask_cluster import DaskCluster
    from jupyter_mlops.pipeline.clusters.points import FarPoints
    from jupyter_mlops.pipeline.steps.attempt import Room
    from jupyter_mlops.pipeline.steps.results import StepResult
    from jupyter_mlops.pipeline.steps.scheduler import Place
    from jupyter_mlops.pipeline.steps.sweptpoints import ReadRun
    from jupyter_mlops.pipeline.sweeps.plan import SweepPlan
    from jupyter_mlops.settings import Settings
    from jupyter_mlops.store.store import Store


def memory_setting(settings: Settings, name: str) -> int:
    """Return an amount of memory that a setting says, in bytes.

    Raises
    ------
    SettingError
        When it is no amount of memory.
    """
    from jupyter_mlops.pipeline.spec.quantities import bytes_of

    value = getattr(settings, name)
    try:
        return bytes_of(value)
    except ValueError as error:
        raise errors.SettingError(
            f"The setting '{name}' is {value!r}; it must be {error}.",
            setting=name,
            value=value,
        ) from None


def budget_of(settings: Settings, jobs: int) -> Budget:
    """Return what steps may take together: the machine's, or less by settings.

    Raises
    ------
    SettingError
        When ``max_memory`` is no amount of memory.
    """
    memory = memory_setting(settings, "max_memory") if settings.max_memory else 0
    return Budget.of_machine(cpus=settings.max_cpus, memory=memory, jobs=jobs)


def executors_of(engine: str, budget: Budget) -> StepExecutors:
    """Return what makes the executors of steps; raises on an unknown engine."""
    if engine != "worker":
        # Not for the default: what it imports takes longer than a cached pipeline.
        from jupyter_mlops.pipeline.executors import check_engine

        check_engine(engine)
    return StepExecutors(engine=engine, budget=budget)


@contextmanager
def reached(address: str | None) -> Iterator[DaskCluster | None]:
    """Lend a cluster, if one is wanted.

    Raises
    ------
    ClusterError
        When it cannot be reached.
    """
    if address is None:
        yield None
        return
    from jupyter_mlops.pipeline.clusters.dask_cluster import DaskCluster

    cluster = DaskCluster(address)
    try:
        yield cluster
    finally:
        cluster.close()


def place_maker(
    cluster: DaskCluster, room: Room, via: str, engine: str, read_run: ReadRun
) -> Callable[[Mapping[str, StepResult]], Place]:
    """Return what makes the place on a cluster, from results as they grow."""
    from jupyter_mlops.pipeline.clusters.steps import ClusterSteps

    def make(results: Mapping[str, StepResult]) -> Place:
        return ClusterSteps(
            cluster=cluster,
            room=room,
            results=results,
            read_run=read_run,
            via=via,
            engine=engine,
        )

    return make


@contextmanager
def far_points(
    address: str | None, plan: SweepPlan, store: Store, via: str
) -> Iterator[FarPoints | None]:
    """Lend what runs a sweep's points on a cluster, if that is wanted.

    Raises
    ------
    ClusterError
        When it cannot be reached, or cannot be given what the notebook needs.
    """
    with reached(address) as cluster:
        if cluster is None:
            yield None
            return
        from jupyter_mlops.pipeline.clusters.desk import Desk
        from jupyter_mlops.pipeline.clusters.points import FarPoints

        desk = Desk(cluster)
        found = FarPoints(desk, plan, store, via)
        with desk.attended():
            yield found
