"""A page of a list of runs: a cut out of the whole, which is counted."""

import pytest

from jupyter_mlops.store.index import RunQuery


@pytest.mark.parametrize(
    "order", ["metrics.auc desc", "metrics.auc", "params.C", "tags.team desc", ""]
)
def test_pages_are_cuts_of_the_whole_list(order, index, journals):
    for number in range(9):
        lines = [journals.metric("auc", number % 4)] if number % 3 else []
        lines += [journals.param("C", number % 5), journals.tag("team", f"t{number}")]
        journals.run(*lines[: 1 + number % 3], name=str(number))
    index.catch_up()
    query = RunQuery(order_by=order, filter="name != '7'")
    whole = index.page(query, 0, 100)
    pages = [index.page(query, offset, 3) for offset in range(0, 12, 3)]
    assert whole.total == len(whole.runs) == 8
    assert [page.total for page in pages] == [8] * 4
    assert [run for page in pages for run in page.runs] == list(whole.runs)
