"""What XGBoost and LightGBM share: boosters, and the classes that wrap them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jupyter_mlops.registry.flavors.described import (
    class_name,
    description,
    plain_params,
)
from jupyter_mlops.registry.flavors.refusals import refused


@dataclass(frozen=True, slots=True)
class BoosterClasses:
    """The classes of one library that hold a booster.

    Attributes
    ----------
    title, module : str
        The library as people call it, and as Python imports it.
    booster : str
        The full name of the class of bare boosters.
    wrappers : frozenset of str
        Full names of the classes with scikit-learn's interface.
    """

    title: str
    module: str
    booster: str
    wrappers: frozenset[str]

    def has(self, value: Any) -> bool:
        """Tell whether `value` is of these very classes; one derived may hold more."""
        return self._knows(class_name(value))

    def describe(self, value: Any) -> dict[str, Any]:
        """Return class, library, version, and the params that are not the default."""
        return description(value, self.module, self.module)

    def is_bare(self, meta: dict[str, Any]) -> bool:
        """Tell whether a model is a booster that nothing wraps."""
        return meta.get("class") == self.booster

    def settings(self, value: Any, meta: dict[str, Any]) -> dict[str, Any]:
        """Return what makes an empty one of its class again, for the flavor's meta."""
        return {} if self.is_bare(meta) else {"init": plain_params(value)}

    def check(self, meta: dict[str, Any]) -> None:
        """Refuse a class that is none of these: it is not even looked for.

        Raises
        ------
        UnsafeModelError
            Then.
        """
        name = meta.get("class")
        if not self._knows(name):
            raise refused(f"'{name}' is no class of {self.title} that we know")

    def empty(self, library: Any, meta: dict[str, Any]) -> Any:
        """Make one of the class, with the params that this version of it knows."""
        kind = getattr(library, str(meta["class"]).rpartition(".")[2])
        init = meta.get("init") or {}
        if not init:
            return kind()
        known = set(kind().get_params(deep=False))
        return kind(**{name: param for name, param in init.items() if name in known})

    def _knows(self, name: Any) -> bool:
        return name == self.booster or name in self.wrappers
