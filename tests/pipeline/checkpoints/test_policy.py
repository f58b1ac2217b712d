"""Which boundaries are worth a copy, and which copies are worth their memory."""

import pytest

from jupyter_mlops.pipeline.checkpoints.checkpoint import BEFORE, FAILED, Checkpoint
from jupyter_mlops.pipeline.checkpoints.policy import Policy, least_useful

MB = 1 << 20


def made(run, count, saved, kind=BEFORE):
    return Checkpoint(
        run=run,
        kind=kind,
        cells=("",) * count,
        saved=saved,
        made=0.0,
        process=count,
        seconds=0.04,
    )


@pytest.mark.parametrize(
    ("elapsed", "spent", "since", "is_wanted"),
    [
        (60.0, 0.0, 60.0, True),
        (60.0, 0.0, 0.1, False),  # saves next to nothing
        (60.0, 1.79, 10.0, False),  # three in a hundred are spent
        (1.0, 0.0, 1.0, False),  # too early to afford one
    ],
)
def test_copies_are_bounded_and_worth_it(elapsed, spent, since, is_wanted):
    policy = Policy()
    found = policy.wants(elapsed=elapsed, spent=spent, since=since, expected=0.04)
    assert found is is_wanted


def test_trivial_cells_get_few_copies():
    policy, spent, since, taken = Policy(), 0.0, 0.0, 0
    for number in range(1, 1001):
        since += 0.01
        if policy.wants(elapsed=number / 100, spent=spent, since=since, expected=0.04):
            spent, since, taken = spent + 0.04, 0.0, taken + 1
    assert spent <= 0.03 * 10
    assert taken >= 5


def test_the_dear_and_useless_go_first():
    held = [
        (made("a", 1, 1.0), 100 * MB),
        (made("a", 2, 60.0), MB),
        (made("a", 3, 61.0), MB),
    ]
    assert least_useful(held).position == 1


def test_where_runs_stand_goes_last():
    last, failed = made("a", 5, 9.0), made("a", 5, 9.1, FAILED)
    early = made("a", 1, 8.0)
    held = [(early, 1), (last, 900 * MB), (failed, 900 * MB)]
    assert least_useful(held) is early


def test_nothing_held_nothing_goes():
    assert least_useful([]) is None
