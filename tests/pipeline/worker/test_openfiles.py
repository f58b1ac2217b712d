"""Files that nobody closed keep what was written to them."""

import os

import pytest

from jupyter_mlops.pipeline.worker.openfiles import OpenFiles


@pytest.mark.parametrize("was_open", [False, True])
def test_number_given_again_is_another_file(tmp_path, was_open):
    number = os.open(os.devnull, os.O_RDONLY)
    if not was_open:
        os.close(number)
    files = OpenFiles()
    if was_open:
        os.close(number)
    with (tmp_path / "unclosed").open("w") as file:
        file.write("kept")
        assert file.fileno() == number
        files.flush()
        assert (tmp_path / "unclosed").read_text() == "kept"


def test_files_open_before_are_left_alone(tmp_path):
    with (tmp_path / "of_ours").open("w") as file:
        files = OpenFiles()
        file.write("later")
        files.flush()
        assert (tmp_path / "of_ours").read_text() == ""
