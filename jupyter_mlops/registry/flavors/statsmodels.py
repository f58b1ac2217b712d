"""statsmodels: fitted results as numbers and names, in JSON.

What comes back predicts as the original did, which is tried when it is kept; it can do
nothing else that results do. Models that need more can be pickled knowingly.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.flavors.described import description
from jupyter_mlops.registry.flavors.refusals import refused, unreadable, unstorable

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.words import LoadWord

NAME = "statsmodels"
FILE = "model.json"
EXTRA = "statsmodels"
_TRIED = 200
_LINEAR = frozenset({"GLS", "OLS", "QuantReg", "RLM", "WLS"})
_MEANS = {"Logit": "logit", "Probit": "probit", "Poisson": "log", "MNLogit": "softmax"}
_COUNTS = frozenset({"GeneralizedPoisson", "NegativeBinomial", "NegativeBinomialP"})
"""Of which the last parameter is one of dispersion, no coefficient."""
_LINKS = {
    "CLogLog": "cloglog",
    "Identity": "identity",
    "InversePower": "inverse",
    "InverseSquared": "inverse_squared",
    "Log": "log",
    "Logit": "logit",
    "Probit": "probit",
    "Sqrt": "sqrt",
}


@dataclass(frozen=True, eq=False)
class StatsmodelsResult:
    """A fitted model of statsmodels, as far as predicting goes.

    Attributes
    ----------
    kind : str
        The model's class, ``OLS``.
    names : list of str
        Of the coefficients.
    coefficients : array
        One for each name; of several outcomes a column each.
    link : str
        What leads from the linear predictor to the mean.
    formula : str or None
        As it was given, to be read by people; it is not run.
    """

    kind: str
    names: list[str]
    coefficients: Any
    link: str
    formula: str | None = None
    design: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def params(self) -> Any:
        """The coefficients by name, as a Series or a DataFrame."""
        import pandas as pd

        is_flat = self.coefficients.ndim == 1
        return (pd.Series if is_flat else pd.DataFrame)(self.coefficients, self.names)

    def predict(self, exog: Any) -> Any:
        """Predict the mean.

        Parameters
        ----------
        exog : DataFrame or array
            With a formula, the columns that it names; else the very columns of the
            design, a constant included.
        """
        import numpy as np
        import pandas as pd

        index = getattr(exog, "index", None)
        if self.design is None:
            matrix = np.asarray(exog, dtype=np.float64)
        else:
            from jupyter_mlops.registry.flavors.statsmodels_design import matrix_of

            frame = exog if index is not None else pd.DataFrame(exog)
            index = frame.index
            matrix = matrix_of(self.design, frame)
        found = mean_of(matrix @ self.coefficients, self.link)
        if index is None or not isinstance(index, pd.Index):
            return found
        return (pd.Series if found.ndim == 1 else pd.DataFrame)(found, index=index)


def mean_of(linear: Any, link: str) -> Any:
    """Return the mean for a linear predictor."""
    import numpy as np
    from scipy import special  # type: ignore[import-untyped]  # it ships no types

    if link == "softmax":
        full = np.column_stack([np.zeros(len(linear)), linear])
        return special.softmax(full, axis=1)
    inverses = {
        "cloglog": lambda x: -np.expm1(-np.exp(x)),
        "identity": lambda x: x,
        "inverse": lambda x: 1 / x,
        "inverse_squared": lambda x: 1 / np.sqrt(x),
        "log": np.exp,
        "logit": special.expit,
        "probit": special.ndtr,
        "sqrt": np.square,
    }
    return inverses[link](linear)


def matches(value: Any) -> bool:
    """Tell whether `value` is the result of a fit, or one that was loaded."""
    if isinstance(value, StatsmodelsResult):
        return True
    kind = type(value)
    is_theirs = kind.__module__.startswith("statsmodels.")
    return is_theirs and hasattr(value, "params") and hasattr(value, "model")


def describe(value: Any) -> dict[str, Any]:
    """Return class, library, version and formula."""
    model = getattr(value, "model", value)
    formula = getattr(model, "formula", None)
    params = {"formula": str(formula)} if formula else {}
    found = description(model, "statsmodels", "statsmodels", params)
    return found | ({"class": value.kind} if model is value else {})


def save(value: Any, folder: Path) -> dict[str, Any]:
    """Write coefficients, names and design.

    Raises
    ------
    UnstorableObjectError
        When they alone would not predict as it does.
    """
    try:
        plain = value if isinstance(value, StatsmodelsResult) else _plain(value)
        if plain is not value:
            _try(plain, value)
    except Exception as error:
        raise unstorable(value, str(error)) from error
    kept = {
        "kind": plain.kind,
        "names": plain.names,
        "coefficients": plain.coefficients.tolist(),
        "link": plain.link,
        "formula": plain.formula,
        "design": plain.design,
    }
    (folder / FILE).write_text(json.dumps(kept), encoding="utf-8")
    return describe(value)


def load(folder: Path, meta: dict[str, Any], word: LoadWord) -> Any:  # noqa: ARG001 - nothing in it needs one
    """Return a `StatsmodelsResult`.

    Raises
    ------
    UnsafeModelError
        When the file is not what ours are.
    """
    import numpy as np

    try:
        kept = json.loads((folder / FILE).read_bytes())
        found = StatsmodelsResult(
            kind=str(kept["kind"]),
            names=[str(name) for name in kept["names"]],
            coefficients=np.asarray(kept["coefficients"], dtype=np.float64),
            link=str(kept["link"]),
            formula=kept["formula"],
            design=_checked(kept["design"]),
        )
    except Exception as error:
        # A made-up file can fail in any place; whatever it is, no model comes of it.
        raise unreadable(error) from error
    if found.link not in {*_LINKS.values(), "softmax"}:
        raise refused(f"{found.link!r} is no link that we know")
    if len(found.coefficients) != len(found.names):
        raise refused("its names and coefficients do not match")
    return found


def inputs(value: Any) -> dict[str, Any]:
    """Return the columns that a formula reads."""
    from jupyter_mlops.registry.flavors.statsmodels_design import column_names

    plain = value if isinstance(value, StatsmodelsResult) else _plain(value)
    if plain.design is None:
        return {"count": len(plain.names)}
    codes = plain.design["factors"]
    names = sorted(set().union(*(column_names(code) for code in codes)))
    return {"names": names, "count": len(names)}


def _checked(design: Any) -> Any:
    from jupyter_mlops.registry.flavors.statsmodels_design import column_names

    for code in {} if design is None else design["factors"]:
        column_names(str(code))
    return design


def _plain(value: Any) -> StatsmodelsResult:
    import numpy as np

    from jupyter_mlops.registry.flavors.statsmodels_design import design_to_json

    model = value.model
    kind = type(model).__name__
    coefficients = np.asarray(value.params, dtype=np.float64)
    names = [str(name) for name in model.exog_names]
    if kind in _COUNTS:
        width = model.exog.shape[1]
        coefficients, names = coefficients[:width], names[:width]
    formula = getattr(model, "formula", None)
    design = getattr(model.data, "model_spec", getattr(model.data, "design_info", None))
    return StatsmodelsResult(
        kind=kind,
        names=names,
        coefficients=coefficients,
        link=_link(model, kind),
        formula=None if formula is None else str(formula),
        design=None if design is None else design_to_json(design),
    )


def _link(model: Any, kind: str) -> str:
    import numpy as np

    for name in ("offset", "exposure"):
        # Kept as its logarithm, an exposure of one is 0, too.
        found = getattr(model, name, None)
        if found is not None and np.any(np.asarray(found) != 0):
            raise TypeError(f"it was fitted with an {name}")
    if kind in _LINEAR:
        return "identity"
    if kind in _COUNTS:
        return "log"
    if kind == "GLM":
        return _LINKS[type(model.family.link).__name__]
    if kind not in _MEANS:
        raise TypeError(f"{kind} keeps more than coefficients")
    return _MEANS[kind]


def _try(plain: StatsmodelsResult, value: Any) -> None:
    """Compare predictions on the model's own data."""
    import numpy as np

    data: Any = value.model.exog
    if plain.design is not None:
        data = getattr(value.model.data, "frame", None)
    if data is None:
        raise TypeError("it does not keep the data that it was fitted to")
    told = np.asarray(value.predict(data[:_TRIED]))
    ours = np.asarray(plain.predict(data[:_TRIED]))
    if not np.allclose(told, ours, rtol=1e-9, atol=1e-12, equal_nan=True):
        raise TypeError("its coefficients alone predict otherwise")
