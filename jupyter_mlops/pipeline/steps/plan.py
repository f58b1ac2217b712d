"""What a step would run with, whether that is known already, and if not, why."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.pipeline.graph import needs
from jupyter_mlops.pipeline.spec.conditions import ConditionFaultError, read_condition
from jupyter_mlops.pipeline.spec.places import fixed_path
from jupyter_mlops.pipeline.spec.references import references, resolve
from jupyter_mlops.pipeline.steps.look import Look
from jupyter_mlops.pipeline.steps.outputs import is_restorable, is_same
from jupyter_mlops.pipeline.steps.results import (
    State,
    StepResult,
    looks_up,
    resolved_parameters,
    seen_from,
)
from jupyter_mlops.pipeline.steps.sweepfacts import space_and_given, sweep_facts
from jupyter_mlops.pipeline.versions.facts import (
    Facts,
    code_facts,
    parameter_facts,
)
from jupyter_mlops.pipeline.versions.kernels import kernel_executable
from jupyter_mlops.pipeline.versions.notebook import NotebookText
from jupyter_mlops.pipeline.versions.reasons import reasons
from jupyter_mlops.pipeline.versions.trace import Present

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from jupyter_mlops.pipeline.spec.pipeline import Pipeline, Step
    from jupyter_mlops.pipeline.versions.filedigests import FileDigests
    from jupyter_mlops.pipeline.versions.ledger import Entry, Ledger
    from jupyter_mlops.pipeline.versions.sources import Sources
    from jupyter_mlops.store.blobs import Blobs


@dataclass
class Planner:
    """Looks at the steps of one pipeline.

    Parameters
    ----------
    overrides : mapping
        By step, then by parameter: values that take the place of the pipeline's.
    forced : collection of str
        Steps that run, known or not.
    recall : callable
        Returns the recorded runs of a step, the latest first.
    """

    pipeline: Pipeline
    blobs: Blobs
    ledger: Ledger
    files: FileDigests
    sources: Sources
    recall: Callable[[str], list[Entry]]
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    forced: Collection[str] = ()

    @property
    def id(self) -> str:
        """What the ledger knows the pipeline by."""
        return self.pipeline.name

    def look(self, step: Step, results: Mapping[str, StepResult]) -> Look:
        """Look at a step whose needs are all known.

        Raises
        ------
        PipelineError
            When it refers to what is not there, or an input is missing.
        NotebookError
            When its notebook or its parameters cannot be used.
        """
        look = self.facts(step, results)
        if step.name in self.forced:
            return replace(look, why=["forced"])
        if not look.notebook.is_python:
            what = f"cells of {look.notebook.language} do not tell what they read"
            return replace(look, why=[f"it runs each time: {what}"])
        if not step.cache:
            return replace(look, why=["it runs each time: its cache is off"])
        entry, why = self._known(look)
        return replace(look, entry=entry, why=why)

    def facts(self, step: Step, results: Mapping[str, StepResult]) -> Look:
        """Put together what a step's version is made of."""
        pipeline = self.pipeline
        notebook = NotebookText.read(pipeline.folder / step.notebook, step.notebook)
        look_up = looks_up(pipeline, results, step)
        inputs = {
            name: os.path.normpath(str(resolve(path, look_up)))
            for name, path in step.inputs.items()
        }
        outputs = {name: self._output(path) for name, path in step.outputs.items()}
        wanted = self._wanted(notebook, step, {**inputs, **outputs})
        wanted |= resolved_parameters(pipeline, step, look_up)
        declared = notebook.parameters
        for name, value in step.parameters.items():
            kind = declared.by_name[name].kind if name in declared.by_name else ""
            wanted[name] = _whole(value, wanted[name], kind)
        wanted |= self.overrides.get(step.name, {})
        try:
            space, given = space_and_given(step, declared, wanted)
        except (errors.NotebookError, errors.InvalidInputError) as error:
            raise _refused(step, error) from error
        swept = {} if space is None else space.by_name
        parameters = {
            name: value
            for name, value in declared.effective(given).items()
            if name not in swept
        }
        modules, variables, local = code_facts(notebook, pipeline.folder, self.sources)
        told = parameter_facts(parameters, declared.secrets(given))
        self._use_digests(step, results, told)
        if step.sweep is not None and space is not None:
            told |= parameter_facts(sweep_facts(step.sweep, space))
        facts = Facts(
            notebook=os.path.normpath(step.notebook),
            kernel=step.kernel or notebook.kernel,
            cells=notebook.source(self.sources).digests,
            parameters=told,
            inputs={
                name: [path, self._input(step, name, path)]
                for name, path in inputs.items()
            },
            outputs=outputs,
            modules=modules,
            variables=variables,
            parameter_position=notebook.parameter_position,
        )
        return Look(
            step=step,
            notebook=notebook,
            given=given,
            parameters=parameters,
            inputs=inputs,
            outputs=outputs,
            facts=facts,
            local=local,
            executable=kernel_executable(facts.kernel),
            space=space,
        )

    def present(self, executable: str) -> Present:
        """Return how things are now, for traces to be compared with."""
        pipeline = self.pipeline
        return Present(
            pipeline.folder, self.files, self.sources, self.written, executable
        )

    @cached_property
    def written(self) -> frozenset[str]:
        """The places of all outputs, and the folders that hold them: absolute."""
        folder = str(self.pipeline.folder)
        found = set()
        for step in self.pipeline.steps:
            for path in step.outputs.values():
                place = os.path.join(folder, self._output(path))  # noqa: PTH118 - texts are at hand, and many
                while place.startswith(f"{folder}/"):
                    found.add(place)
                    place = os.path.dirname(place)  # noqa: PTH120 - texts are at hand, and many
        return frozenset(found)

    def _known(self, look: Look) -> tuple[Entry | None, list[str]]:
        present = self.present(look.executable)
        entries = self.ledger.entries(look.facts.key)
        latest = None
        if not entries:
            latest = self.ledger.latest(self.id, look.step.name)
        if not entries and latest is None:
            # Its ledger was deleted, or it ran in another copy of the workspace.
            recalled = self.recall(look.step.name)
            entries = [item for item in recalled if item.key == look.facts.key]
            latest = recalled[0] if recalled else None
        why: list[str] = []
        for entry in entries:
            found = list(present.differences(entry.trace))
            if not found and not is_restorable(entry.outputs, self.blobs):
                found = ["its outputs are not kept any more"]
            if not found:
                return entry, []
            why = why or found
        if entries:
            return None, why
        if latest is None:
            return None, ["it has no run that could stand for it"]
        found = reasons(latest.facts, look.facts)
        found += present.differences(latest.trace)
        return None, list(dict.fromkeys(found)) or ["its version is another one"]

    def _output(self, path: str) -> str:
        found = fixed_path(self.pipeline, path)
        assert found is not None, "outputs refer to nothing that runs"
        return found

    def _input(self, step: Step, name: str, path: str) -> str:
        place = self.pipeline.folder / path
        if not place.exists():
            try:
                near = errors.nearest(place.name, os.listdir(place.parent))  # noqa: PTH208 - texts are at hand, and many
            except OSError:
                near = ""
            raise errors.PipelineError(
                f"The input '{name}' of the step '{step.name}' is not there: "
                f"{path}.{near}",
            )
        if (place / ".mlops").exists():
            raise errors.PipelineError(
                f"The input '{name}' of the step '{step.name}', {path}, holds the "
                f"workspace itself, which changes all the time. Name a folder of data.",
            )
        return self.files.any(str(place))

    def _wanted(
        self, notebook: NotebookText, step: Step, paths: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return the paths that the notebook asks for by name."""
        declared = notebook.parameters.by_name
        folder = notebook.path.parent
        free = declared.keys() - paths.keys() - step.parameters.keys()
        for name in paths.keys() - declared.keys():
            close = difflib.get_close_matches(name, free, n=1, cutoff=0.8)
            if close:
                raise errors.PipelineError(
                    f"The step '{step.name}' names a file '{name}', but its notebook "
                    f"has the parameter '{close[0]}'. Call both the same."
                )
        return {
            name: seen_from(folder, self.pipeline.folder / path)
            for name, path in paths.items()
            if name in declared or not notebook.is_python
        }

    def _use_digests(
        self,
        step: Step,
        results: Mapping[str, StepResult],
        told: dict[str, list[str]],
    ) -> None:
        """Let objects of other steps count by what they hold, not by their address."""
        for name, value in step.parameters.items():
            if name in self.overrides.get(step.name, {}):
                continue
            for reference in references(value):
                if reference.kind == "values" and str(reference) == value:
                    found = results[reference.step].values[reference.name]
                    if "digest" in found:
                        told[name][0] = found["digest"]

    def save(self) -> None:
        """Keep what was learnt of files and sources."""
        self.files.save()
        self.sources.save()

    # --- without running anything ----------------------------------------------------

    def verdict(
        self, step: Step, results: Mapping[str, StepResult]
    ) -> tuple[StepResult | None, Look | None]:
        """Say that a step is not to be looked at, or look at it.

        Returns
        -------
        tuple
            How it ended without running, or what is known of it.
        """
        for name in needs(self.pipeline, step):
            needed = results[name]
            if needed.state is State.SKIPPED:
                why = [f"'{name}' is skipped"]
                return StepResult(name=step.name, state=State.SKIPPED, why=why), None
            if needed.state in (State.RUNS, State.MAY_RUN):
                why = [f"'{name}' runs first"]
                return StepResult(name=step.name, state=State.MAY_RUN, why=why), None
            if not needed.is_known:
                why = [f"'{name}' {needed.state}"]
                return StepResult(name=step.name, state=State.NOT_RUN, why=why), None
        if step.when and not self._holds(step, results):
            why = [f"its condition does not hold: {step.when}"]
            return StepResult(name=step.name, state=State.SKIPPED, why=why), None
        return None, self.look(step, results)

    def foresee(self, step: Step, results: Mapping[str, StepResult]) -> StepResult:
        """Say whether a step would run, and why."""
        try:
            result, look = self.verdict(step, results)
        except errors.MlopsError as error:
            return StepResult(
                name=step.name, state=State.FAILED, why=[str(error)], error=error
            )
        if result is not None:
            return result
        assert look is not None
        if look.entry is None:
            return StepResult(
                name=step.name,
                state=State.RUNS,
                why=look.why,
                parameters=look.parameters,
            )
        notes = [
            f"{kept.path} would be brought back"
            for kept in look.entry.outputs.values()
            if not is_same(self.pipeline.folder / kept.path, kept, self.files)
        ]
        return StepResult.of_entry(
            step.name,
            look.entry,
            state=State.CACHED,
            notes=[*notes, *look.entry.notes],
            parameters=look.parameters_with(look.entry.values),
        )

    def _holds(self, step: Step, results: Mapping[str, StepResult]) -> bool:
        try:
            return read_condition(step.when).holds(
                looks_up(self.pipeline, results, step)
            )
        except ConditionFaultError as fault:
            raise errors.PipelineError(
                f"The step '{step.name}': {fault}.",
            ) from None


def _whole(written: Any, value: Any, kind: str) -> Any:
    """Make a metric, which is a float always, a whole number where one is declared."""
    is_metric = isinstance(written, str) and any(
        reference.kind == "metrics" and str(reference) == written
        for reference in references(written)
    )
    if kind == "int" and is_metric and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _refused(step: Step, error: errors.MlopsError) -> errors.PipelineError:
    return errors.PipelineError(
        f"The step '{step.name}' cannot run: {error}",
    )
