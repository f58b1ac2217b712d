"""One run: everything of it, and what is said of it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_mlops import errors
from jupyter_mlops.server import wire
from jupyter_mlops.server.routes.handler import Handler
from jupyter_mlops.tracking.badges import check_own_tags

if TYPE_CHECKING:
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace import Workspace

_LONGEST_NOTE = 100_000


class RunHandler(Handler):
    """``runs/<run>``: everything of one run, long outputs by digest."""

    @authenticated
    @authorized
    async def get(self, run: str) -> None:
        """Read it."""

        def question(workspace: Workspace) -> dict[str, Any]:
            from jupyter_mlops.workspace.rundetails import details_of

            return wire.run_details(
                details_of(workspace, run), self.locate_in(workspace)
            )

        await self.answer(question)

    @authenticated
    @authorized
    async def post(self, run: str) -> None:
        """Say ``note``, ``tags`` (null takes one off), ``archived``."""
        words = _AfterWords(self.body())

        def change(workspace: Workspace) -> dict[str, Any]:
            found = workspace.get_run(run)
            words.say_of(found)
            return wire.run(
                workspace.get_run(found.id).record, self.locate_in(workspace)
            )

        await self.answer(change)


class _AfterWords:
    """What a request says of a run; all of it is checked before any is said."""

    def __init__(self, body: dict[str, Any]) -> None:
        self._note = body.get("note")
        self._tags = body.get("tags", {})
        self._archived = body.get("archived")
        if not isinstance(self._note, str | None):
            raise errors.InvalidInputError("'note' must be a text.")
        if len(self._note or "") > _LONGEST_NOTE:
            raise errors.InvalidInputError(
                f"A note has at most {_LONGEST_NOTE} letters. Keep longer texts as an "
                f"artifact."
            )
        if not isinstance(self._tags, dict) or not all(
            isinstance(word, str | None) for word in self._tags.values()
        ):
            raise errors.InvalidInputError(
                "'tags' must be an object of texts; null takes a tag off."
            )
        if not isinstance(self._archived, bool | None):
            raise errors.InvalidInputError("'archived' must be true or false.")
        check_own_tags(self._tags)

    def say_of(self, run: RecordedRun) -> None:
        """Write it into the run's journal."""
        tags = {key: word for key, word in self._tags.items() if word is not None}
        off = [key for key, word in self._tags.items() if word is None]
        if tags:
            run.set_tags(tags)
        if off:
            run.remove_tags(off)
        if self._note is not None:
            run.log_note(self._note)
        if self._archived is not None:
            (run.archive if self._archived else run.restore)()
