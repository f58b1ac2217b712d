"""The models' chains on disk, read once and verified only where they grew."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.registry.chain import HEALED, Chain, append_link, read_chain
from jupyter_mlops.registry.state import ModelState
from jupyter_mlops.registry.summaries import SUFFIX, Summaries

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.store.layout import Layout


class Histories:
    """The histories of all models of one workspace.

    Parameters
    ----------
    layout : Layout
        Where they are.
    on_link : callable, optional
        Told the state whenever an event was added, which is its last link.
    """

    def __init__(
        self, layout: Layout, on_link: Callable[[ModelState], None] | None = None
    ) -> None:
        self._layout = layout
        self._on_link = on_link
        self.summaries = Summaries(layout, self._read)
        self._known: dict[str, tuple[Chain, ModelState]] = {}

    def names(self) -> list[str]:
        """Return the names of all models, sorted.

        Raises
        ------
        ChainBrokenError
            When a history that changed was changed by no one of us.
        """
        # An empty file is what a crash between making and writing it leaves.
        return self.summaries.names()

    def state(self, name: str) -> ModelState:
        """Return what a model's history adds up to now.

        Raises
        ------
        ModelNotFoundError
            When there is no such model.
        ChainBrokenError
            When its history was changed after it was written.
        """
        found = self._read(name)
        if not found.links:
            hint = errors.nearest(name, self._names_for_hint())
            raise errors.ModelNotFoundError(
                f"No model '{name}' is registered."
                f"{hint or ' None is yet: push one from a run.'}",
                model=name,
            )
        return found

    def append(
        self,
        name: str,
        decide: Callable[[ModelState], dict[str, Any] | None],
        before: Callable[[bytes], None] | None = None,
    ) -> ModelState:
        """Add the event that `decide` makes of the state, while nobody else adds.

        Parameters
        ----------
        before : callable, optional
            Given the history as it will be; where it raises, nothing is added.

        Returns
        -------
        ModelState
            As it is afterwards, also when `decide` returned None.
        """
        path = self._layout.model_chain(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        known = self._known.get(name)
        is_added = False

        def decided(chain: Chain) -> dict[str, Any] | None:
            nonlocal is_added
            fields = decide(ModelState(name, chain.links))
            is_added = fields is not None
            return fields

        chain, was_healed = append_link(
            path, decided, known[0] if known else None, before
        )
        if was_healed:
            warnings.warn(
                f"The last line of {path} had been torn by a crash; it was left there "
                f"and marked. What it was to record did not happen.",
                errors.MlopsWarning,
                stacklevel=4,
            )
        state = self._keep(name, chain)
        if is_added and self._on_link is not None:
            self._on_link(state)
        return state

    def verify(self, name: str) -> int:
        """Read a whole history anew, trusting nothing read before.

        Returns
        -------
        int
            Bytes of a torn last line: 0 in a healthy file that nobody is writing.

        Raises
        ------
        ChainBrokenError
            At the first line that is not what was written.
        """
        self._known.pop(name, None)
        self.state(name)
        return len(self._known[name][0].torn)

    def _names_for_hint(self) -> list[str]:
        try:
            return self.names()
        except errors.ChainBrokenError:
            # Of another model than the one that is asked for.
            return [path.stem for path in self._layout.registry.glob(f"*{SUFFIX}")]

    def _read(self, name: str) -> ModelState:
        path = self._layout.model_chain(name)
        known = self._known.get(name)
        chain = read_chain(path, known[0] if known else None)
        if known is not None and known[0] is chain:
            return known[1]
        return self._keep(name, chain)

    def _keep(self, name: str, chain: Chain) -> ModelState:
        for link in chain.links:
            if link.get("model") != name and link.get("kind") != HEALED:
                raise errors.ChainBrokenError(
                    f"{chain.path} holds the history of '{link.get('model')}', not of "
                    f"'{name}': the file was renamed or replaced.",
                    path=chain.path,
                    line=link["n"],
                    reason="it belongs to another model",
                )
        state = ModelState(name, chain.links)
        self._known[name] = (chain, state)
        return state
