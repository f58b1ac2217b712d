"""The verbs that the command line and ``%mlops`` share, one file a verb or a group.

Each verb is a function over a workspace that returns an answer, and a command that
says it. Nothing heavy is imported before a verb needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_mlops.verbs.session import Answer, LiveShow
    from jupyter_mlops.workspace import Workspace

__all__ = ["answer"]


def answer(
    words: Sequence[str],
    workspace: Workspace,
    *,
    show: Callable[[Answer], bool] | None = None,
    live: Callable[[], LiveShow] | None = None,
) -> None:
    """Run a verb and print its answer, as ``%mlops`` does.

    Parameters
    ----------
    show : callable, optional
        Shows an answer in richer form than text, and tells whether it did.
    live : callable, optional
        Makes what shows a run while it goes on.

    Raises
    ------
    MagicUsageError
        When there is no such verb, option or value.
    MlopsError
        What the verb itself raises.
    """
    from jupyter_mlops.errors import MagicUsageError
    from jupyter_mlops.verbs.app import UsageError, invoke
    from jupyter_mlops.verbs.session import Session

    try:
        session = Session(opened=workspace, show=show, live=live)
        invoke(words or ["--help"], session, program="%mlops")
    except UsageError as error:
        raise MagicUsageError(usage_text(error), words=list(words)) from None


def usage_text(error: Exception) -> str:
    """Say in one sentence what is wrong with a command's words."""
    said = getattr(error, "format_message", lambda: str(error))()
    return f"{said.rstrip('.?!')}{'?' if said.endswith('?') else '.'}"
