"""What a cell uses, in real processes: memory, processor time, children."""

import os
import subprocess
import sys
import threading

import pytest

from jupyter_mlops.capture import usage
from jupyter_mlops.capture.usage import Usage, UsageWatch, notable_usage

MEGA = 1_000_000
SPIN = "import time\nwhile time.process_time() < 0.3: pass"


def held_and_freed(size):
    return len(bytearray(os.urandom(4096) * (size // 4096)))


def test_memory_that_was_freed_again_is_in_the_peak():
    watch = UsageWatch().start()
    held_and_freed(200 * MEGA)
    used = watch.stop()
    assert used.grown_bytes > 150 * MEGA
    assert used.peak_bytes > used.grown_bytes


@pytest.mark.skipif(not usage._reset_peak(), reason="the peak cannot be begun anew")
def test_peak_is_of_this_watch_alone():
    held_and_freed(200 * MEGA)
    watch = UsageWatch().start()
    held_and_freed(1 * MEGA)
    assert watch.stop().grown_bytes < 100 * MEGA


def test_watch_within_a_watch_hides_no_peak():
    outer = UsageWatch().start()
    held_and_freed(200 * MEGA)
    inner = UsageWatch().start()
    assert inner.stop().grown_bytes < 100 * MEGA
    assert outer.stop().grown_bytes > 150 * MEGA


@pytest.mark.parametrize("held", [1, 300])
def test_peak_is_told_where_it_cannot_be_begun_anew(monkeypatch, held):
    monkeypatch.setattr(usage, "_reset_peak", lambda: False)
    watch = UsageWatch().start()
    kept = bytearray(os.urandom(4096) * (held * MEGA // 4096))
    used = watch.stop()
    assert used.peak_bytes >= used.grown_bytes
    assert used.grown_bytes >= len(kept) * (held == 300) * 0.9


def test_threads_and_children_count_as_processor_time():
    watch = UsageWatch().start()
    began = threading.Thread(target=sum, args=(range(4_000_000),))
    began.start()
    began.join()
    own = watch.stop().cpu_seconds
    watch = UsageWatch().start()
    subprocess.run([sys.executable, "-c", SPIN], check=True)
    assert own > 0
    assert watch.stop().cpu_seconds >= 0.3


@pytest.mark.parametrize(
    ("used", "seconds", "words"),
    [
        (Usage(2.0, 300 * MEGA, 10 * MEGA), 2.0, ()),
        (Usage(16.0, 300 * MEGA, 10 * MEGA), 2.0, ("CPU 16 s",)),
        (Usage(0.1, 300 * MEGA, 10 * MEGA), 0.01, ()),
        (Usage(2.0, 2500 * MEGA, 2000 * MEGA), 2.0, ("peak 2.5 GB",)),
        (Usage(2.0, None), 2.0, ()),
    ],
)
def test_only_what_is_notable_gets_a_word(used, seconds, words):
    assert notable_usage(used, seconds) == words
