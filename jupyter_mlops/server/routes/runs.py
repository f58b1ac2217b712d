"""Runs: lists, their metrics, and what is searched for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_mlops import errors
from jupyter_mlops.server import wire
from jupyter_mlops.server.routes.handler import Handler
from jupyter_mlops.tracking.badges import listed
from jupyter_mlops.tracking.bests import is_lower_better

if TYPE_CHECKING:
    from jupyter_mlops.ids import RunId
    from jupyter_mlops.store.index import RunQuery, SearchHit
    from jupyter_mlops.workspace import Workspace

_PAGE = 100
_MOST_ROWS = 1000
_MOST_HITS = 500
_MOST_OFFSET = 10_000_000
_MOST_POINTS = 20_000
_POINTS = 1000
_VALUES = 50
_KINDS = ("cell", "notebook", "step", "script", "parent")


class RunsHandler(Handler):
    """``runs``: a page of the runs that a question finds."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Filter, search, order and cut out a page."""
        text = self.word("text").strip()
        offset = self.number("offset", 0, most=_MOST_OFFSET)
        limit = self.number("limit", _PAGE, most=_MOST_ROWS)
        asked = {
            "filter": self.word("filter"),
            "order_by": self.word("order_by") or (),
            "experiment": self.word("experiment") or None,
            "kinds": self._kinds(),
            "parent": self.word("parent") or None,
            "tagged": listed(
                self.word("filter"), with_archived=self.word("archived") == "1"
            ),
        }
        group_by, metric = self.word("group_by"), self.word("metric")

        def question(workspace: Workspace) -> dict[str, Any]:
            from jupyter_mlops.store.index import Grouping, RunQuery

            index = workspace.store.index
            index.catch_up()
            query = RunQuery(**asked)  # type: ignore[arg-type]  # each by its own name
            grouping = Grouping(group_by, metric) if group_by else None
            hits, is_capped = None, False
            if text:
                hits, is_capped = _search(workspace, query, text)
                query = replace(query, within=list(hits))
            page = index.page(query, offset, limit, grouping)
            lower = workspace.settings.lower_is_better
            return wire.run_page(
                page,
                self.locate_in(workspace),
                hits,
                is_capped=is_capped,
                is_lower_better=is_lower_better(metric, lower),
            )

        await self.answer(question)

    def _kinds(self) -> list[str]:
        kinds = [kind for kind in self.word("kind").split(",") if kind]
        for kind in kinds:
            if kind not in _KINDS:
                raise errors.InvalidInputError(
                    f"'{kind}' is no kind of run.{errors.nearest(kind, _KINDS)}",
                    kind=kind,
                )
        return kinds


class NamesHandler(Handler):
    """``names``: what filters, orders and columns may name."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """List experiments, params, metrics and tags."""

        def question(workspace: Workspace) -> dict[str, Any]:
            index = workspace.store.index
            index.catch_up()
            return wire.names(index.names(), index.experiments())

        await self.answer(question)


class ValuesHandler(Handler):
    """``values``: texts that a field of the run language has."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """List the most frequent first."""
        field = self.word("field")
        limit = self.number("limit", _VALUES, most=_MOST_HITS)

        def question(workspace: Workspace) -> dict[str, Any]:
            index = workspace.store.index
            index.catch_up()
            return wire.values(field, index.values(field, limit))

        await self.answer(question)


class SearchHandler(Handler):
    """``search``: runs in which words occur."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Search names, notes, params, tags, errors, sources and outputs."""
        text = self.word("text")
        experiment = self.word("experiment") or None
        limit = self.number("limit", 20, most=_MOST_HITS)

        def question(workspace: Workspace) -> dict[str, Any]:
            index = workspace.store.index
            index.catch_up()
            found = index.search(text, experiment=experiment, limit=limit + 1)
            return wire.hits(found[:limit], is_capped=len(found) > limit)

        await self.answer(question)


class MetricHandler(Handler):
    """``runs/<run>/metrics/<key>``: a series, reduced, its extremes kept."""

    @authenticated
    @authorized
    async def get(self, run: str, key: str) -> None:
        """Read at most about ``points`` of its points, between two steps."""
        points = self.number("points", _POINTS, most=_MOST_POINTS)
        first = self._step("from_step")
        last = self._step("to_step")

        def question(workspace: Workspace) -> dict[str, Any]:
            from jupyter_mlops.store.index import CurveQuery

            index, found = workspace.store.index, workspace.get_run(run)
            curves = index.curves(
                CurveQuery(
                    run_ids=[found.id],
                    keys=[key],
                    first=first,
                    last=last,
                    points=points,
                )
            )
            if not curves:
                # It knows which metric may have been meant.
                index.history(found.id, key)
            return wire.series(curves[0])

        await self.answer(question)

    def _step(self, name: str) -> float | None:
        text = self.word(name)
        try:
            return float(text) if text else None
        except ValueError:
            raise errors.InvalidInputError(
                f"'{name}' is {text[:40]!r}; it must be a number.", name=name
            ) from None


def _search(
    workspace: Workspace, query: RunQuery, text: str
) -> tuple[dict[RunId, SearchHit], bool]:
    """Find runs by words; true when there are more than are looked at."""
    found = workspace.store.index.search(
        text, experiment=query.experiment, limit=_MOST_HITS + 1
    )
    hits = {hit.run_id: hit for hit in found[:_MOST_HITS]}
    return hits, len(found) > _MOST_HITS
