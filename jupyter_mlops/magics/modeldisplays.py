"""How answers about models are shown in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.verbs.card import ModelCard
from jupyter_mlops.verbs.gateanswers import Promoted
from jupyter_mlops.verbs.models import ModelList, VersionList
from jupyter_mlops.verbs.versions import OneVersion

if TYPE_CHECKING:
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.verbs.session import Answer
    from jupyter_mlops.workspace import Workspace


def model_page(answer: Answer, workspace: Workspace) -> str | None:
    """Return the page of an answer about models, None when it is about none."""
    if isinstance(answer, ModelList):
        from jupyter_mlops.widgets.modelspage import models_page

        return models_page(answer.models)
    if isinstance(answer, VersionList):
        from jupyter_mlops.widgets.modelspage import versions_page

        return versions_page(answer.versions)
    if isinstance(answer, OneVersion):
        return _version(workspace, answer.version, answer.said)
    if isinstance(answer, Promoted):
        return _promotion(workspace, answer)
    return answer.page() if isinstance(answer, ModelCard) else None


def _promotion(workspace: Workspace, answer: Promoted) -> str:
    if answer.refusal is None:
        return _version(workspace, answer.version, answer.line)
    from jupyter_mlops.widgets.page import line, page, said
    from jupyter_mlops.widgets.palette import BAD
    from jupyter_mlops.widgets.versionpage import gates_part

    answers = [one.to_json() for one in answer.answers]
    return page([line(said(answer.line, BAD)), gates_part(answers)], "promotion")


def _version(workspace: Workspace, version: VersionRecord, headline: str) -> str:
    from jupyter_mlops.widgets.versionpage import version_page

    facts = workspace.cards.facts(version)
    return version_page(facts, workspace.cards.curves(facts), headline=headline)
