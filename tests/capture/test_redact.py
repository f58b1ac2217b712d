import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.capture.redact import is_secret_name, redact

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"
PEM = (
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA75\n-----END RSA PRIVATE KEY-----"
)


@pytest.mark.parametrize(
    ("before", "secret", "after"),
    [
        ('password = "', "hunter2", '"  # mine'),
        ("db_password: str = '", "hunter2", "'"),
        ('connect(user="me", passwd="', 'hun\\"ter2', '", host="x")'),
        ('config = {"password": "', "hunter2", '", "user": "me"}'),
        ('{\\"password\\": \\"', "hunter2", '\\"}'),
        ('os.environ["API_KEY"] = "', "abcdef12345", '"'),
        ('os.environ.setdefault("API_KEY", "', "abcdef12345", '")'),
        ('if password == "', "hunter2", '": pass'),
        ('secret_key = (\n    "', "hunter2", '")'),
        ('apiKey: "', "abcdef12345", '"'),
        ('token = "', "abc123def456", '"'),
        ("PASSWORD=", "hunter2pass", "\nDEBUG=1"),
        ("export HF_TOKEN=", "abcdef12345", ""),
        ("aws_secret_access_key = ", "wJalrXUtnFEMI/K7MDENG", "\n"),
        ("%env API_KEY=", "abcdef12345", ""),
        ("run_line_magic('env', 'API_KEY=", "abcdef12345", "')"),
        ("  password: ", "hunter2", "\n  user: me"),
        ('dsn = "Server=x;Password=', "hunter2", ';Port=1"'),
        ("!curl --token ", "abcdef12345", " https://x"),
        ("postgresql://me:", "hunter2", "@db/x"),
        ("'https://api.x.org/v1?api_key=", "abcdef12345", "&q=1'"),
        ("key = '", "AKIAIOSFODNN7EXAMPLE", "'"),
        ("x = '", "ghp_" + "aB3" * 12, "'"),
        ("x = '", "github_pat_" + "aB3_" * 12, "'"),
        ("x = '", "xoxb-1234567890-abcdefghij", "'"),
        ("x = '", "AIza" + "aB3-x" * 7, "'"),
        ("x = '", "sk_live_" + "aB3" * 8, "'"),
        ("x = '", "hf_" + "aBc" * 11, "'"),
        ("x = '", "sk-proj-" + "aB3" * 10, "'"),
        ("x = '", "npm_" + "aB3" * 12, "'"),
        ("x = '", "glpat-" + "aB3d" * 5, "'"),
        ("x = '", "SG." + "aB3x-y_z9-w" * 2 + "." + "aB3-_xy" * 6 + "a", "'"),
        ("Authorization: Bearer ", "abcdef1234567890abcdef", "\n"),
        ("x = '", JWT, "'"),
        ("x = '''", PEM, "'''"),
    ],
)
def test_secrets_are_masked_and_the_rest_stays(before, secret, after):
    masked, findings = redact(f"ü = 1\n{before}{secret}{after}")
    assert re.fullmatch(
        f"ü = 1\n{re.escape(before)}<masked:[a-z-]+>{re.escape(after)}", masked
    )
    assert len(findings) == 1
    assert findings[0].line == 2 + before.count("\n")
    assert secret not in repr(findings)


@pytest.mark.parametrize(
    "text",
    [
        'tokenizer = "bert-base-uncased-1"',
        "max_tokens=100",
        'token_count = "12345678"',
        "password=getpass()",
        'password = getpass("Password: ")',
        "secret_key=None",
        'api_key=os.environ["X"]',
        'api_key = os.environ["API_KEY"]',
        "api_key = os.getenv('API_KEY')",
        'api_key = config.get("api_key", "")',
        'token = "beginning"',
        'pad_token="<pad1>"',
        'columns = ["token", "lemma12345"]',
        'print("password: ", x, "foo123")',
        'print(f"token={token}")',
        'input("Enter password: ") or "x12345"',
        "def f(password: str, token: str = None): pass",
        "    password=password,\n    token=token\n",
        "token=self.token",
        "password : str\n    The password: something long",
        'parser.add_argument("--token", type=str, help="The token12345")',
        'api_key = "YOUR_API_KEY"',
        'api_key = "<your-key>"',
        'api_key = "${API_KEY}"',
        'credentials = "service-account.json"',
        'df["token"] = df["text"].str.split("abc12345")',
        "PWD=/home/me",
        "https://example.org:8080/path@x",
        'f"postgresql://{user}:{password}@db"',
        '<div class="sk-toggleable__content sk-container-id-1-A">',
        'secret_santa = "Anna"',
        "sort_key = 'abcdef12345'",
        "weights = [0.1]; lightgbm = 1; msg.format(x)",
    ],
)
def test_common_code_is_left_alone(text):
    assert redact(text) == (text, [])


def test_library_code_is_left_alone():
    import sklearn.linear_model

    folder = Path(sklearn.linear_model.__file__).parent
    sources = [path.read_text() for path in folder.glob("*.py")]
    assert sum(map(len, sources)) > 500_000
    assert [redact(source)[1] for source in sources] == [[]] * len(sources)


@given(st.text() | st.from_regex(r"(password|token|://|'|=|:|a1)*", fullmatch=True))
def test_masking_twice_changes_nothing_more(text):
    masked, _ = redact(text)
    assert redact(masked)[0] == masked


def test_overlapping_finds_are_one():
    masked, findings = redact('api_key = "AKIAIOSFODNN7EXAMPLE"')
    assert masked == 'api_key = "<masked:aws-key>"'
    assert len(findings) == 1


def test_several_secrets_are_found_in_order():
    masked, findings = redact('a\npassword="one1"\nb\ntoken="two2two2two2"\n')
    assert masked.count("<masked:") == 2
    assert [(found.kind, found.line) for found in findings] == [
        ("password", 2),
        ("token", 4),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "db_password",
        "PASSWORD2",
        "HF_TOKEN",
        "apiKey",
        "api-key",
        "AWS_SECRET_ACCESS_KEY",
        "clientSecret",
        "private_key",
        "model.password",
        "credentials",
        "dbpassword",
        "passphrase",
    ],
)
def test_names_of_secrets_are_known(name):
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "tokenizer",
        "max_tokens",
        "token_count",
        "pad_token",
        "eos_token",
        "secret_santa",
        "key",
        "sort_key",
        "password_length",
        "keys",
        "monkey",
        "lr",
        "C",
        "api_keys_used",
        "compass",
    ],
)
def test_other_names_are_no_secrets(name):
    assert not is_secret_name(name)


def test_detectors_are_loaded_only_when_needed():
    script = (
        "import sys\n"
        "from jupyter_mlops.capture.redact import redact\n"
        "redact('password = \"hunter2\"; token = 1; msg.x = 2')\n"
        "assert 'detect_secrets' not in sys.modules\n"
        "assert redact('glpat-aB3daB3daB3daB3daB3d')[1]\n"
        "assert 'detect_secrets' in sys.modules\n"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", script], cwd=root, check=True)
