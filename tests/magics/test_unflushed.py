"""Cards that do not wait for text that was never printed."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stdout

import pytest

from jupyter_mlops.magics.unflushed import unflushed


class Counted(io.StringIO):
    """Counts how often it is flushed."""

    flushes = 0

    def flush(self):
        self.flushes += 1
        super().flush()


def test_text_arrives_without_flush():
    stream = Counted()
    with redirect_stdout(stream):
        with unflushed():
            print("a", flush=True)
            assert sys.stdout.getvalue() == "a\n"
        assert sys.stdout is stream
    assert stream.flushes == 0


def test_stream_is_back_after_error():
    stream = Counted()
    with redirect_stdout(stream):
        with pytest.raises(ValueError, match="shown"), unflushed():
            raise ValueError("shown")
        print("a", flush=True)
    assert stream.flushes == 1


def test_new_stream_of_another_stays():
    other = io.StringIO()
    with redirect_stdout(Counted()):
        with unflushed():
            sys.stdout = other
        assert sys.stdout is other
