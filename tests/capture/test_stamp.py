"""The stamp, judged from facts: order, stale state, randomness."""

import pytest

from jupyter_mlops.capture.document import Document, DocumentCell
from jupyter_mlops.capture.stamp import Facts, Order, Ran, judge

LATER, EARLIER = 100.0, 0.0


def ran(count, name, source=None, ended=None):
    return Ran(f"[{count}]", name, source or f"{name} = 1", ended or float(count))


def saved(*names, at=LATER, **texts):
    cells = (DocumentCell(name, texts.get(name, f"{name} = 1")) for name in names)
    return Document(tuple(cells), at)


def stamp(kept, document, latest=(), **facts):
    last = {one.cell_id: one for one in (*kept, *latest)}
    return judge(Facts(kept, last, document, **facts))


def test_cells_from_top_to_bottom_are_in_order():
    found = stamp([ran(1, "a"), ran(2, "b"), ran(3, "c")], saved("a", "b", "c"))
    assert found.order is Order.DOCUMENT
    assert found.words == found.reasons == ()
    assert found.line == "ran in document order, cells as they stand, nothing unseeded"


@pytest.mark.parametrize(
    ("kept", "reason"),
    [
        (
            [ran(1, "b"), ran(2, "a")],
            "Cell [2] stands above cell [1] but ran after it.",
        ),
        (
            [ran(1, "a"), ran(2, "a"), ran(3, "b")],
            "Cell [2] is cell [1] run again, and both count.",
        ),
    ],
)
def test_other_order_is_told_with_its_reason(kept, reason):
    found = stamp(kept, saved("a", "b"))
    assert found.words == ("out-of-order",)
    assert found.reasons == (reason,)


def test_cell_that_was_never_saved_leaves_the_order_open():
    found = stamp([ran(1, "a"), ran(2, "new")], saved("a", at=1.5))
    assert found.order is Order.UNKNOWN
    assert found.words == ()
    assert "not saved since cell [2] was written" in found.reasons[0]


def test_no_document_leaves_the_order_open():
    assert (
        stamp([ran(1, "a")], None).line == "document order not known, nothing unseeded"
    )


def test_wrong_order_is_sure_even_if_a_cell_was_never_saved():
    kept = [ran(1, "b"), ran(2, "a"), ran(3, "new")]
    assert stamp(kept, saved("a", "b", at=2.5)).order is Order.OTHER


@pytest.mark.parametrize(
    ("document", "latest", "why"),
    [
        (saved("a", "b", a="a = 2"), (), "was edited since"),
        (saved("b"), (), "was edited or deleted since"),
        (saved("a", "b"), [ran(9, "a", "a = 9")], "was edited and run again as [9]"),
    ],
)
def test_state_of_a_changed_cell_is_stale(document, latest, why):
    found = stamp([ran(1, "a"), ran(2, "b")], document, latest)
    assert found.stale == (f"Cell [1] {why}.",)
    assert found.words == ("stale",)


def test_text_that_ran_after_the_last_save_is_the_newest():
    kept = [ran(1, "a", "a = 2"), ran(2, "b")]
    assert stamp(kept, saved("a", "b", at=EARLIER)).stale == ()


def test_track_line_and_spaces_make_no_other_cell():
    kept = [ran(1, "a", "%%track x\na = 1  \n"), ran(2, "b")]
    assert stamp(kept, saved("a", "b")).words == ()


def test_cells_without_ids_are_known_by_their_text():
    kept = [ran(1, None, "b = 1"), ran(2, "vscode-notebook-cell:x#1", "a = 1")]
    found = stamp(kept, saved("a", "b"))
    assert found.words == ("out-of-order",)
    same = saved("a", "b", a="x", b="x")
    assert stamp([ran(1, None, "x"), ran(2, "b", "x")], same).words == ()


def test_randomness_and_blind_spots_are_told_apart():
    warnings = [
        "Cell [1] draws from numpy's generator, which no cell has seeded.",
        "Cell [1] failed.",
    ]
    found = stamp([ran(1, "a")], saved("a"), warnings=warnings, blind=["[1]"])
    assert found.unseeded == (warnings[0],)
    assert len(found.caveats) == 2
    assert found.words == ("unseeded",)
