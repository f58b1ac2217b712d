"""Planted secrets: nothing in the workspace holds a byte of them."""

import threading

import pytest

from jupyter_mlops.capture.masking import Masker

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


TOKENS = {
    place: f"ghp_{place:X<36}"
    for place in (
        "name",
        "experiment",
        "tagkey",
        "tagvalue",
        "note",
        "metric",
        "param",
        "artifact",
        "file",
        "notebook",
        "variable",
        "diff",
        "untracked",
        "remote",
        "observed",
        "key",
        "path",
    )
}
LOGGING = """%%track {name} -e {experiment} -t {tagkey}=1 -t colour={tagvalue} --note {note}
import jupyter_mlops as mlops
mlops.log_metric("{metric}", 1)
mlops.log_metrics({{"{metric}": 2}})
mlops.log_param("{param}", {{"{key}": 1}})
mlops.log_artifact("{file}.txt", "{artifact}")
mlops.log_object("{artifact}-text", "hello")
mlops.current_run().observe("models", [{{"{observed}": "{observed}"}}])
with open("{path}.csv") as file:
    text = file.read()
"""


@pytest.fixture
def leaky(repository, git, monkeypatch, workspace):
    """A project with a token in each place that is recorded without being asked."""
    url = f"https://me:{TOKENS['remote']}@example.org/x.git"
    git(repository, "remote", "add", "origin", url)
    for name in ("file", "path", "untracked"):
        (repository / f"{TOKENS[name]}.{'csv' if name == 'path' else 'txt'}").touch()
    (repository / "a.py").write_text(f"github = '{TOKENS['diff']}'\n")
    notebook = repository / f"{TOKENS['notebook']}.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook))
    monkeypatch.setenv("XLA_FLAGS", TOKENS["variable"])


def test_no_place_that_is_recorded_holds_a_token(leaky, run, workspace, bytes_of):
    found = run(LOGGING.format(**TOKENS))
    for thread in threading.enumerate():
        if thread.name == "mlops-surroundings":
            thread.join(60)
    workspace.runs()
    read = workspace.get_run(found.id)
    assert read.record.error is None
    assert read.observations["git"]["dirty"] is True
    assert {"dirty", "untracked"} <= read.observations["git"].keys()
    kept = bytes_of()
    assert [place for place, token in TOKENS.items() if token.encode() in kept] == []
    assert kept.count(b"<masked:github-token>") >= len(TOKENS)


@pytest.mark.parametrize(
    "url",
    [
        "s3://key:{}@bucket/part.parquet",
        "https://h/x.csv?X-Amz-Signature={}&X-Amz-Date=2026",
        "https://h/x.csv?sv=2024&sig={}",
        "https://h/api?access_token={}",
        "gs://b/x?X-Goog-Signature={}",
    ],
)
def test_address_of_a_file_opens_nothing(url):
    entries = Masker().paths([{"path": url.format("q7Zk2Lm9Xw")}, {"path": "a.csv"}])
    assert "q7Zk2Lm9Xw" not in entries[0]["path"]
    assert entries[0]["path"].startswith(url.split("{")[0][:9])
    assert entries[1] == {"path": "a.csv"}


def test_column_called_password_keeps_its_type(run):
    source = "%%track -s frame\nimport pandas as pd\nframe = pd.DataFrame({'password': [1.5]})"
    found = run(source).artifacts["frame"]
    assert found.meta["columns"]["password"] == "float64"
