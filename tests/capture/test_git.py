import pytest

from jupyter_mlops.capture.dirtydiff import git_diff
from jupyter_mlops.capture.git import git_state, without_credentials


def test_commit_and_branch_agree_with_git(repository, git):
    commit = git(repository, "rev-parse", "HEAD")
    expected = {"branch": "main", "commit": commit, "remote": None}
    assert git_state(repository) == expected
    (repository / "sub").mkdir()
    assert git_state(repository / "sub") == expected


@pytest.mark.parametrize("step", ["pack-refs --all", "checkout -b team/feature"])
def test_refs_are_found_wherever_git_keeps_them(repository, step, git):
    git(repository, *step.split())
    found = git_state(repository)
    assert found["commit"] == git(repository, "rev-parse", "HEAD")
    assert found["branch"] == git(repository, "branch", "--show-current")


def test_detached_heads_and_work_trees_are_read(repository, tmp_path, git):
    commit = git(repository, "rev-parse", "HEAD")
    git(repository, "worktree", "add", tmp_path / "tree", "-b", "other")
    found = git_state(tmp_path / "tree")
    assert (found["branch"], found["commit"]) == ("other", commit)
    git(repository, "checkout", "--detach")
    assert git_state(repository)["branch"] is None
    assert git_state(repository)["commit"] == commit


def test_repository_without_commits_has_no_commit(tmp_path, git):
    git(tmp_path, "init", "-b", "main")
    assert git_state(tmp_path)["commit"] is None
    (tmp_path / "new").write_text("a")
    assert git_diff(tmp_path).untracked == ("new",)


def test_remote_is_told_without_credentials(repository, git):
    url = "https://me:hunter2@example.org/team/project.git?private_token=x"
    git(repository, "remote", "add", "origin", url)
    found = git_state(repository)
    assert found["remote"] == "https://example.org/team/project.git"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("git@example.org:team/x.git", "git@example.org:team/x.git"),
        ("ssh://git:pw@example.org:22/x", "ssh://git@example.org:22/x"),
        ("https://token@example.org/x", "https://example.org/x"),
        ("/srv/x.git", "/srv/x.git"),
    ],
)
def test_credentials_are_taken_off(url, expected):
    assert without_credentials(url) == expected
