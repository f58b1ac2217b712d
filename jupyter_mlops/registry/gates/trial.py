"""One version while its gates look at it: what is costly is done once for all."""

from __future__ import annotations

import json
import statistics
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.registry.gates.evaluation import Evaluation
from jupyter_mlops.registry.gates.result import GateResult
from jupyter_mlops.registry.gates.subject import GateFaultError, NothingYet
from jupyter_mlops.registry.signatures import Signature
from jupyter_mlops.registry.uris import AliasUri, VersionUri, parse_model_uri

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.registry.gates.expression import Expression
    from jupyter_mlops.registry.gates.spec import GateSpec
    from jupyter_mlops.registry.gates.subject import Groups
    from jupyter_mlops.registry.registry import Registry
    from jupyter_mlops.store.blobs import Blobs

WARM_UPS = 3
CALLS = 200
MOST_SECONDS = 5.0
"""Predictions are timed at most this often, and this long."""


@dataclass(frozen=True, kw_only=True)
class Means:
    """What gates need that the registry has not, handed in by the workspace.

    Attributes
    ----------
    load : callable
        Makes a version's model, with what the caller allows.
    reproduce : callable
        Makes a version again, and returns its verdict and a summary.
    dataset : callable
        Returns the frame that a name stands for.
    run_notebook : callable
        Runs a gate's notebook on a version.
    folder : Path
        Where paths in ``gates.yaml`` start.
    """

    load: Callable[[VersionRecord], Any]
    reproduce: Callable[[VersionRecord], tuple[str, str]]
    dataset: Callable[[str, VersionRecord], Any]
    run_notebook: Callable[[GateSpec, VersionRecord], GateResult]
    folder: Path


class Trial:
    """What gates ask about one version.

    Parameters
    ----------
    alias : str or None
        Where it is to be promoted to.
    """

    def __init__(
        self,
        version: VersionRecord,
        *,
        registry: Registry,
        blobs: Blobs,
        means: Means,
        alias: str | None = None,
    ) -> None:
        self.version = version
        self.means = means
        self.alias = alias
        self._registry = registry
        self._blobs = blobs
        self._datasets: dict[str, Any] = {}
        self._predicted: dict[tuple[str, str | None], Any] = {}

    @cached_property
    def model(self) -> Any:
        """The model, made again."""
        return self.means.load(self.version)

    @cached_property
    def example(self) -> Any:
        """Rows to try it with, as they were kept with the version."""
        found = example_of(self.version, self._blobs)
        if found is None:
            raise GateFaultError(
                "the version keeps no example of its input: name a 'dataset' with the "
                "gate"
            )
        return found

    def dataset(self, name: str) -> Any:
        """Return the frame that a gate names."""
        if name not in self._datasets:
            self._datasets[name] = self.means.dataset(name, self.version)
        return self._datasets[name]

    def predictions(self, name: str, target: str | None) -> Any:
        """Return what the model makes of a dataset."""
        key = (name, target)
        if key not in self._predicted:
            rows = self.rows(name, target)
            self._predicted[key] = predicted(self.model, rows)
        return self._predicted[key]

    def rows(self, name: str, target: str | None) -> Any:
        """Return a dataset's columns that the model takes, as far as they are known."""
        frame = self.dataset(name)
        names = self._columns()
        if not names:
            return frame.drop(columns=[target], errors="ignore")
        for column in names:
            if column not in frame.columns:
                hint = errors.nearest(column, [str(one) for one in frame.columns])
                raise GateFaultError(f"the dataset has no column '{column}'.{hint}")
        return frame[names]

    def _columns(self) -> list[str]:
        if (digest := self.version.signature) is not None:
            return list(Signature.read(self._blobs.get_bytes(digest), digest).names)
        known = getattr(self.model, "feature_names_in_", None)
        return [] if known is None else [str(column) for column in known]

    def other(self, name: str) -> VersionRecord | NothingYet:
        """Return the version that ``models['…']`` names: ``churn@champion``, ``@x``."""
        text = name if name.startswith("models:/") else f"models:/{name}"
        if name.startswith("@"):
            text = f"models:/{self.version.model}{name}"
        try:
            uri = parse_model_uri(text)
        except errors.InvalidUriError as error:
            raise GateFaultError(str(error)) from None
        try:
            if isinstance(uri, VersionUri):
                return self._registry.version(uri.model, uri.version)
            return self._registry.by_alias(uri.model, uri.alias)
        except errors.AliasNotFoundError as error:
            return self._nothing_yet(uri, error)
        except errors.NotFoundError as error:
            raise GateFaultError(str(error)) from None

    def _nothing_yet(self, uri: Any, error: errors.AliasNotFoundError) -> NothingYet:
        """Let the first of its kind pass, but nothing that is merely misspelt."""
        assert isinstance(uri, AliasUri), "only an alias can be missing so"
        known = {event["alias"] for event in self._registry.moves(uri.model)}
        if self.alias is not None:
            known.add(self.alias)
        hint = errors.nearest(uri.alias, known - {uri.alias})
        if uri.alias not in known and hint.startswith(" Did you"):
            raise GateFaultError(str(error)) from None
        return NothingYet(f"no {uri.alias} of '{uri.model}' yet to compare with")

    def reproduced(self) -> tuple[bool, str]:
        """Tell whether it could be made again; tried now unless it has been."""
        if self.version.verdict is not None:
            return self.version.verdict == "reproduced", (
                f"{self.version.verdict}, as verified before"
            )
        verdict, summary = self.means.reproduce(self.version)
        return verdict == "reproduced", summary

    def secrets(self) -> list[str]:
        """Return where secrets are in it."""
        from jupyter_mlops.registry.gates.secrets import secrets_in

        return secrets_in(self.version, self._blobs)

    def unconfirmed(self) -> str:
        """Say which fields of its card are of earlier versions; empty when none."""
        from jupyter_mlops.registry.cards import carried_fields, carried_words

        history = self._registry.history(self.version.model)
        return carried_words(carried_fields(history, self.version.version))

    def compatible(self, other: VersionRecord) -> tuple[bool, str]:
        """Tell whether it takes and gives what another version does."""
        from jupyter_mlops.registry.gates.compatibility import compare_signatures

        return compare_signatures(self.version, other, self._blobs)


class GateTrial:
    """A trial, for the one gate that is being asked: see `evaluation.Subject`."""

    def __init__(self, trial: Trial, spec: GateSpec) -> None:
        self.version = trial.version
        self.other = trial.other
        self.reproduced = trial.reproduced
        self.secrets = trial.secrets
        self.unconfirmed = trial.unconfirmed
        self.compatible = trial.compatible
        self._trial = trial
        self._spec = spec
        self._seconds: list[float] = []

    @property
    def name(self) -> str:
        """What the gate is called in the history."""
        return self._spec.name

    def __call__(self, version: VersionRecord, /) -> GateResult:
        """Ask the gate."""
        spec, means = self._spec, self._trial.means
        try:
            if spec.notebook is not None:
                return means.run_notebook(spec, version)
            if spec.schema is not None:
                passed, said = self._schema(spec.schema)
            else:
                passed, said = self._check()
        except (GateFaultError, errors.MlopsError) as fault:
            return GateResult(gate=spec.name, passed=False, detail=str(fault))
        return GateResult(gate=spec.name, passed=passed, detail=said)

    def _check(self) -> tuple[bool, str]:
        expression: Expression | None = self._spec.check
        assert expression is not None, "the reader lets no other gate pass"
        return Evaluation(expression, self).judge()

    def _schema(self, schema: str) -> tuple[bool, str]:
        from jupyter_mlops.registry.gates.dataquality import check_schema

        assert self._spec.dataset is not None, "the reader asks for it"
        frame = self._trial.dataset(self._spec.dataset)
        return check_schema(frame, self._trial.means.folder / schema)

    def latency(self, quantile: float | None) -> float:
        """Return seconds of a prediction with the version's example, or the dataset."""
        if not self._seconds:
            spec, trial = self._spec, self._trial
            rows = (
                trial.rows(spec.dataset, spec.target) if spec.dataset else trial.example
            )
            self._seconds = timed(trial.model, rows)
        if quantile is None:
            return statistics.fmean(self._seconds)
        ordered = sorted(self._seconds)
        return ordered[min(len(ordered) - 1, int(quantile * len(ordered)))]

    def groups(self, columns: Sequence[str], metric: str) -> Groups:
        """Return a metric over groups of the gate's dataset."""
        from jupyter_mlops.registry.gates.fairness import group_metric

        spec = self._spec
        assert spec.dataset is not None and spec.target is not None, "the reader asks"  # noqa: PT018 - one thing: a whole gate
        return group_metric(
            self._trial.dataset(spec.dataset),
            self._trial.predictions(spec.dataset, spec.target),
            target=spec.target,
            columns=columns,
            metric=metric,
            positive=spec.positive,
        )


def predicted(model: Any, rows: Any) -> Any:
    """Ask a model, or a plain function, for its predictions."""
    ask = getattr(model, "predict", model)
    if not callable(ask):
        raise GateFaultError(f"a {type(model).__name__} predicts nothing")
    return ask(rows)


def timed(model: Any, rows: Any) -> list[float]:
    """Return seconds of each of some predictions, after a few that do not count."""
    for _ in range(WARM_UPS):
        predicted(model, rows)
    found: list[float] = []
    end = time.perf_counter() + MOST_SECONDS
    while len(found) < CALLS and (not found or time.perf_counter() < end):
        began = time.perf_counter()
        predicted(model, rows)
        found.append(time.perf_counter() - began)
    return found


def example_of(version: VersionRecord, blobs: Blobs) -> Any:
    """Return the rows that a version keeps, None when it keeps none."""
    if version.example is None or version.signature is None:
        return None
    from jupyter_mlops.registry.signatures.examples import rows_of

    signature = Signature.read(blobs.get_bytes(version.signature), version.signature)
    return rows_of(json.loads(blobs.get_bytes(version.example)), signature)
