"""Notebooks as text: what nbformat writes, letter by letter."""

from __future__ import annotations

import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.pipeline.notebook_writer import (
    NotebookWriter,
    _dumped,
    notebook_text,
)

from .conftest import notebook_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
    ),
)


@given(VALUES)
def test_values_are_written_as_json_does(value):
    expected = json.dumps(
        value, indent=1, sort_keys=True, separators=(",", ": "), ensure_ascii=False
    )
    assert _dumped(value, 0) == expected


def stream(text):
    return nbformat.v4.new_output("stream", name="stdout", text=text)


def shown(**data):
    return nbformat.v4.new_output("display_data", data=data)


TEXTS = ["", "a", "a\nb", "a\r\nb\n", "x\u2028y\x0bz", "\x7f~\x7f\n" * 9, "é\\n\n\t"]


@pytest.mark.parametrize("times", [1, 20_000])
@pytest.mark.parametrize("text", TEXTS)
def test_notebooks_are_written_as_nbformat_does(text, times):
    node = notebook_of("x = 1\ny", nbformat.v4.new_markdown_cell("a\n![b](c)"))
    node.cells[0].outputs = [
        stream(text * times),
        shown(**{"text/html": text, "image/png": "a\nb", "application/json": {"a": 1}}),
        shown(**{"image/svg+xml": "<a>\n</a>"}),
        nbformat.v4.new_output("error", ename="E", evalue="", traceback=["a\nb"]),
    ]
    node.cells[1].attachments = {"b": {"text/plain": "a\nb", "image/png": "c\nd"}}
    node.cells[1].metadata["trusted"] = True
    node.metadata["signature"] = "x"
    node.metadata["widgets"] = {"cells": [], "a": {"cells": []}}
    assert notebook_text(node) == nbformat.writes(node).rstrip("\n") + "\n"


def grow(node):
    """Change a notebook in all the ways in which it changes while it runs."""
    first = node.cells[0]
    yield first.outputs.append(stream("a"))
    first.outputs[0].text += "b\n"
    yield None
    yield first.outputs.append(shown(**{"text/plain": "1"}))
    first.outputs[1]["data"] = {"text/plain": "2"}
    yield None
    first.metadata["papermill"] = {"status": "completed"}
    yield None
    first.execution_count = 7
    yield None
    yield first.outputs.clear()
    yield node.cells.append(nbformat.v4.new_code_cell("later"))
    yield node.cells.pop(0)
    yield node.metadata.update(a=1)


def test_known_cells_are_written_anew_once_changed():
    node, writer = notebook_of("a", "b"), NotebookWriter()
    writer.text(node)
    for _ in grow(node):
        assert writer.text(node) == notebook_text(node)


def test_cells_written_beforehand_are_written_anew_once_changed():
    node, writer = notebook_of("a", "b"), NotebookWriter()
    for _ in grow(node):
        writer.know(1, node.cells[1])
        writer.know(0, node.cells[0])
        assert writer.text(node) == notebook_text(node)


def test_what_is_to_be_hidden_is_hidden():
    node = notebook_of("token = 'abc'")
    node.cells[0].outputs = [stream("abc\n")]
    node.metadata["p"] = ["abc"]

    def hide(value):
        return json.loads(json.dumps(value).replace("abc", "…"))

    text = NotebookWriter(hide).text(node)
    assert "abc" not in text
    assert nbformat.reads(text, as_version=4).cells[0].outputs[0].text == "…\n"
    assert node.cells[0].source == "token = 'abc'"
