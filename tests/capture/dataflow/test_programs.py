"""Random programs: each one's recipe makes what the whole program makes.

A seed that is found to be unsound is shown by
``python -m tests.capture.dataflow.programs.child KIND SEED 1``.
"""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
_SECONDS = 100


@functools.cache
def run_programs(kind, first, count):
    """Run programs in a process that can be ended from outside."""
    module = "tests.capture.dataflow.programs.child"
    ended = subprocess.run(
        [sys.executable, "-m", module, kind, str(first), str(count)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


@pytest.mark.parametrize("kind", ["plain", "watched", "frames"])
def test_recipes_of_random_programs_are_sound(kind):
    found = run_programs(kind, 0, 50)
    assert found["unsound"] == []
    assert len(found["endless"]) < 5
    # A recipe of all cells would be sound, too.
    assert found["kept"] < 0.95 * found["cells"]


FIRST, *OTHERS = range(10_000, 14_000, 200)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(FIRST, marks=pytest.mark.slow),
        *(pytest.param(first, marks=pytest.mark.patient) for first in OTHERS),
    ],
)
@pytest.mark.parametrize("kind", ["plain", "watched", "frames"])
def test_recipes_of_many_random_programs_are_sound(kind, first):
    assert run_programs(kind, first, 200)["unsound"] == []


def test_watching_makes_recipes_smaller():
    plain, watched = (run_programs(kind, 0, 50) for kind in ("plain", "watched"))
    assert watched["cells"] == plain["cells"]
    assert watched["kept"] < plain["kept"]
