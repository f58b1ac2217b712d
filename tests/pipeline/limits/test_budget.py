"""What fits beside what runs."""

from __future__ import annotations

import pytest

from jupyter_mlops.pipeline.limits.budget import Budget, Limits

FOUR = Budget(cpus=4, memory=8_000, jobs=3)


@pytest.mark.parametrize(
    ("running", "wanted", "fits"),
    [
        ([], Limits(cpus=100, memory=1 << 60), True),
        ([Limits(cpus=2)], Limits(cpus=2), True),
        ([Limits(cpus=2)], Limits(cpus=3), False),
        ([Limits(memory=5_000)], Limits(memory=3_000), True),
        ([Limits(memory=5_000)], Limits(memory=3_001), False),
        ([Limits(), Limits()], Limits(), True),
        ([Limits(), Limits(), Limits()], Limits(), False),
        ([Limits(cpus=3)], Limits(), False),
    ],
)
def test_sum_stays_within(running, wanted, fits):
    assert FOUR.has_room(running, wanted) is fits


def test_who_asks_for_nothing_gets_a_share():
    assert FOUR.limits(Limits()).threads == 1
    assert FOUR.limits(Limits(cpus=2, memory=5)) == Limits(cpus=2, memory=5)
    assert Budget.of_machine(jobs=1).limits(Limits()) == Limits()


def test_less_than_the_machine():
    less = Budget.of_machine(cpus=0.5, memory=1_000, jobs=1)
    assert (less.cpus, less.memory) == (0.5, 1_000)
    assert less.limits(Limits()).threads == 1
    more = Budget.of_machine(cpus=1e6, memory=1 << 61)
    assert (more.cpus, more.memory) == (
        Budget.of_machine().cpus,
        Budget.of_machine().memory,
    )
