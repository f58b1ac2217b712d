"""Tables compared by value."""

import pandas as pd

from jupyter_mlops.tracking.htmltables import read_table
from jupyter_mlops.tracking.tablediff import Table, compare_tables


def table(index=None, rows=None, **columns):
    values = tuple(columns.values())
    count = rows or len(values[0])
    named = tuple((name, "int64") for name in columns)
    return Table(shape=(count, len(columns)), columns=named, values=values, index=index)


def test_changed_values_have_their_place():
    found = compare_tables(
        table(["x", "y"], a=[1, 2], b=[3, None]),
        table(["x", "y"], a=[1, 9], b=[3, None]),
    )
    (cell,) = found.cells
    assert (cell.row, cell.column, cell.before, cell.after) == ("y", "a", 2, 9)
    assert (found.count, found.compared_rows, found.is_equal) == (1, 2, False)


def test_rows_are_known_by_their_labels():
    found = compare_tables(table(["x", "y"], a=[1, 2]), table(["y", "z"], a=[2, 3]))
    assert (found.count, found.rows_removed, found.rows_added) == (0, ("x",), ("z",))


def test_rows_below_the_head_are_not_missed():
    found = compare_tables(
        table(["x", "y"], rows=9, a=[1, 2]), table(["y", "z"], rows=9, a=[2, 3])
    )
    assert (found.rows_removed, found.rows_added) == ((), ())


def test_types_and_columns_are_told():
    new = Table(
        shape=(1, 3),
        columns=(("a", "float64"), ("a", "int64"), ("c", "str")),
        values=([1.0], [1], ["x"]),
    )
    found = compare_tables(table(a=[1]), new)
    assert [(item.name, item.how) for item in found.columns] == [
        ("a", "changed"),
        ("a (2)", "added"),
        ("c", "added"),
    ]
    # 1 and 1.0 are two values.
    assert found.count == 1


def test_html_of_pandas_is_a_table():
    frame = pd.DataFrame({"a": [1, 2], "<b>": ["x & y", "<i>"]}, index=["p", "q"])
    found = read_table(frame.to_html())
    assert found.columns == (("a", ""), ("<b>", ""))
    assert found.values == (["1", "2"], ["x & y", "<i>"])
    assert found.index == ["p", "q"]


def test_other_html_is_no_table():
    one = "<table><tr><td>1</td></tr></table>"
    head = "<table><thead><tr><th>a</th></tr></thead><tr><td>1</td></tr></table>"
    assert read_table(head).values == (["1"],)
    for html in ("<b>x</b>", one, head * 2, head.replace("1<", "1</td><td>2<")):
        assert read_table(html) is None
