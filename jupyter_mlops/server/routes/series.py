"""Metrics of several runs at once, to be drawn."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_mlops import errors
from jupyter_mlops.server import wire
from jupyter_mlops.server.routes.handler import Handler

if TYPE_CHECKING:
    from jupyter_mlops.store.index import CurveQuery
    from jupyter_mlops.workspace import Workspace

_AXES = ("step", "age", "time")
_POINTS = 1000
_MOST_POINTS = 20_000
_MOST_CURVES = 200
_MOST_IN_ALL = 400_000


class CurvesHandler(Handler):
    """``curves``: metrics of runs, reduced, their extremes kept."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Read about ``points`` points of each metric of each run."""
        query = self._query()
        count = len(query.run_ids) * len(query.keys)
        if count > _MOST_CURVES or count * query.points > _MOST_IN_ALL:
            raise errors.InvalidInputError(
                f"{count} curves of {query.points} points are too many at once; at "
                f"most {_MOST_CURVES} curves and {_MOST_IN_ALL} points are drawn.",
                name="runs",
            )

        def question(workspace: Workspace) -> dict[str, Any]:
            index = workspace.store.index
            index.catch_up()
            return wire.curves(index.curves(query), query.axis)

        await self.answer(question)

    def _query(self) -> CurveQuery:
        from jupyter_mlops.store.index import CurveQuery

        return CurveQuery(
            run_ids=self._names("runs"),
            keys=self._names("metrics"),
            axis=self._axis(),
            first=self._place("from"),
            last=self._place("to"),
            points=self.number("points", _POINTS, most=_MOST_POINTS),
        )

    def _axis(self) -> str:
        axis = self.word("axis") or _AXES[0]
        if axis not in _AXES:
            raise errors.InvalidInputError(
                f"'{axis[:40]}' is no axis; it must be one of {', '.join(_AXES)}.",
                name="axis",
            )
        return axis

    def _names(self, name: str) -> list[str]:
        """Return the words of a JSON list, each once."""
        try:
            found = json.loads(self.word(name) or "[]")
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, list) or not all(isinstance(w, str) for w in found):
            raise errors.InvalidInputError(
                f"'{name}' must be a JSON list of texts.", name=name
            )
        return list(dict.fromkeys(found))

    def _place(self, name: str) -> float | None:
        text = self.word(name)
        try:
            found = float(text) if text else None
        except ValueError:
            found = math.nan
        if found is not None and not math.isfinite(found):
            raise errors.InvalidInputError(
                f"'{name}' is {text[:40]!r}; it must be a number.", name=name
            )
        return found
