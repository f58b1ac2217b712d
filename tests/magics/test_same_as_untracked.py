"""A tracked cell shows, returns and raises exactly what it would untracked."""

import pytest

CELLS = {
    "value": "1 + 1",
    "print": "print('a', end='')\nprint('b')",
    "rich": "from IPython.display import HTML\nHTML('<i>x</i>')",
    "error": "def f():\n    return 1 / 0\nf()",
    "chained": "try:\n    {}['a']\nexcept KeyError as e:\n    raise ValueError('x') from e",
    "syntax": "x = (1,\ny = 2",
    "indent": "  x = 1\n y = 2",
    "await": "import asyncio\nawait asyncio.sleep(0, 'slept')",
    "magic": "%who_ls\n!echo hi",
    "time": "%%capture got\nprint('hidden')",
    "semicolon": "1 + 1;",
    "help": "len?",
    "empty_lines": "\n\nx = 3\nx",
    "comment": "# nothing",
    "exit": "raise SystemExit(3)",
    "usage": "%nosuchmagic",
    "stderr": "import sys\nprint('e', file=sys.stderr)",
    "display_id": (
        "from IPython.display import display\nh = display('a', display_id='x')\n"
        "h.update('b')"
    ),
}


def shown_by(shell, source, capsys):
    capsys.readouterr()
    result = shell.run_cell(source, store_history=True)
    said = capsys.readouterr()
    error = result.error_before_exec or result.error_in_exec
    lines = [x for x in said.out.splitlines() if not x.startswith(("✓", "✗", "  run"))]
    return "\n".join(lines).strip(), said.err, repr(result.result), repr(error)


@pytest.mark.filterwarnings("ignore:To exit")
@pytest.mark.parametrize("name", CELLS)
def test_cell_is_as_without_the_line(shell, capsys, monkeypatch, name):
    monkeypatch.setattr("jupyter_mlops.widgets.card.Card.text", lambda self: "✓")
    count = shell.execution_count
    plain = shown_by(shell, CELLS[name], capsys)
    shell.execution_count = count
    tracked = shown_by(shell, "%%track\n" + CELLS[name], capsys)
    assert tracked == plain
    assert shell.execution_count == count + 1
