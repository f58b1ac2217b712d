"""What a cell's analysis is given: the text as it ran, and what was seen meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

WATCHABLE = frozenset(
    {
        "random",
        "numpy.random",
        "torch.random",
        "tensorflow.random",
        "cwd",
        "environ",
        "sys.path",
        "figures",
        "rcParams",
        "pandas.options",
        "numpy.options",
        "sklearn.config",
        "warnings.filters",
        "files",
    }
)
"""Global states that evidence can speak about, by the name it uses for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Cheap facts about one execution, from before and after it.

    None of them is needed. They add effects that the text does not show, and they
    take back only what the text merely allows: a binding that a branch may or may not
    have made, a state that an unknown call may or may not have changed.

    Attributes
    ----------
    bound : frozenset of str or None
        User names that are new or stand for another object than before. Whoever
        compares must hold the old objects meanwhile, or an identity may be reused.
        None: not looked at.
    deleted : frozenset of str or None
        User names that were there before and are not any more.
    unsure : frozenset of str
        User names, none of `bound`, of which it is not known if they were bound: to
        an object that took the place of the old one in memory.
    strays : frozenset of str
        User names that were bound after the cell before had ended and before this
        one began: by a widget, a thread or a timer.
    changed : frozenset of str
        Names whose object is the same and is known to have changed inside.
    watched : frozenset of str
        Those of `WATCHABLE` that were compared.
    touched : frozenset of str
        Those of `watched` that differ, or, for ``files``, any file written.
    imported : frozenset of str or None
        Top-level names of modules that were first imported during the cell.
    leaves_figures : bool
        pyplot's figures were open when the cell had ended.
    """

    bound: frozenset[str] | None = None
    deleted: frozenset[str] | None = None
    unsure: frozenset[str] = frozenset()
    strays: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    watched: frozenset[str] = frozenset()
    touched: frozenset[str] = frozenset()
    imported: frozenset[str] | None = None
    leaves_figures: bool = False

    def rules_out(self, state: str) -> bool:
        """Tell whether `state` was looked at and had not changed."""
        return state in self.watched and state not in self.touched


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutedCell:
    """One execution of a code cell in a kernel session.

    Attributes
    ----------
    index : int
        Order of execution; grows, may have gaps.
    source : str
        The text as the user wrote it.
    python : str
        What IPython made of it, with magics as calls of ``get_ipython()``.
    failed : bool or None
        It raised, and only a part of it may have run; None: nobody knows.
    """

    index: int
    source: str
    python: str
    cell_id: str | None = None
    execution_count: int | None = None
    failed: bool | None = False
    evidence: Evidence | None = None

    @property
    def number(self) -> str:
        """How a person calls it: the number in brackets beside it, else its order."""
        if self.execution_count is not None:
            return f"[{self.execution_count}]"
        return str(self.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """Why one cell needs another.

    Attributes
    ----------
    label : str
        The name or state that passes between them: ``df``, ``numpy's random state``.
    verb : str
        What the needed cell did to it: ``defines``, ``changes``, ``seeds``.
    """

    label: str
    verb: str
