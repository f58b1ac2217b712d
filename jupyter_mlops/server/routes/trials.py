"""What may take minutes: gates asked, aliases moved, versions made again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_mlops.errors import InvalidInputError, NotFoundError
from jupyter_mlops.server import wire
from jupyter_mlops.server.routes.bodies import count_of, flag_of, text_of
from jupyter_mlops.server.routes.handler import Handler, json_bytes
from jupyter_mlops.server.trials import About, Outcome, Trials
from jupyter_mlops.server.users import identity_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.registry import Identity
    from jupyter_mlops.server.trials import Trial
    from jupyter_mlops.workspace import Workspace

    Work = Callable[[Workspace, Identity], Outcome]

_TRIALS = "jupyter_mlops_trials"
_FIRST_SECONDS = 5
"""A request waits so long for what it began, unless it says how long (``wait``):
most gates take milliseconds."""
_MOST_SECONDS = 25
"""Less than proxies have patience for."""


def trials_of(handler: Handler) -> Trials:
    """Return the server's trials."""
    found = handler.settings.setdefault(_TRIALS, Trials())
    assert isinstance(found, Trials), "the name is ours"
    return found


class TrialHandler(Handler):
    """``trials/<id>``: work on a version that was begun before."""

    @authenticated
    @authorized
    async def get(self, trial_id: str) -> None:
        """Say how it stands; ``wait``: so many seconds, until it has ended."""
        trial = trials_of(self).find(trial_id)
        if trial is None:
            raise NotFoundError(
                "The server knows nothing of this any more: it was started anew, or "
                "it is long ago. The model's history says what came of it."
            )
        await trial.wait(self.number("wait", 0, most=_MOST_SECONDS))
        self.tell(trial)

    async def begin(self, about: About, work: Work) -> None:
        """Begin it, wait a little, and say how it stands."""
        workspace = await self.in_thread(lambda: self._places.open(about.workspace))
        who = await self.in_thread(lambda: identity_of(self))
        # What is not there, or tampered with, is said at once.
        await self.in_thread(
            lambda: workspace.registry.version(about.model, about.version)
        )
        trial = trials_of(self).begin(about, lambda: work(workspace, who))
        await trial.wait(self.number("wait", _FIRST_SECONDS, most=_MOST_SECONDS))
        self.tell(trial)

    def tell(self, trial: Trial) -> None:
        """Send it; what ended it otherwise is the answer's error."""
        found = wire.trial(trial)
        self.set_status(202 if trial.is_running else 200)
        self.finish(json_bytes(found))

    def about(self, verb: str, name: str, version: str, **more: Any) -> About:
        """Say what is to be begun."""
        place = self.word("workspace")
        return About(
            verb=verb, workspace=place, model=name, version=int(version), **more
        )


class GatesHandler(TrialHandler):
    """``models/<name>/<version>/gates``: what stands before an alias."""

    @authenticated
    @authorized
    async def post(self, name: str, version: str) -> None:
        """Ask the gates of ``alias``; nothing is moved, the answers are kept."""
        body = self.body()
        alias = _alias_of(body)
        allow_pickle = flag_of(body, "allow_pickle")

        def work(workspace: Workspace, who: Identity) -> Outcome:
            word = workspace.models.word(allow_pickle=allow_pickle)
            gates, number = workspace.gates, int(version)
            answers = gates.run(name, number, alias=alias, word=word, by=who)
            approved = gates.approved(name, number, alias)
            return Outcome(answers=[*answers, *([approved] if approved else [])])

        await self.begin(self.about("gates", name, version, alias=alias), work)


class PromotionHandler(TrialHandler):
    """``models/<name>/<version>/promotion``: an alias moves to it."""

    @authenticated
    @authorized
    async def post(self, name: str, version: str) -> None:
        """Move ``alias`` if its gates let it pass, or with ``force`` and a reason.

        ``seen`` is the version that the asker saw the alias point to, 0 for none: an
        alias that somebody else has moved since stays where it is.
        """
        body = self.body()
        alias = _alias_of(body)
        allow_pickle = flag_of(body, "allow_pickle")
        options: dict[str, Any] = {
            "reason": text_of(body, "reason"),
            "force": flag_of(body, "force"),
            "seen": count_of(body, "seen"),
        }

        def work(workspace: Workspace, who: Identity) -> Outcome:
            word = workspace.models.word(allow_pickle=allow_pickle)
            found = workspace.models.promote(
                name, int(version), alias, word=word, by=who, **options
            )
            return Outcome(answers=found.answers)

        await self.begin(self.about("promotion", name, version, alias=alias), work)


class VerificationHandler(TrialHandler):
    """``models/<name>/<version>/verification``: made again, and compared."""

    @authenticated
    @authorized
    async def post(self, name: str, version: str) -> None:
        """Make it again from its recipe; the verdict is kept in its history."""
        allow_pickle = flag_of(self.body(), "allow_pickle")

        def work(workspace: Workspace, who: Identity) -> Outcome:
            uri = f"models:/{name}/{int(version)}"
            word = workspace.models.word(allow_pickle=allow_pickle)
            found = workspace.models.verify(uri, word=word, by=who)
            return Outcome(said=f"{found.verdict}: {found.summary}")

        await self.begin(self.about("verification", name, version), work)


def _alias_of(body: dict[str, Any]) -> str:
    from jupyter_mlops.registry.uris import checked_alias

    alias = text_of(body, "alias")
    if alias is None:
        raise InvalidInputError("Say which 'alias' is meant.", name="alias")
    return checked_alias(alias)
