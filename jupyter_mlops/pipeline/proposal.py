"""A pipeline proposed for notebooks that are there: who reads what whom wrote."""

from __future__ import annotations

import json
import keyword
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_mlops import errors
from jupyter_mlops.pipeline.filecalls import named_files
from jupyter_mlops.pipeline.spec.pipeline import FILE_NAME, Pipeline, Step
from jupyter_mlops.pipeline.versions.notebook import NotebookText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_PASSED_OVER = frozenset({".ipynb_checkpoints", ".mlops", "node_modules", ".git"})
_PLAIN = re.compile(r"[A-Za-z_./][\w./-]*")


@dataclass
class ProposedStep:
    """One notebook, and the files that it seems to read and write.

    Attributes
    ----------
    read, written : list of str
        Relative to the pipeline's folder.
    notes : list of str
        What a person should look at.
    """

    name: str
    notebook: NotebookText
    path: str
    read: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def propose(
    folder: Path,
    recorded: Callable[[Path], tuple[list[str], list[str]]] | None = None,
) -> tuple[Pipeline, str]:
    """Propose a pipeline for the notebooks in a folder.

    Parameters
    ----------
    folder : Path
        Where they are, and where the pipeline's file would be.
    recorded : callable, optional
        Returns what runs of a notebook are known to have read and written, absolute.

    Returns
    -------
    tuple
        The pipeline, and the text of its file.

    Raises
    ------
    PipelineError
        When there is no notebook.
    """
    steps = [_looked_at(folder, path, recorded) for path in _notebooks(folder)]
    if not steps:
        raise errors.PipelineError(f"There is no notebook in {folder} to propose from.")
    _tell_apart(steps)
    owners = _owners(steps)
    for step in steps:
        _name_files(step, owners)
    pipeline = _without_circles(steps, folder)
    order = list(pipeline.by_name)
    steps.sort(key=lambda step: order.index(step.name))
    return pipeline, _text(pipeline, steps)


def _notebooks(folder: Path) -> list[Path]:
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - _PASSED_OVER)
        found += [folder / place / name for name in names if name.endswith(".ipynb")]
    return sorted(found)


def _looked_at(
    folder: Path,
    path: Path,
    recorded: Callable[[Path], tuple[list[str], list[str]]] | None,
) -> ProposedStep:
    shown = path.relative_to(folder).as_posix()
    notebook = NotebookText.read(path, shown)
    step = ProposedStep(_identifier(path.stem, dash=True), notebook, shown)
    found = named_files(notebook.codes)
    read, written = recorded(path) if recorded is not None else ([], [])
    home = path.parent
    for names, kept in (
        ([*found.written, *written], step.written),
        ([*found.read, *read], step.read),
    ):
        for name in names:
            place = os.path.relpath(os.path.normpath(home / name), folder)
            if place not in kept and place not in step.written and place != shown:
                kept.append(place)
    # Nobody's work: it is not there, and nobody writes it; or it is elsewhere.
    step.written = [place for place in step.written if not place.startswith("..")]
    return step


def _tell_apart(steps: list[ProposedStep]) -> None:
    seen: set[str] = {"params"}
    for step in steps:
        name, number = step.name, 2
        while step.name in seen:
            step.name = f"{name}_{number}"
            number += 1
        seen.add(step.name)


def _owners(steps: list[ProposedStep]) -> dict[str, ProposedStep]:
    """Give each written file to one step."""
    owners: dict[str, ProposedStep] = {}
    for step in steps:
        for place in list(step.written):
            other = next((owners[one] for one in owners if _meet(one, place)), None)
            if other is None or other is step:
                owners[place] = step
                continue
            step.written.remove(place)
            step.notes.append(f"'{other.name}' writes {place}, too: give each its own")
        # Of a folder and what is in it, the folder says it all.
        step.written = [
            place
            for place in step.written
            if not any(_is_within(place, o) for o in step.written if o != place)
        ]
    return owners


def _name_files(step: ProposedStep, owners: dict[str, ProposedStep]) -> None:
    declared = step.notebook.parameters.by_name
    taken = set(declared)
    for place in step.written:
        name = _name_of(step, place, taken)
        step.outputs[name] = place
    for place in step.read:
        source = next((owners[one] for one in owners if _meet(one, place)), None)
        exists = (step.notebook.path.parents[step.path.count("/")] / place).exists()
        if source is step or (source is None and not exists):
            continue
        step.inputs[_name_of(step, place, taken)] = place


def _name_of(step: ProposedStep, place: str, taken: set[str]) -> str:
    """Name a file after the parameter that holds its path, else after itself."""
    folder = os.path.dirname(step.path)  # noqa: PTH120 - texts are compared
    for item in step.notebook.parameters.by_name.values():
        default = item.default if isinstance(item.default, str) else ""
        if default.strip() and _joined(folder, default) == place:
            return item.name
    stem = os.path.basename(place).partition(".")[0] or "file"  # noqa: PTH119 - as above
    name = base = _identifier(stem)
    number = 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    taken.add(name)
    return name


def _without_circles(steps: list[ProposedStep], folder: Path) -> Pipeline:
    from jupyter_mlops.pipeline.graph import ordered

    while True:
        try:
            made = _pipeline(steps, folder)
        except errors.PipelineError as error:
            at = error.place[1] if len(error.place) > 1 else ""
            step = next((item for item in steps if item.name == at), None)
            if step is None or not step.inputs:
                raise
            name, place = step.inputs.popitem()
            step.notes.append(f"it reads {place}, too: {error.reason}")
            del name
        else:
            return Pipeline(made.name, tuple(ordered(made)), folder=folder)


def _pipeline(steps: list[ProposedStep], folder: Path) -> Pipeline:
    return Pipeline(
        folder.name or "pipeline",
        tuple(
            Step(step.name, step.path, inputs=step.inputs, outputs=step.outputs)
            for step in steps
        ),
        folder=folder,
        file=folder / FILE_NAME,
    )


def _text(pipeline: Pipeline, steps: list[ProposedStep]) -> str:
    lines = [
        "# Proposed from the files that the notebooks name, and from recorded runs.",
        "# Look it through, then: jupyter mlops status",
        f"name: {_quoted(pipeline.name)}",
        "steps:",
    ]
    written = {
        place: f"${{{step.name}.outputs.{name}}}"
        for step in steps
        for name, place in step.outputs.items()
    }
    for step in steps:
        lines.append(f"  {step.name}:")
        lines += [f"    # {note}" for note in step.notes]
        lines.append(f"    notebook: {_quoted(step.path)}")
        lines += _mapping("inputs", step.inputs, written)
        lines += _mapping("outputs", step.outputs, {})
        paths = {*step.inputs, *step.outputs}
        known = [name for name in step.notebook.parameters.by_name if name not in paths]
        if known:
            lines.append(f"    # parameters: {', '.join(known)}")
    return "\n".join(lines) + "\n"


def _mapping(
    word: str, paths: dict[str, str], references: dict[str, str]
) -> Iterable[str]:
    if paths:
        yield f"    {word}:"
        for name, place in paths.items():
            yield f"      {name}: {references.get(place) or _quoted(place)}"


def _quoted(text: str) -> str:
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in ("true", "false", "null")
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _identifier(text: str, *, dash: bool = False) -> str:
    found = re.sub(r"[^A-Za-z0-9_-]+" if dash else r"[^A-Za-z0-9_]+", "_", text)
    found = found.strip("_-")
    # What only numbers the notebooks is no part of a name.
    found = re.sub(r"^[\d_-]+(?=[A-Za-z])", "", found)
    is_fine = found and not found[0].isdigit() and not keyword.iskeyword(found)
    return found if is_fine else f"_{found}"


def _meet(one: str, other: str) -> bool:
    return one == other or _is_within(one, other) or _is_within(other, one)


def _is_within(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")


def _joined(folder: str, path: str) -> str:
    return os.path.normpath(f"{folder}/{path}" if folder else path)
