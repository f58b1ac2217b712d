"""Where the steps of a pipeline run, and what they may take together."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from jupyter_mlops import errors
from jupyter_mlops.pipeline.limits.budget import Budget
from jupyter_mlops.pipeline.steps.executors import StepExecutors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jupyter_mlops.pipeline.clusters.dask_cluster import DaskCluster
    from jupyter_mlops.pipeline.steps.attempt import Room
    from jupyter_mlops.pipeline.steps.results import StepResult
    from jupyter_mlops.pipeline.steps.scheduler import Place
    from jupyter_mlops.settings import Settings


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
    cluster: DaskCluster, room: Room, via: str, engine: str
) -> Callable[[Mapping[str, StepResult]], Place]:
    """Return what makes the place on a cluster, from results as they grow."""
    from jupyter_mlops.pipeline.clusters.steps import ClusterSteps

    def make(results: Mapping[str, StepResult]) -> Place:
        return ClusterSteps(
            cluster=cluster, room=room, results=results, via=via, engine=engine
        )

    return make
