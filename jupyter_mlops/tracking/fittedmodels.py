"""Joins the models that were seen in a tracked cell to its run.

They are the observation ``models``: a list of objects with ``class``
(``module.qualname``), ``library``, ``params`` (those that the user set), ``seconds``,
``rows``, ``columns``, and where it applies ``name`` (the variable that holds it),
``count``, ``failed`` and ``error``, ``best`` (``params`` and ``score`` of a search),
``profile`` (the artifact that describes its training data).

What was set becomes params of the run: under its plain name when one estimator of the
cell has any, and nothing else of the run has that name; else as ``Class.param``. Of
several estimators of one class only what they have in common does.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.example import masked_example
from jupyter_mlops.capture.fits import FitWatch
from jupyter_mlops.capture.values import check_key
from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.store import events
from jupyter_mlops.tracking.epochs import EpochLog
from jupyter_mlops.tracking.modelwords import OBSERVATION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jupyter_mlops.capture.fits import SeenFit
    from jupyter_mlops.capture.masking import Masker
    from jupyter_mlops.ids import Digest
    from jupyter_mlops.records import JsonValue
    from jupyter_mlops.tracking.run import Run

PROFILE = "training_profile"
BEST_SCORE = "best_score"


class FittedModels:
    """Sees the models of one cell.

    Parameters
    ----------
    run : Run
        Takes the metrics of epochs while they are made.
    taken : callable
        Names the metrics that the cell gives by itself; asked when a first epoch ends.
    """

    def __init__(self, run: Run, taken: Callable[[], Iterable[str]]) -> None:
        self._run = run
        self._epochs = EpochLog(run, taken)
        self._watch = FitWatch(self._epochs.log)
        self._fits: list[SeenFit] = []

    def start(self) -> None:
        """Begin to watch."""
        self._watch.start()

    def stop(self) -> None:
        """Stop watching; nothing of ours is left in any library."""
        self._fits = self._watch.stop()

    @property
    def problems(self) -> list[str]:
        """What could not be read, as sentences."""
        return [*self._watch.problems, *self._epochs.problems]

    def record(
        self, namespace: Mapping[str, Any], put: Callable[[bytes], Digest]
    ) -> list[dict[str, Any]]:
        """Record what was seen; return the observation, empty when nothing was."""
        if not self._fits:
            return []
        names = _names(namespace)
        kept = self._keep_profiles(names, put)
        # Masked here, as the card shows it, too.
        models: list[dict[str, Any]] = self._run.masker.value(
            [_entry(fit, names, kept) for fit in self._fits]
        )
        self._run.observe(OBSERVATION, models)
        self._log_params()
        self._log_best()
        return models

    def _keep_profiles(
        self, names: Mapping[int, str], put: Callable[[bytes], Digest]
    ) -> dict[int, str]:
        """Keep each profile once; return the artifacts by the profile's identity."""
        texts: dict[int, bytes] = {}
        for fit in self._fits:
            if fit.profile is not None and id(fit.profile) not in texts:
                data = events.dump(_masked(fit.profile, self._run.masker))
                texts[id(fit.profile)] = data
        if not texts:
            return {}
        main = texts[_main(self._fits, names)]
        others = dict.fromkeys(data for data in texts.values() if data != main)
        files = {main: PROFILE}
        files |= {data: f"{PROFILE}.{n}" for n, data in enumerate(others, start=2)}
        for data, name in files.items():
            self._run.record(
                "artifact",
                name=name,
                format="json",
                digest=put(data),
                size=len(data),
                meta={"file": f"{name}.json"},
            )
        return {key: files[data] for key, data in texts.items()}

    def _log_params(self) -> None:
        run = self._run
        wanted = {}
        for plain, long, value in _named_params(self._fits):
            name = plain
            if plain != long and plain in run.params:
                if run.params[plain] == value:
                    continue
                name = long
            if name not in run.params and _is_key(name):
                wanted[name] = value
        run.log_params(wanted)

    def _log_best(self) -> None:
        run = self._run
        searches = [fit for fit in self._fits if fit.best is not None]
        if len(searches) != 1 or searches[0].best is None:
            return
        best: dict[str, Any] = searches[0].best
        named = {f"best_{key}": value for key, value in best["params"].items()}
        run.log_params(
            {k: v for k, v in named.items() if k not in run.params and _is_key(k)}
        )
        if best["score"] is not None and BEST_SCORE not in run.metrics:
            run.log_metric(BEST_SCORE, best["score"])


def _main(fits: list[SeenFit], names: Mapping[int, str]) -> int:
    """Choose the profile of what is most likely the cell's model.

    One that is bound to a name, and has something to predict; of several the last.
    """
    having = [fit for fit in fits if fit.profile is not None]
    best = max(
        reversed(having),
        key=lambda fit: (
            "target" in (fit.profile or {}),
            _name(fit, names) is not None,
        ),
    )
    return id(best.profile)


def _name(fit: SeenFit, names: Mapping[int, str]) -> str | None:
    # A model that is gone has no name, whatever lies in its place by now.
    model = None if fit.subject is None else fit.subject()
    return None if model is None else names.get(id(model))


def _masked(profile: dict[str, Any], masker: Masker) -> dict[str, Any]:
    """Mask a profile where it holds words of the user's; the rest is numbers."""
    found = dict(profile)
    for part in ("features", "target"):
        if part in found:
            found[part] = [_masked_column(column, masker) for column in found[part]]
    if "signature" in found:
        found["signature"] = masker.texts(found["signature"])
    if "example" in found:
        found["example"] = masked_example(found["example"], masker)
    return found


def _masked_column(column: dict[str, Any], masker: Masker) -> dict[str, Any]:
    found = column | {"name": masker.text(column["name"])}
    if column["kind"] == "category" and "top" in column:
        found["top"] = masker.value(column["top"])
    return found


def _names(namespace: Mapping[str, Any]) -> dict[int, str]:
    # The first of several names wins: the others were bound to it later.
    items = reversed(list(namespace.items()))
    return {id(value): name for name, value in items if name[:1] != "_"}


def _entry(
    fit: SeenFit, names: Mapping[int, str], kept: Mapping[int, str]
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "class": fit.kind,
        "library": fit.library,
        "params": fit.params,
        "seconds": round(fit.seconds, 6),
        "rows": fit.rows,
        "columns": fit.columns,
    }
    more = {
        "name": _name(fit, names),
        "count": fit.count if fit.count > 1 else None,
        "failed": fit.failed or None,
        "error": fit.error,
        "best": fit.best,
        "profile": kept.get(id(fit.profile)),
    }
    return entry | {key: value for key, value in more.items() if value is not None}


def _named_params(fits: list[SeenFit]) -> Iterable[tuple[str, str, JsonValue]]:
    """Give each param by the short and the long name that it may be logged under."""
    groups: dict[str, list[SeenFit]] = defaultdict(list)
    for fit in fits:
        if not fit.is_rest:
            groups[fit.short].append(fit)
    having = [fit for fit in fits if fit.params]
    for short, group in groups.items():
        for key, value in group[0].params.items():
            if all(fit.params.get(key, _ABSENT) == value for fit in group):
                long = f"{short}.{key}"
                yield (key if len(having) == 1 else long), long, value


_ABSENT = object()


def _is_key(name: str) -> bool:
    try:
        check_key(name, "param")
    except InvalidInputError:
        return False
    return True
