"""``gate``: the checks that a promotion must pass, listed, added, tried out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.gateanswers import Gated
from jupyter_mlops.verbs.session import AsJson, make_console, session_of

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

    from jupyter_mlops.registry.gates.spec import AliasRule
    from jupyter_mlops.workspace import Workspace

DEFAULT_ALIAS = "champion"


@dataclass(frozen=True)
class GateList:
    """What ``gates.yaml`` asks, by model and alias."""

    file: Path
    rules: list[AliasRule]
    said: str = ""
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return the file, and one object for each alias of each model."""
        return {"file": self.file, "rules": [_plain(rule) for rule in self.rules]}

    def render(self) -> RenderableType:
        """Return a table, one row a gate."""
        from rich.console import Group

        if not self.rules:
            return shown.text(
                f"No gates. Add one: 'jupyter mlops gate churn --add \"metrics.auc >= "
                f"0.9\"', or write {self.file}."
            )
        table = shown.make_table("model", "alias", "gate", "kind")
        for rule in self.rules:
            for gate in rule.gates:
                cells = (rule.model, rule.alias, gate.name, gate.kind)
                table.add_row(*(shown.text(cell, width=90) for cell in cells))
            if rule.demand is not None:
                word = shown.counted(rule.demand.count, "approval")
                cells = (rule.model, rule.alias, word, "approvals")
                table.add_row(*(shown.text(cell) for cell in cells))
        lines = [shown.text(self.said)] if self.said else []
        return Group(*lines, table)


def _plain(rule: AliasRule) -> dict[str, Any]:
    gates = [
        {
            "name": gate.name,
            "kind": gate.kind,
            "check": gate.check.text if gate.check else None,
            "schema": gate.schema,
            "notebook": gate.notebook,
            "dataset": gate.dataset,
            "target": gate.target,
        }
        for gate in rule.gates
    ]
    told = {"model": rule.model, "alias": rule.alias, "gates": gates}
    return told | {"approvals": rule.demand}


def list_gates(
    workspace: Workspace,
    name: str | None = None,
    alias: str | None = None,
    *,
    said: str = "",
) -> GateList:
    """List the gates of all models, or those that one must pass."""
    book = workspace.gates.book()
    rules = [rule for rule in book.rules if name is None or rule.holds_for(name, alias)]
    return GateList(book.file, rules, said)


def add_gate(workspace: Workspace, name: str, alias: str, text: str) -> GateList:
    """Add a gate to ``gates.yaml``, and list those of the model."""
    workspace.gates.add(name, alias, text)
    said = f"{name}@{alias} must pass '{text}' from now on."
    return list_gates(workspace, name, alias, said=said)


def run_gates(
    workspace: Workspace,
    name: str,
    version: int,
    alias: str | None = None,
    **options: Any,
) -> Gated:
    """Ask the gates about a version; `options` are those of `Gates.run`."""
    answers = workspace.gates.run(name, version, alias=alias, **options)
    return Gated(workspace.registry.version(name, version), alias, answers)


def gate_command(
    context: typer.Context,
    *,
    name: Annotated[
        str | None,
        typer.Argument(help="The model. Default: all.", metavar="[NAME]"),
    ] = None,
    version: Annotated[
        int | None,
        typer.Argument(help="Ask the gates about this version.", metavar="[VERSION]"),
    ] = None,
    alias: Annotated[
        str | None, typer.Option(help="Only for this alias.", metavar="ALIAS")
    ] = None,
    add: Annotated[
        str | None,
        typer.Option(help="Add this to gates.yaml.", metavar="EXPRESSION"),
    ] = None,
    allow_pickle: Annotated[
        bool,
        typer.Option(
            "--allow-pickle", help="Gates that load the model may unpickle it."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the gates that models must pass, add one, or try them on a version.

    Gates are written in gates.yaml beside the workspace. What they say of a version
    is kept in the model's history; the exit code is 1 when one is not passed.

    Example:
      jupyter mlops gate churn --add "metrics.auc >= 0.9"
      jupyter mlops gate churn 3 --alias champion
    """
    from jupyter_mlops.verbs.progress import progress_bar

    session = session_of(context)
    workspace = session.workspace()
    if add is not None:
        if name is None or version is not None:
            raise InvalidInputError("Adding a gate takes a model, and no version.")
        found = add_gate(workspace, name, alias or DEFAULT_ALIAS, add)
        session.say(found, as_json=as_json)
    elif name is None or version is None:
        session.say(list_gates(workspace, name, alias), as_json=as_json)
    else:
        with progress_bar(make_console(stderr=True)) as progress:
            word = workspace.models.word(allow_pickle=allow_pickle)
            answer = run_gates(
                workspace, name, version, alias, word=word, progress=progress
            )
        session.say(answer, as_json=as_json)
