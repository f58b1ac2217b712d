"""Exit codes and sentences; the verbs themselves are tested beside them."""

from __future__ import annotations

import pytest

import jupyter_mlops
from jupyter_mlops.cli import main
from jupyter_mlops.verbs import session


def test_version_is_said(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"jupyter-mlops {jupyter_mlops.__version__}\n"


def test_no_verb_shows_the_verbs(capsys):
    assert main([]) == 2
    assert "promote" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rnus"], "'runs'"),
        (["runs", "--bets", "x"], "--best"),
        (["show"], "RUN"),
        (["--debug"], "command"),
        (["runs", "--limit", "many"], "--limit"),
    ],
)
def test_misuse_names_the_nearest(capsys, words, said):
    assert main(words) == 2
    found = capsys.readouterr()
    assert found.out == ""
    assert said in found.err
    assert len(found.err.splitlines()) == 1
    assert "--help'" in found.err


def test_our_errors_are_a_sentence(workspace, capsys):
    assert main(["show", "zzz"]) == 1
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err.startswith("There is no run 'zzz'.")


def test_reading_makes_no_workspace(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["runs"]) == 1
    assert "jupyter mlops init" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_workspace_can_be_named(workspace, tmp_path, monkeypatch, capsys):
    with workspace.start_run("there"):
        pass
    monkeypatch.chdir(tmp_path)
    assert main(["--workspace", str(workspace.layout.project), "runs"]) == 0
    assert "there" in capsys.readouterr().out


def test_init_makes_it_once(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert "Made" in capsys.readouterr().out
    assert main(["init", str(tmp_path)]) == 0
    assert "already" in capsys.readouterr().out
    assert (tmp_path / ".mlops" / "format").is_file()


def test_unexpected_errors_are_one_line(workspace, monkeypatch, capsys):
    def broken(*_, **__):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(session.Session, "workspace", broken)
    assert main(["runs"]) == 1
    said = capsys.readouterr().err
    assert "ZeroDivisionError: oh" in said
    assert "--debug" in said
    assert len(said.splitlines()) == 1
    with pytest.raises(ZeroDivisionError):
        main(["--debug", "runs"])


def test_interrupt_has_its_code(monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(session.Session, "workspace", interrupted)
    assert main(["runs"]) == 130
    assert capsys.readouterr().err == "Interrupted.\n"
