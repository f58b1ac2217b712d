"""``follow``: a run while it goes on, from another process."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.verbs.session import AsJson, make_console, session_of

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from jupyter_mlops.workspace import Workspace
    from jupyter_mlops.workspace.watching import RunWatch


@dataclass(frozen=True)
class FollowedRun:
    """How a run stood when it was last looked at."""

    watch: RunWatch

    @property
    def exit_code(self) -> int:
        """1 when it failed, or its process is gone."""
        return int(self.watch.runs.root.status in ("failed", "lost"))

    def to_json(self) -> dict[str, Any]:
        """Return how it ended, and the runs within it."""
        root = self.watch.runs.root
        return {
            "run_id": root.id,
            "name": root.name,
            "status": root.status,
            "cells": root.done,
            "seconds": round(self.watch.seconds(root), 3),
            "children": [
                {"run_id": run.id or None, "name": run.name, "status": run.status}
                for run in self.watch.runs.children(root)
            ],
        }

    def render(self) -> RenderableType:
        """Return how it stands."""
        from rich.console import Group

        from jupyter_mlops.verbs.liveview import live_page
        from jupyter_mlops.verbs.shown import text

        last = f"See it with: jupyter mlops show {self.watch.runs.root.id}"
        return Group(live_page(self.watch), text(last))


def watch_of(workspace: Workspace, run: str) -> RunWatch:
    """Begin to watch a run: an id, a prefix of one, or ``last``.

    The last one is that which all others that began lately are within.
    """
    from jupyter_mlops.workspace.watching import RunWatch

    found = workspace.get_run(run)
    while run == "last" and found.record.parent_id:
        found = workspace.get_run(found.record.parent_id)
    return RunWatch(workspace, found.id)


def follow_command(
    context: typer.Context,
    *,
    run: Annotated[
        str,
        typer.Argument(
            help="A run's id, the beginning of one, or 'last'.", metavar="[RUN]"
        ),
    ] = "last",
    once: Annotated[
        bool, typer.Option("--once", help="Say how it stands now, and leave.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look on at a run while it goes on, here or in another terminal.

    Cells that are done, the one that runs with its clock and the time that it took in
    earlier runs, and what it prints. With --json each line is one event, as in the
    run's journal, and the last how it ended. Ctrl-C ends the looking, not the run.

    Example:
      jupyter mlops follow
      jupyter mlops follow 01jd3k8v2m --json
    """
    session = session_of(context)
    watch = watch_of(session.workspace(), run)
    if once:
        while watch.look():
            continue
        session.say(FollowedRun(watch), as_json=as_json)
        return
    if as_json:
        _print_events(watch)
    else:
        _show(watch, make_console())
    answer = FollowedRun(watch)
    if not as_json:
        session.say(answer, as_json=False)
    elif answer.exit_code:
        raise typer.Exit(answer.exit_code)


def _print_events(watch: RunWatch) -> None:
    import json

    from jupyter_mlops.verbs.plain import plain

    while not watch.is_over:
        for event in _look(watch):
            print(json.dumps(event, ensure_ascii=False), flush=True)
    told = {"e": "followed", **plain(FollowedRun(watch).to_json())}
    print(json.dumps(told, ensure_ascii=False), flush=True)


def _show(watch: RunWatch, console: Console) -> None:
    from jupyter_mlops.verbs.liveview import PlainLines, live_page

    if not console.is_terminal:
        plain = PlainLines(has_outputs=True)
        while not watch.is_over:
            for line in plain.lines(watch, _look(watch)):
                console.print(line, soft_wrap=True)
        return
    from rich.live import Live

    with Live(console=console, auto_refresh=False, transient=True) as live:
        while not watch.is_over:
            _look(watch)
            live.update(live_page(watch), refresh=True)


def _look(watch: RunWatch) -> list[dict[str, Any]]:
    """Look, and rest a while if there was nothing."""
    from jupyter_mlops.workspace.watchthread import SECONDS

    found = watch.look()
    if not found and not watch.is_over:
        time.sleep(SECONDS)
    return found
