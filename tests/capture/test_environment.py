import json
import os
import sys

from jupyter_mlops.capture.environment import describe_environment


def test_equal_environments_have_equal_json(tmp_path):
    first = json.dumps(describe_environment(folder=tmp_path))
    assert json.dumps(describe_environment(folder=tmp_path)) == first
    assert list(json.loads(first)) == sorted(json.loads(first))


def test_interpreter_and_machine_are_told(tmp_path):
    found = describe_environment(folder=tmp_path)
    assert found["python"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert os.sep not in found["python"]["executable"]
    assert found["cpu"]["count"] == os.cpu_count()
    assert found["git"] is None


def test_only_listed_variables_are_told(monkeypatch):
    monkeypatch.setenv("PYTHONHASHSEED", "3")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    variables = describe_environment()["variables"]
    assert variables["PYTHONHASHSEED"] == "3"
    assert "hidden" not in json.dumps(variables)


def test_allowed_variables_can_be_named(monkeypatch, tmp_path):
    monkeypatch.setenv("TEAM", "risk")
    told = describe_environment(folder=tmp_path, variables=("TEAM", "NOT_SET"))
    assert told["variables"] == {"TEAM": "risk"}


def test_deleted_working_directory_has_no_git(tmp_path, monkeypatch):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert describe_environment()["git"] is None
