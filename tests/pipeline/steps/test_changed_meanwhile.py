"""What others change while a step runs does not stand for what its cells have met."""

from __future__ import annotations

import pytest

from .conftest import PREPARE

# As if somebody else did it: no audit event tells of what libc does.
ELSEWHERE = """\
import ctypes, os, time
libc = ctypes.CDLL(None)
time.sleep(0.02)
def write(path, text, flags=os.O_WRONLY | os.O_CREAT | os.O_TRUNC):
    into = libc.open(path.encode(), flags, 0o644)
    libc.write(into, text.encode(), len(text))
    libc.close(into)
"""
CHANGED = {
    "listed": ("names = os.listdir('fol' + 'der')", "write('folder/b', 'b')", "folder"),
    "named": ("told = 'told.txt'", "write('told.txt', 'other')", "told.txt"),
    "input": (
        "Path(raw).read_text()",
        "write('data/raw.csv', '1\\n2\\n4\\n')\nwrite('data/raw.csv', '1\\n2\\n3\\n')",
        "data/raw.csv",
    ),
}


@pytest.mark.parametrize("name", CHANGED)
def test_what_was_met_and_changed_while_it_ran_is_not_known(project, name):
    met, change, words = CHANGED[name]
    project.write("folder/a", "a")
    project.write("told.txt", "told")
    declared = "factor = 1\nraw = ''\nfeatures = ''"
    cells = (PREPARE[0], ELSEWHERE, met, change, *PREPARE[1:])
    project.notebook("prepare.ipynb", *cells, parameters=declared)
    notes = project.run().steps["prepare"].notes
    assert f"runs again next time: {words} changed while it ran" in notes
    assert project.states()["prepare"] == "finished"


def test_what_the_step_itself_adds_to_a_folder_is_no_doubt(project):
    project.write("folder/a", "a")
    cells = (
        *PREPARE,
        "import os\nnames = os.listdir('folder')",
        "Path('folder/b').write_text('b')",
    )
    declared = "factor = 1\nraw = ''\nfeatures = ''"
    project.notebook("prepare.ipynb", *cells, parameters=declared)
    project.run()
    assert project.states()["prepare"] == "cached"
