"""The README says everything that there is, and its commands are those that run."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
import typer

import jupyter_mlops as mlops
from jupyter_mlops.magics.options import parser
from jupyter_mlops.settings import PREFIX, Settings
from jupyter_mlops.verbs.app import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(app).commands


@pytest.mark.parametrize("verb", COMMANDS)
def test_verb_and_its_options_are_told(verb):
    (row,) = re.findall(rf"^\| `{verb}(?:`| [\[A-Z]).*$", README, re.MULTILINE)
    for parameter in COMMANDS[verb].params:
        for option in parameter.opts:
            if option.startswith("-") and option not in ("--json", "--help", "-h"):
                assert f"{option}" in row, f"{verb} {option}"


def test_every_magic_option_is_told():
    for action in parser()._actions:
        for option in action.option_strings:
            assert f"`{option}" in README, option


@pytest.mark.parametrize("name", mlops.__all__)
def test_every_function_is_told(name):
    assert f"`{name}(" in README
    assert callable(getattr(mlops, name))


@pytest.mark.parametrize("setting", [item.name for item in fields(Settings)])
def test_every_setting_is_told(setting):
    assert f"`{PREFIX}{setting.upper()}`" in README


def test_commands_are_those_of_ci():
    blocks = re.findall(r"```bash\n(.*?)\n```", README, re.DOTALL)
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert len(blocks) == 2
    for block in blocks:
        assert block in script


def test_linked_files_are_there():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).is_file(), target
