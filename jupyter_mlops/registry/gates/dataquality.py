"""Whether a dataset fits a schema, judged by pandera.

Source: https://pandera.readthedocs.io/en/stable/schema_inference.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.flavors import library
from jupyter_mlops.registry.gates.subject import GateFaultError

if TYPE_CHECKING:
    from pathlib import Path

EXTRA = "gates"
_SHOWN = 3
_MISSING = "column_in_dataframe"


def check_schema(frame: Any, file: Path) -> tuple[bool, str]:
    """Tell whether a frame fits a schema in YAML, and where it does not.

    Only columns, checks and counts are told: values may be anybody's.
    """
    if not file.is_file():
        raise GateFaultError(f"there is no schema at {file}")
    pandera = library("pandera.pandas", EXTRA)
    try:
        schema = library("pandera.io.pandas_io", EXTRA).from_yaml(file)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GateFaultError(f"{file.name} is no schema of pandera: {error}") from None
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        return False, _told(errors.failure_cases)
    return True, f"{len(frame)} rows fit"


def _told(cases: Any) -> str:
    counts: dict[str, int] = {}
    rows = zip(cases["column"], cases["check"], cases["failure_case"], strict=True)
    for column, check, case in rows:
        if check == _MISSING:
            where = f"there is no column '{case}'"
        else:
            where = f"'{column}': {check}" if isinstance(column, str) else str(check)
        counts[where] = counts.get(where, 0) + 1
    shown = [
        where if count == 1 else f"{where} ({count} times)"
        for where, count in list(counts.items())[:_SHOWN]
    ]
    if len(counts) > _SHOWN:
        shown.append(f"and {len(counts) - _SHOWN} more")
    return "; ".join(shown)
