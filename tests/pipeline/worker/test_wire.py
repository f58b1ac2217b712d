"""Frames and markers, cut anywhere."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.pipeline.worker.markers import MarkedText, marker
from jupyter_mlops.pipeline.worker.wire import FrameReader, frame_bytes

TOKEN = b"\x1etoken of 18 bytes"


def cut(data, places):
    edges = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[a:b] for a, b in itertools.pairwise(edges)]


@given(
    st.lists(
        st.tuples(st.dictionaries(st.text(), st.integers()), st.lists(st.binary()))
    ),
    st.lists(st.integers(0, 10_000)),
)
def test_frames_come_as_they_went(frames, places):
    data = b"".join(frame_bytes(head, parts) for head, parts in frames)
    reader, found = FrameReader(), []
    for piece in cut(data, places):
        reader.feed(piece)
        found += [(frame.head, frame.parts) for frame in reader]
    assert found == frames


def test_what_is_no_frame_is_refused():
    reader = FrameReader()
    reader.feed(b"GET / HTTP/1.1\r\n\r\n")
    with pytest.raises(ValueError, match="no frame"):
        list(reader)


@given(
    st.lists(st.one_of(st.text("aé😀\n\x1et"), st.integers(0, 10**12 - 1))),
    st.lists(st.integers(0, 10_000)),
)
def test_text_and_markers_come_apart(items, places):
    data = b"".join(
        marker(TOKEN, item) if isinstance(item, int) else item.encode()
        for item in items
    )
    text = MarkedText(TOKEN)
    for piece in cut(data, places):
        text.feed(piece)
    text.finish()
    assert joined(text.items) == joined(items)


def joined(items):
    """Put neighbouring texts together."""
    found = []
    for item in items:
        if isinstance(item, str) and found and isinstance(found[-1], str):
            found[-1] += item
        elif item != "":
            found.append(item)
    return found
