"""The last look at a work tree holds until something there changes."""

import os
import time

import pytest

from jupyter_mlops.capture import gitwatch
from jupyter_mlops.capture.gitwatch import watch_of


@pytest.fixture
def watch(repository, monkeypatch):
    """A watch that trusts the clock's ticks, since tests are quicker than them."""
    monkeypatch.setattr(gitwatch, "_TICK", 0)
    return watch_of(repository)


def test_clean_tree_is_asked_once(watch, monkeypatch):
    first = watch.look()
    assert first.diff.is_dirty is False
    monkeypatch.setattr(gitwatch, "git_diff", None)
    assert watch.known() is first
    assert watch.look() is first


@pytest.mark.parametrize("change", ["edit", "new", "delete", "commit", "stage"])
def test_every_change_ends_what_is_known(watch, repository, git, change):
    (repository / "sub").mkdir()
    (repository / "sub" / "b.py").write_text("")
    git(repository, "add", ".")
    watch.look()
    assert watch.known() is not None
    if change == "edit":
        (repository / "a.py").write_text("x = 22\n")
    elif change == "new":
        (repository / "sub" / "c.py").write_text("")
    elif change == "delete":
        (repository / "a.py").unlink()
    elif change == "commit":
        git(repository, "commit", "-m", "second")
    else:
        git(repository, "rm", "--cached", "a.py")
    assert watch.known() is None


def test_file_written_within_the_tick_is_not_trusted(repository):
    now = time.time()
    os.utime(repository / "a.py", (now + 10, now + 10))
    look = watch_of(repository).look()
    assert look.places is None


def test_large_tree_is_asked_again_after_a_while(repository, git, watch, monkeypatch):
    for number in range(100):
        (repository / f"{number}.txt").write_text("")
    git(repository, "add", ".")
    look = watch.look()
    assert watch.known() is look
    monkeypatch.setattr(time, "monotonic", lambda: look.began + 60)
    assert watch.known() is None


def test_no_watch_where_there_is_no_git(tmp_path):
    assert watch_of(tmp_path) is None
