"""What is not committed: text masked and bounded, binary files by digest alone."""

import hashlib

import pytest

from jupyter_mlops.capture.diffmask import mask_diff
from jupyter_mlops.capture.dirtydiff import git_diff

KEY = """-----BEGIN RSA PRIVATE KEY-----
MIIEowIBAAKCAQEA7bq0Gv1Yx8Zs0v3QnJ2m5kL9wq4uT6rE8yXcVbN
Pq2sD4fG6hJ8kL0zX2cV4bN6mQ8wE0rT2yU4iO6pA8sD0fG2hJ4kL6z
-----END RSA PRIVATE KEY-----
"""
BODY = KEY.splitlines()[1:-1]


def test_diff_tells_changed_and_untracked_files(repository):
    assert git_diff(repository).is_dirty is False
    (repository / "a.py").write_text("x = 2\n")
    (repository / "new ü.py").write_text("")
    found = git_diff(repository)
    assert found.changed == ("a.py",)
    assert "+x = 2" in found.text
    assert found.untracked == ("new ü.py",)


def test_folder_of_untracked_files_is_one_name(repository):
    (repository / "data").mkdir()
    for number in range(3):
        (repository / "data" / f"{number}.csv").write_text("")
    assert git_diff(repository).facts()["untracked"] == ["data/"]


def test_binary_file_is_told_by_its_digest(repository, git):
    file = repository / "picture.bin"
    file.write_bytes(b"\0\1\2")
    git(repository, "add", ".")
    file.write_bytes(b"\0secret bytes")
    found = git_diff(repository)
    assert found.binary[0].digest == hashlib.sha256(b"\0secret bytes").hexdigest()
    assert "secret bytes" not in found.text


def test_long_diff_is_cut_at_a_line_and_says_so(repository):
    (repository / "a.py").write_text("".join(f"x{n} = {n}\n" for n in range(30_000)))
    found = git_diff(repository, limit=5000)
    assert 0 < len(found.text) <= 5000
    assert found.text.endswith("\n")
    assert found.facts()["cut"] is True


def test_notebooks_do_not_push_out_the_code(repository, git):
    (repository / "0.ipynb").write_text("{}")
    git(repository, "add", ".")
    (repository / "0.ipynb").write_text("output\n" * 10_000)
    (repository / "a.py").write_text("x = 3\n")
    assert "+x = 3" in git_diff(repository, limit=2000).text


@pytest.mark.parametrize("cut", [0, 150_000])
def test_secret_in_a_diff_is_masked(repository, cut):
    filler = "y = 1\n" * (cut // 6)
    (repository / "a.py").write_text(f"{filler}password = 'hunter2-hunter2'\n")
    found = git_diff(repository, limit=200_000)
    assert "hunter2" not in found.text
    assert found.masked == 1


def test_secret_is_masked_where_the_diff_is_cut(repository):
    line = "password = 'correct-horse-battery'\n"
    (repository / "a.py").write_text(line * 5000)
    for limit in range(3000, 3040):
        assert "horse" not in git_diff(repository, limit=limit).text


def test_file_of_secrets_is_named_only(repository, git):
    (repository / "conf").mkdir()
    (repository / "conf" / ".env").write_text("A=1\n")
    git(repository, "add", ".")
    (repository / "conf" / ".env").write_text("QZX=moonlight77\n")
    found = git_diff(repository)
    assert "moonlight77" not in found.text
    assert found.facts()["withheld"] == ["conf/.env"]


@pytest.mark.parametrize("sign", ["-", "+", " "])
def test_key_is_masked_behind_the_signs_of_a_diff(sign):
    lines = "".join(f"{sign}{line}\n" for line in KEY.splitlines())
    masked, count = mask_diff(f"@@ -1,4 +1,4 @@\n{lines}+x = 1\n")
    assert [line for line in BODY if line in masked] == []
    assert masked.endswith("+x = 1\n")
    assert count == 1


def test_key_that_was_changed_in_part_is_masked_on_both_sides():
    first, old, new = KEY.splitlines()[0], BODY[0], BODY[1]
    diff = f" {first}\n-{old}\n+{new}\n {BODY[1][::-1]}\n"
    masked, _ = mask_diff(diff)
    assert [body for body in (old, new, BODY[1][::-1]) if body in masked] == []
    assert masked.count("\n") == diff.count("\n")
