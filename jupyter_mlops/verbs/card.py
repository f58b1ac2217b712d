"""``card``: what a version is, for people, as Markdown or as a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.verbs import shown
from jupyter_mlops.verbs.session import AsJson, session_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.registry.cards import CardFacts, Carried
    from jupyter_mlops.workspace import Workspace

Curves = dict[str, tuple[list[int], list[float]]]
_BARS = "▁▂▃▄▅▆▇█"
_BARS_WIDE = 24
_WIDTH, _HEIGHT = 320, 130


@dataclass(frozen=True)
class ModelCard:
    """A version's card.

    Attributes
    ----------
    curves : dict
        Steps and values of each metric that has more than one.
    saved : Path or None
        Where it was written to.
    """

    facts: CardFacts
    curves: Curves
    saved: Path | None = None
    exit_code: int = field(default=0, init=False)

    def to_json(self) -> dict[str, Any]:
        """Return what the card says."""
        facts = self.facts
        return {
            "uri": facts.uri,
            "version": facts.version,
            "task": facts.task,
            "fields": dict(facts.fields),
            "carried": {
                name: {"text": found.text, "version": found.version}
                for name, found in facts.carried.items()
            },
            "gates": facts.gates(),
            "data": [
                {"name": name, "digest": digest, "size": size}
                for name, digest, size in facts.data()
            ],
            "inputs": list(facts.inputs),
            "recipe": list(facts.recipe),
            "events": list(facts.events),
            "load": facts.load_lines(),
            "path": self.saved,
        }

    def render(self) -> RenderableType:
        """Return the Markdown, or where it was saved."""
        from rich.console import Group
        from rich.text import Text

        if self.saved is not None:
            size = shown.size(self.saved.stat().st_size)
            line = shown.text(f"Saved the card to {self.saved} ({size}).")
            return Group(line, *carried_note(self.facts.version, self.facts.carried))
        lines = self.markdown().rstrip().splitlines()
        return Group(*(Text(shown.safe_line(line)) for line in lines))

    def markdown(self) -> str:
        """Write it as Markdown."""
        from jupyter_mlops.registry.cards import write_markdown

        sparks = {name: _spark(values) for name, (_, values) in self.curves.items()}
        return write_markdown(self.facts, sparks)

    def page(self, *, whole: bool = False) -> str:
        """Write it as HTML: an element, or a document by itself."""
        from jupyter_mlops.registry.cards import write_body, write_page

        pictures = {name: self._picture(name) for name in self.curves}
        return (write_page if whole else write_body)(self.facts, pictures)

    def _picture(self, name: str) -> str:
        from jupyter_mlops.figures.series import Curve
        from jupyter_mlops.figures.sketch import draw_sketch, image

        steps, values = self.curves[name]
        run_id = str(self.facts.version.run_id)
        curve = Curve(label=name, run_id=run_id, metric=name, xs=steps, ys=values)
        svg = draw_sketch(name, [curve], width=_WIDTH, height=_HEIGHT)
        return image(svg, _WIDTH, _HEIGHT, f"Curve of {name}")


def carried_note(
    version: VersionRecord, carried: Mapping[str, Carried]
) -> list[RenderableType]:
    """Say what a card has of earlier versions, and how to confirm it; else nothing."""
    from jupyter_mlops.registry.cards import carried_words

    if not carried:
        return []
    return [
        shown.text(
            f"Its card has {carried_words(carried)}, not confirmed. Do they still "
            f"hold? 'jupyter mlops card models:/{version.model}/{version.version} "
            f"--confirm all', or --set FIELD=TEXT.",
            "yellow",
        )
    ]


def card(workspace: Workspace, uri: str, *, saved: Path | None = None) -> ModelCard:
    """Return a version's card."""
    facts = workspace.cards.facts(uri)
    return ModelCard(facts, workspace.cards.curves(facts), saved)


def save_card(
    found: ModelCard, output: Path, *, html: bool, force: bool = False
) -> ModelCard:
    """Write a card into a file.

    Raises
    ------
    InvalidInputError
        When something is there that is not to be replaced.
    """
    from jupyter_mlops.store.placing import placed_file

    if not force and (output.exists() or output.is_symlink()):
        raise InvalidInputError(
            f"There is something at {output} already; name a new file, or use --force.",
            path=output,
        )
    text = found.page(whole=True) if html else found.markdown()
    with placed_file(output) as beside:
        beside.write_text(text, encoding="utf-8")
    return ModelCard(found.facts, found.curves, output)


def _spark(values: list[float]) -> str:
    """Draw a curve as a line of blocks: the last value of each stretch."""
    from math import isfinite

    count = len(values)
    places = min(count, _BARS_WIDE)
    picked = [values[(at + 1) * count // places - 1] for at in range(places)]
    finite = [value for value in picked if isfinite(value)]
    if not finite:
        return ""
    low, high = min(finite), max(finite)
    steps = len(_BARS) - 1
    scale = steps / (high - low) if high > low else 0.0
    return "".join(
        _BARS[round((value - low) * scale)] if isfinite(value) else " "
        for value in picked
    )


def _written(
    pairs: list[str],
    file: Path | None,
    confirm: list[str],
    carried: Mapping[str, Carried],
    uri: str,
) -> dict[str, str]:
    """Gather what is to be written on the card: from a file, then from options."""
    from jupyter_mlops.registry.cards import confirmed_fields, read_fields

    found = confirmed_fields(confirm, carried, uri)
    if file is not None:
        try:
            found |= read_fields(file.read_text(encoding="utf-8"), carried)
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInputError(f"{file} cannot be read: {error}.") from error
    for pair in pairs:
        name, sign, text = pair.partition("=")
        if not sign:
            raise InvalidInputError(f"{pair!r} sets nothing: write --set limits='…'.")
        found[name.strip()] = text
    return found


def card_command(
    context: typer.Context,
    *,
    uri: Annotated[
        str, typer.Argument(help="models:/NAME/VERSION or @ALIAS.", metavar="URI")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Save it as this file.", metavar="FILE"),
    ] = None,
    html: Annotated[
        bool, typer.Option("--html", help="A page by itself, not Markdown.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the file that is there.")
    ] = False,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="Fill a field: use, limits, ethics, contact, license.",
            metavar="FIELD=TEXT",
        ),
    ] = None,
    read: Annotated[
        Path | None,
        typer.Option("--read", help="Fill fields from an edited card.", metavar="FILE"),
    ] = None,
    confirm: Annotated[
        list[str] | None,
        typer.Option(
            help="What an earlier version's card says there holds for this one, too; "
            "'all' for every field.",
            metavar="FIELD",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show or save a version's card, and fill the fields that are people's to write.

    Metrics, data, gates, recipe and environment come from the record. What is filled
    in is kept with the version, in the model's history. A new version's card offers
    what the one before said, marked so until it is set or confirmed.

    Example:
      jupyter mlops card models:/churn@champion -o churn.md
      jupyter mlops card models:/churn/3 --set limits="Not for customers abroad."
      jupyter mlops card models:/churn/4 --confirm use --confirm limits
      jupyter mlops card models:/churn/3 --html -o churn.html
    """
    session = session_of(context)
    workspace = session.workspace()
    version = workspace.registry.find(uri)
    carried = workspace.cards.carried(version)
    if fields := _written(set_ or [], read, confirm or [], carried, uri):
        workspace.cards.fill(uri, fields)
    found = card(workspace, uri)
    is_page = html or (output is not None and output.suffix in (".html", ".htm"))
    if output is not None:
        found = save_card(found, output, html=is_page, force=force)
    elif html and not as_json:
        typer.echo(found.page(whole=True))
        return
    session.say(found, as_json=as_json)
