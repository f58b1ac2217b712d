"""How values look."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from jupyter_mlops.verbs import shown

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.123456789, "0.12346"),
        (123456.789, "1.2346e+05"),
        (1e-9, "1e-09"),
        (3, "3"),
        (1234567, "1234567"),
        (2.0, "2"),
        (math.nan, "NaN"),
        (-math.inf, "-∞"),
    ],
)
def test_numbers_are_short(value, said):
    assert shown.number(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (True, "True"),
        (None, "None"),
        ("a\nb\tc", "a b c"),
        ([1, "é"], '[1, "é"]'),
        ("x" * 50, "x" * 39 + "…"),
        ("a\x07b", "a\N{REPLACEMENT CHARACTER}b"),
    ],
)
def test_values_stay_on_one_line(value, said):
    assert shown.value(value) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.0421, "42 ms"), (5.21, "5.2 s"), (125, "2 min 5 s"), (7300, "2 h 1 min")],
)
def test_durations_have_units(seconds, said):
    assert shown.took(seconds) == said


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=-2), "0 s ago"),
        (timedelta(seconds=20), "20 s ago"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=5), "5 h ago"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=30), "2026-04-20"),
    ],
)
def test_times_are_relative(passed, said):
    assert shown.ago(NOW - passed, NOW) == said


def test_sizes_have_units():
    assert [shown.size(n) for n in (0, 999, 1000, 2_500_000)] == [
        "0 B",
        "999 B",
        "1 kB",
        "2.5 MB",
    ]


def test_short_ids_tell_apart():
    ids = ["a" * 26, "a" * 12 + "b" * 14, "c" * 26]
    assert shown.short_ids(ids) == {
        ids[0]: "a" * 13,
        ids[1]: "a" * 12 + "b",
        ids[2]: "c" * 10,
    }
