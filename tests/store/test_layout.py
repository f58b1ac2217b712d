from pathlib import Path

import pytest

from jupyter_mlops.errors import InvalidNameError, WorkspaceError, WorkspaceLayoutError
from jupyter_mlops.store.layout import Layout, find_project, project_root


def test_new_workspace_is_complete(layout):
    assert layout.format_file.read_text() == "1\n"
    assert layout.journals.is_dir()
    assert layout.registry.is_dir()
    assert layout.blobs.is_dir()
    assert (layout.folder / ".gitignore").read_text() == "*\n"


def test_creating_again_changes_nothing(layout):
    (layout.folder / "settings.toml").write_text("# mine\n")
    Layout(layout.project).create()
    assert (layout.folder / "settings.toml").read_text() == "# mine\n"


def test_newer_layout_is_refused_untouched(layout):
    layout.format_file.write_text("99\n")
    before = sorted(layout.folder.rglob("*"))
    with pytest.raises(WorkspaceLayoutError, match="layout 99") as caught:
        Layout(layout.project).create()
    assert caught.value.found == 99
    assert sorted(layout.folder.rglob("*")) == before


def test_foreign_format_file_is_refused(layout):
    layout.format_file.write_text("hello")
    with pytest.raises(WorkspaceLayoutError, match="'hello'"):
        layout.create()


def test_workspace_is_found_upwards(layout):
    deep = layout.project / "a" / "b"
    deep.mkdir(parents=True)
    assert find_project(deep) == layout.project
    assert find_project(Path("/")) is None


def test_new_workspace_belongs_to_git_root(tmp_path):
    (tmp_path / ".git").mkdir()
    deep = tmp_path / "a"
    deep.mkdir()
    assert project_root(deep) == tmp_path


def test_folder_under_a_file_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(WorkspaceError, match="No workspace can be made"):
        Layout(tmp_path / "file").create()


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "x\n", "a" * 129, "-x"])
def test_model_name_stays_in_folder(layout, name):
    with pytest.raises(InvalidNameError) as caught:
        layout.model_chain(name)
    assert caught.value.name == name
