"""The questions that the index answers, each in a transaction of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, TypeVar

from jupyter_mlops.records import micros_from_time
from jupyter_mlops.store.index.answers import NOUNS, RunQuery
from jupyter_mlops.store.index.curves import read_curves
from jupyter_mlops.store.index.details import Details
from jupyter_mlops.store.index.groups import read_values
from jupyter_mlops.store.index.marks import read_marks
from jupyter_mlops.store.index.origins import read_cell_runs, read_writers
from jupyter_mlops.store.index.pages import read_names, read_page
from jupyter_mlops.store.index.queries import read_records, read_table, select_runs
from jupyter_mlops.store.index.search import search_runs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from jupyter_mlops.ids import Digest, RunId
    from jupyter_mlops.records import (
        ArtifactRecord,
        CellRecord,
        FileRecord,
        JsonValue,
        RunRecord,
    )
    from jupyter_mlops.store.index.answers import (
        CurveQuery,
        ExperimentRecord,
        KnownNames,
        MarkedCell,
        MetricCurve,
        MetricSeries,
        RunPage,
        RunTable,
        SearchHit,
    )
    from jupyter_mlops.store.index.groups import Grouping
    from jupyter_mlops.store.index.outputtexts import Peek

T = TypeVar("T")


class Questions(ABC):
    """What one may ask; where the database is, a subclass knows."""

    _peek: Peek | None

    @abstractmethod
    def _ask(self, question: Callable[[Connection], T]) -> T:
        """Put a question to the database."""

    def find(self, query: RunQuery) -> list[RunRecord]:
        """Return the runs that `query` asks for."""
        return self._ask(
            lambda connection: read_records(
                connection, select_runs(connection, query), query.include
            )
        )

    def page(
        self,
        query: RunQuery,
        offset: int,
        limit: int,
        grouping: Grouping | None = None,
    ) -> RunPage:
        """Return some of the runs that `query` asks for, and how many there are."""
        return self._ask(
            lambda connection: read_page(connection, query, offset, limit, grouping)
        )

    def marks(self, notebooks: Sequence[str]) -> list[MarkedCell]:
        """Return the last run of each cell of a notebook, known by these paths."""
        return self._ask(lambda connection: read_marks(connection, notebooks))

    def values(self, field: str, limit: int) -> list[str]:
        """Return texts that a field of the run language has, most frequent first.

        Raises
        ------
        FilterSyntaxError
            When there is no such field.
        """
        return self._ask(lambda connection: read_values(connection, field, limit))

    def names(self) -> KnownNames:
        """Return the names of all params, metrics and tags."""
        return self._ask(read_names)

    def table(self, query: RunQuery) -> RunTable:
        """Return the runs that `query` asks for, by column."""
        return self._ask(
            lambda connection: read_table(
                connection, select_runs(connection, query), query.include
            )
        )

    def search(
        self, text: str, *, experiment: str | None = None, limit: int = 20
    ) -> list[SearchHit]:
        """Return runs in which all words of `text` occur, latest first.

        Looked for in names, notes, params, tags, errors, and in the sources and
        outputs of cells; ``"in quotes"`` words follow one another, ``reg*`` is how a
        word begins.

        Raises
        ------
        InvalidInputError
            When there is no word in `text`.
        ExperimentNotFoundError
            When there is no such experiment.
        """
        return self._ask(
            lambda connection: search_runs(
                connection, text, experiment, limit, self._peek
            )
        )

    def run(self, run_id: RunId) -> RunRecord:
        """Return one run.

        Raises
        ------
        RunNotFoundError
            When the index has no run of this id.
        """
        return self._ask(
            lambda connection: read_records(
                connection, [Details(connection).number(run_id)], NOUNS
            )[0]
        )

    def children(self, run_id: RunId) -> list[RunRecord]:
        """Return the runs whose parent this is, oldest first."""
        return self.find(RunQuery(parent=run_id, order_by=("started", "run_id")))

    def resolve(self, text: str) -> RunId:
        """Find the run that a full id, a unique prefix, or ``last`` stands for.

        Raises
        ------
        RunNotFoundError, AmbiguousRunError
            With `text` and `candidates`.
        """
        return self._ask(lambda connection: Details(connection).resolve(text))

    def history(self, run_id: RunId, key: str) -> MetricSeries:
        """Return all points of one metric.

        Raises
        ------
        MetricNotFoundError
            Names the nearest metric that the run has.
        """
        return self._ask(lambda connection: Details(connection).history(run_id, key))

    def curves(self, query: CurveQuery) -> list[MetricCurve]:
        """Return metrics small enough to draw, extremes kept."""
        return self._ask(lambda connection: read_curves(connection, query))

    def cells(self, run_id: RunId) -> list[CellRecord]:
        """Return a run's executed cells, in their order."""
        return self._ask(lambda connection: Details(connection).cells(run_id))

    def artifacts(self, run_id: RunId) -> list[ArtifactRecord]:
        """Return a run's artifacts, by name."""
        return self._ask(lambda connection: Details(connection).artifacts(run_id))

    def files(self, run_id: RunId) -> list[FileRecord]:
        """Return the files that a run read and wrote."""
        return self._ask(lambda connection: Details(connection).files(run_id))

    def writers(self, digests: Iterable[Digest]) -> dict[Digest, list[RunId]]:
        """Return the runs that wrote files of these digests, the oldest first."""
        return self._ask(lambda connection: read_writers(connection, digests))

    def cell_runs(
        self, notebook: str, cell_ids: Iterable[str], before: datetime
    ) -> dict[str, list[RunId]]:
        """Return the runs of a notebook's cells that began before a time, by cell."""
        micros = micros_from_time(before)
        return self._ask(
            lambda connection: read_cell_runs(connection, notebook, cell_ids, micros)
        )

    def observations(self, run_id: RunId) -> dict[str, JsonValue]:
        """Return what was noticed about a run, by name."""
        return self._ask(lambda connection: Details(connection).observations(run_id))

    def experiments(self) -> list[ExperimentRecord]:
        """Return all experiments, the one used last first."""
        return self._ask(lambda connection: Details(connection).experiments())

    def best(self, experiment: str, before: datetime) -> dict[str, tuple[float, float]]:
        """Return the least and greatest last value of each metric of an experiment.

        Only of runs that began before a time, and have ended; metrics of which none
        has a number are left out.
        """
        micros = micros_from_time(before)
        return self._ask(
            lambda connection: Details(connection).best(experiment, micros)
        )
