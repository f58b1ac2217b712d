"""One run and everything of it; and the few figures over an experiment."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import (
    AmbiguousRunError,
    MetricNotFoundError,
    RunNotFoundError,
    nearest,
)
from jupyter_mlops.ids import Digest, RunId, run_id_prefix
from jupyter_mlops.records import (
    ArtifactRecord,
    CellRecord,
    FileRecord,
    Status,
    time_from_micros,
)
from jupyter_mlops.store import events as journal_events
from jupyter_mlops.store.index.answers import ExperimentRecord, MetricSeries
from jupyter_mlops.store.index.queries import read_error
from jupyter_mlops.store.index.values import base_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from jupyter_mlops.records import JsonValue

LAST = "last"
_SHOWN = 10


class Details:
    """Answers about single runs, within one transaction of `connection`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._mark = "?" if connection.dialect.name == "sqlite" else "%s"

    def resolve(self, text: str) -> RunId:
        """Find the run that a full id, a unique prefix, or ``last`` stands for."""
        if text.strip().lower() == LAST:
            return self._last()
        prefix = run_id_prefix(text)
        # ~ sorts after every letter of an id: a range, served by the ids' index.
        found = self._fetch(
            "SELECT run_id FROM runs WHERE run_id >= ? AND run_id < ? "  # noqa: S608 - a number of ours
            f"AND started IS NOT NULL ORDER BY run_id LIMIT {_SHOWN + 1}",
            prefix,
            prefix + "~",
        )
        candidates = [RunId(row[0]) for row in found] if prefix else []
        if not candidates:
            raise _not_found(text)
        if len(candidates) > 1:
            shown = ", ".join(candidates[:_SHOWN])
            more = ", …" if len(candidates) > _SHOWN else ""
            raise AmbiguousRunError(
                f"'{text}' fits several runs: {shown}{more}. Give more of the id.",
                text=text,
                candidates=candidates[:_SHOWN],
            )
        return candidates[0]

    def number(self, run_id: str) -> int:
        """Return a run's number in the index."""
        found = self._fetch(
            "SELECT id FROM runs WHERE run_id = ? AND started IS NOT NULL", run_id
        )
        if not found:
            raise _not_found(run_id)
        return int(found[0][0])

    def history(self, run_id: str, key: str) -> MetricSeries:
        """Return all points of one metric."""
        run, base = self.number(run_id), base_of(run_id)
        found = self._fetch(
            "SELECT p.step, p.value, p.time FROM points p "
            "WHERE p.run = ? AND p.key = (SELECT id FROM keys WHERE name = ?) "
            "ORDER BY p.step, p.time, p.value IS NOT NULL, p.value",
            run,
            key,
        )
        if not found:
            raise MetricNotFoundError(
                f"Run {run_id} has no metric '{key}'."
                f"{nearest(key, self._metric_names(run))}",
                run_id=run_id,
                key=key,
            )
        return MetricSeries(
            steps=[row[0] for row in found],
            values=[math.nan if row[1] is None else row[1] for row in found],
            times=[base + row[2] for row in found],
        )

    def cells(self, run_id: str) -> list[CellRecord]:
        """Return a run's executed cells, in their order."""
        found = self._fetch(
            "SELECT position, body FROM cells WHERE run = ? ORDER BY position",
            self.number(run_id),
        )
        return [_cell(position, json.loads(body)) for position, body in found]

    def artifacts(self, run_id: str) -> list[ArtifactRecord]:
        """Return a run's artifacts, by name."""
        found = self._fetch(
            "SELECT name, format, digest, size, is_folder, meta FROM artifacts "
            "WHERE run = ?",
            self.number(run_id),
        )
        records = [
            ArtifactRecord(
                name=name,
                format=kind,
                digest=Digest(digest.hex()),
                size=size,
                is_folder=bool(is_folder),
                meta=json.loads(meta) if meta else {},
            )
            for name, kind, digest, size, is_folder, meta in found
        ]
        return sorted(records, key=lambda record: record.name)

    def files(self, run_id: str) -> list[FileRecord]:
        """Return the files that a run read and wrote, by role and path."""
        found = self._fetch(
            "SELECT role, path, digest, size, version FROM files WHERE run = ?",
            self.number(run_id),
        )
        records = [
            FileRecord(
                path=path,
                role=role,
                digest=None if digest is None else Digest(digest.hex()),
                size=size,
                version=version,
            )
            for role, path, digest, size, version in found
        ]
        return sorted(records, key=lambda record: (record.role, record.path))

    def observations(self, run_id: str) -> dict[str, JsonValue]:
        """Return what was noticed about a run, by name."""
        found = self._fetch(
            "SELECT name, body FROM observations WHERE run = ? ORDER BY name",
            self.number(run_id),
        )
        return {
            name: journal_events.from_json(json.loads(body)) for name, body in found
        }

    def experiments(self) -> list[ExperimentRecord]:
        """Return all experiments, the one used last first."""
        found = self._fetch(
            "SELECT e.name, count(*), max(r.started) FROM runs r "
            "JOIN experiments e ON e.id = r.experiment "
            "WHERE r.started IS NOT NULL GROUP BY e.id, e.name"
        )
        newest_first = sorted(found, key=lambda row: (-row[2], row[0]))
        return [
            ExperimentRecord(
                name=name, run_count=count, last_started=time_from_micros(started)
            )
            for name, count, started in newest_first
        ]

    def best(self, experiment: str, before: int) -> dict[str, tuple[float, float]]:
        """Return the extremes of last values, over an experiment's ended runs."""
        found = self._fetch(
            "SELECT k.name, min(m.last), max(m.last) FROM metrics m "
            "JOIN runs r ON r.id = m.run JOIN keys k ON k.id = m.key "
            "WHERE r.experiment = (SELECT id FROM experiments WHERE name = ?) "
            "AND r.ended IS NOT NULL AND r.started < ? AND m.last IS NOT NULL "
            "GROUP BY k.name",
            experiment,
            before,
        )
        return {name: (low, high) for name, low, high in found}

    def _last(self) -> RunId:
        found = self._fetch(
            "SELECT run_id FROM runs WHERE started IS NOT NULL "
            "ORDER BY started DESC, run_id DESC LIMIT 1"
        )
        if not found:
            raise RunNotFoundError(
                "There is no run yet: put %%track above a cell, or use start_run().",
                text=LAST,
                candidates=[],
            )
        return RunId(found[0][0])

    def _metric_names(self, run: int) -> list[str]:
        found = self._fetch(
            "SELECT k.name FROM experiment_keys e JOIN keys k ON k.id = e.key "
            "JOIN metrics m ON m.key = e.key AND m.run = ? WHERE e.noun = 1 "
            "AND e.experiment = (SELECT experiment FROM runs WHERE id = ?)",
            run,
            run,
        )
        return [row[0] for row in found]

    def _fetch(self, sql: str, *values: Any) -> Sequence[Sequence[Any]]:
        return self._connection.exec_driver_sql(
            sql.replace("?", self._mark), values
        ).all()


def _not_found(text: str) -> RunNotFoundError:
    return RunNotFoundError(
        f"There is no run '{text}'. Give a run id, the beginning of one, or 'last'; "
        f"'jupyter mlops runs' lists them.",
        text=text,
        candidates=[],
    )


def _cell(position: int, body: dict[str, Any]) -> CellRecord:
    return CellRecord(
        position=position,
        source=body["source"],
        status=Status(body["status"]),
        began=time_from_micros(body["began"]),
        seconds=body.get("seconds", math.nan),
        cell_id=body.get("cell_id"),
        execution_count=body.get("count"),
        outputs=body.get("outputs", []),
        error=read_error(body.get("error")),
        cpu_seconds=body.get("cpu"),
        peak_bytes=body.get("peak"),
    )
