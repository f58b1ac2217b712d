"""Planted secrets: nothing in the workspace holds a byte of them."""

import pytest

SECRETS = {
    "aws": "AKIA" + "Q3EGTJ5XWZ7PLM2K",
    "github": "ghp_" + "a8Kd02LmQpX7vBnT4cYsW1eRzU9iOj3HgFxN",
    "slack": "xoxb-" + "123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx",
    "stripe": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dcX9aB2kQv",
    "google": "AIza" + "SyD3mVb8kQ1xN7wLr5TgYhUjZpOc2EfSaI4",
    "password": "correct-horse-battery",
    "url": "s3cr3tpa55",
    "jwt": "eyJhbGciOiJIUzI1NiJ9."
    + "eyJzdWIiOiIxMjM0NTY3ODkwIn0."
    + "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "huggingface": "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYz012345",
    "param": "pa55-of-the-param",
}
SOURCE = """%%track -p api_key -t "db_password={param}"
import sys
aws = "{aws}"
headers = {{"Authorization": "token {github}"}}
slack_token = "{slack}"
api_key = "{stripe}"
password = "{password}"
print("connecting to postgresql://me:{url}@localhost/db")
print("{google}", file=sys.stderr)
from IPython.display import HTML, display
display(HTML("<b>{jwt}</b>"))
raise ValueError("{huggingface}")
"""


@pytest.fixture
def bytes_of(workspace):
    def bytes_of():
        workspace.store.close()
        files = workspace.layout.folder.rglob("*")
        return b"\0".join(file.read_bytes() for file in files if file.is_file())

    return bytes_of


def test_no_secret_reaches_the_disk(run, workspace, bytes_of, capsys):
    found = run(SOURCE.format(**SECRETS))
    assert found.record.error.name == "ValueError"
    assert "<masked:" in found.cells[0].source
    workspace.runs()
    kept = bytes_of()
    assert [name for name, text in SECRETS.items() if text.encode() in kept] == []
    assert "masked in the record" in capsys.readouterr().out


def test_cell_itself_keeps_its_secrets(run, shell):
    run("%%track\npassword = 'correct-horse-battery'")
    assert shell.user_ns["password"] == "correct-horse-battery"
