import json
import os

import pytest

from jupyter_mlops.capture import document
from jupyter_mlops.capture.document import DocumentCell, read_document


def save(path, *cells):
    told = [
        {"cell_type": kind, "id": name, "source": [text], "metadata": {}, "outputs": []}
        for kind, name, text in cells
    ]
    path.write_text(json.dumps({"cells": told, "nbformat": 4, "nbformat_minor": 5}))


def test_code_cells_are_read_in_order(tmp_path):
    path = tmp_path / "a.ipynb"
    save(path, ("code", "b", "x = 1"), ("markdown", "m", "# a"), ("code", "a", "y"))
    found = read_document(str(path))
    assert found.cells == (DocumentCell("b", "x = 1"), DocumentCell("a", "y"))
    assert found.saved == path.stat().st_mtime


def test_document_is_read_once_until_it_is_saved(tmp_path, monkeypatch):
    path = tmp_path / "a.ipynb"
    save(path, ("code", "a", "x = 1"))
    first = read_document(str(path))
    monkeypatch.setattr(document, "_cells", None)
    assert read_document(str(path)) is first
    monkeypatch.undo()
    save(path, ("code", "a", "x = 1"), ("code", "b", "y"))
    assert len(read_document(str(path)).cells) == 2


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": [1]}', '{"cells": {}}'])
def test_what_is_no_notebook_is_none(tmp_path, text):
    path = tmp_path / "a.ipynb"
    path.write_text(text)
    found = read_document(str(path))
    assert found is None or found.cells == ()
    assert read_document(str(tmp_path / "none.ipynb")) is None


def test_huge_document_is_not_read(tmp_path):
    path = tmp_path / "a.ipynb"
    path.touch()
    os.truncate(path, 200_000_000)
    assert read_document(str(path)) is None
