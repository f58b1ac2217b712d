"""What is said when data is not what a model takes."""

from __future__ import annotations

from jupyter_mlops.errors import InvalidModelInputError

_SHOWN = 10


def refusal(problems: dict[str, str]) -> InvalidModelInputError:
    """Make the error for all columns at fault.

    Parameters
    ----------
    problems : dict
        What is wrong, by column; by ``""`` when it is the whole.
    """
    lines = [
        f"  '{name}' {problem}" if name else f"  {problem}"
        for name, problem in list(problems.items())[:_SHOWN]
    ]
    if len(problems) > _SHOWN:
        lines.append(f"  and {len(problems) - _SHOWN} more")
    said = "\n".join(lines)
    return InvalidModelInputError(
        f"The data is not what the model takes:\n{said}\n"
        f"Its `signature` says what it takes; `unwrap().predict(…)` asks it unchecked.",
        problems=problems,
        columns=[name for name in problems if name],
    )
