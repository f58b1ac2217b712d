"""Runs compared: many by their values, two by everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_mlops import errors
from jupyter_mlops.server import wire
from jupyter_mlops.server.routes.handler import Handler

if TYPE_CHECKING:
    from jupyter_mlops.workspace import Workspace

_LONGEST = 20_000
"""Letters of a list of ids: many more than `compare_many` takes."""


class CompareHandler(Handler):
    """``compare``: the runs whose ids ``runs`` lists, with commas between them."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Read all of them at once, and say what differs."""
        text = self.get_query_argument("runs", "") or ""
        if len(text) > _LONGEST:
            raise errors.InvalidInputError(
                "These are too many runs to compare; pick fewer.", name="runs"
            )
        run_ids = [one for one in text.split(",") if one]

        def question(workspace: Workspace) -> dict[str, Any]:
            from jupyter_mlops.workspace.comparing import compare_many

            found = compare_many(workspace, run_ids)
            return wire.comparison(found, self.locate_in(workspace))

        await self.answer(question)


class DiffHandler(Handler):
    """``diff``: what changed from the run ``before`` to the run ``after``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Compare code, outputs, data and environment."""
        before, after = self.word("before"), self.word("after")

        def question(workspace: Workspace) -> dict[str, Any]:
            from jupyter_mlops.workspace.comparing import compare_two

            found = compare_two(workspace, before, after)
            return wire.difference(found, self.locate_in(workspace))

        await self.answer(question)
