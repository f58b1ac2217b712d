"""Which differences between two runs are told, and which are none."""

from __future__ import annotations

import base64

import numpy as np
import pandas as pd
import pytest

from jupyter_mlops.tracking.comparison import RunSide, compare_runs
from jupyter_mlops.tracking.likeness import (
    normal_text,
    number_change,
    text_change,
    value_change,
)
from jupyter_mlops.tracking.likeness_files import file_change, picture_change
from jupyter_mlops.tracking.likeness_tables import array_change, frame_change


@pytest.fixture
def side(workspace):
    """Make a run of what a function logs, as one side of a comparison."""

    def side(log):
        with workspace.start_run("one") as run:
            log(run)
        return RunSide(workspace.get_run(run.id), workspace.store.blobs)

    return side


@pytest.fixture
def compare(side):
    def compare(then, now, **options):
        return [str(item) for item in compare_runs(side(then), side(now), **options)]

    return compare


def show(*outputs):
    def log(run):
        run.record(
            "cell",
            n=0,
            source="x",
            status="finished",
            began=1,
            seconds=0.1,
            outputs=list(outputs),
        )

    return log


def printed(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def displayed(**data):
    data = {name.replace("_", "/"): value for name, value in data.items()}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def png(*pixels):
    import io

    from matplotlib.image import imsave

    file = io.BytesIO()
    imsave(file, np.array(pixels, dtype="uint8"), format="png")
    return file.getvalue()


def test_same_work_has_no_differences(compare):
    def log(run):
        run.log_params({"C": 1.0, "nan": float("nan")})
        run.log_metrics({"auc": 0.9, "lost": float("nan")})
        run.log_table("table", {"a": [1.0, None]})

    assert compare(log, log) == []


def test_metrics_differ_beyond_tolerance(compare):
    logs = [lambda run, value=value: run.log_metric("auc", value) for value in (2, 2.1)]
    assert compare(*logs) == ["metric auc: 2 then, 2.1 now: by +0.1 (+5.00%)"]
    assert compare(*logs, tolerance=0.1) == []
    assert compare(*logs, ignore=["auc"]) == []


def test_whole_series_counts(compare):
    def log(*values):
        return lambda run: [run.log_metric("loss", value) for value in values]

    assert compare(log(1, 2), log(2)) == ["metric loss: 2 values then, 1 now"]
    (told,) = compare(log(1, 2), log(0, 2))
    assert told.startswith("metric loss: min 1 then, 0 now")


def test_params_are_exact_and_typed(compare):
    def log(**params):
        return lambda run: run.log_params(params)

    assert compare(log(a=1), log(a=1.0)) == []
    assert compare(log(a=1), log(a=True)) == ["param a: 1 then, True now"]
    assert compare(log(a={"b": [1, 2]}), log(a={"b": [1, 3]}))[0].startswith(
        "param a: b[1]: 2 then, 3 now"
    )
    assert compare(log(a=1), log(b=1)) == [
        "param a: only then, not now",
        "param b: only now, not then",
    ]


def test_objects_are_compared_by_value(compare):
    def log(last):
        def log(run):
            run.log_object("array", np.array([1.0, last]))
            run.log_object("frame", pd.DataFrame({"a": [1.0, last]}))
            run.log_object("dict", {"a": [1.0, last]})

        return log

    assert compare(log(2.0), log(2.0 + 1e-12)) == []
    told = compare(log(2.0), log(2.5))
    assert told[0] == "artifact array: 1 of 2 values differ, by up to 0.5"
    assert told[1].startswith("artifact dict: a[1]: 2 then, 2.5 now")
    assert told[2] == "artifact frame: column a: 1 of 2 values differ, by up to 0.5"


def test_equal_models_have_other_bytes(compare):
    linear = pytest.importorskip("sklearn.linear_model")

    def log(last):
        model = linear.LinearRegression().fit([[0.0], [1.0]], [0.0, last])
        return lambda run: run.log_model("model", model)

    assert compare(log(1.0), log(1.0)) == []
    (told,) = compare(log(1.0), log(2.0))
    assert told.startswith("model model: ")


def test_figures_are_compared_by_pixels(compare):
    figure = pytest.importorskip("matplotlib.figure").Figure

    def log(*points):
        shown = figure()
        shown.subplots().plot(points)
        return lambda run: run.log_figure("curve", shown)

    assert compare(log(1, 2, 1), log(1, 2, 1)) == []
    (told,) = compare(log(1, 2, 1), log(2, 1, 2))
    assert "of the pixels differ" in told


def test_outputs_are_compared_in_order(compare):
    then = show(printed("a 1\n"), displayed(text_plain="x 1"), printed("b\n"))
    mixed = show(printed("a 1\nb\n"), displayed(text_plain="x 1"))
    other = show(printed("a 2\nb\n"), displayed(text_plain="y 1"), displayed(a="b"))
    assert compare(then, mixed) == []
    assert compare(then, other) == [
        "output stdout: line 1: 1 then, 2 now: by +1 (+100.00%)",
        "output displays: 1 shown then, 2 now",
        "output 1: text/plain: line 1: 'x 1' then, 'y 1' now",
    ]


def test_card_and_widgets_are_passed_over(compare):
    card = displayed(text_html='<div class="jp-Mlops-card">1</div>')
    assert compare(show(card), show()) == []


def test_shown_pictures_count_by_pixels(compare):
    def log(*pixels):
        return show(
            displayed(image_png=base64.b64encode(png(*pixels)).decode(), text_plain="f")
        )

    one, near, far = [[0, 0, 0]], [[1, 0, 0]], [[200, 0, 0]]
    assert compare(log(one, one), log(one, near)) == []
    assert compare(log(one, one), log(one, far)) == [
        "output 1: image/png: 50.00% of the pixels differ, by up to 78%"
    ]


def test_runs_within_are_compared(compare, workspace):
    def log(value):
        def log(run):
            with workspace.start_run("inner") as inner:
                inner.log_metric("m", value)

        return log

    assert compare(log(1), log(1)) == []
    (told,) = compare(log(1), log(2))
    assert told.startswith("run inner: metric m: 1 then, 2 now")


def test_status_and_error_are_compared(compare):
    from jupyter_mlops.records import Status

    def log(*reason):
        return lambda run: run.end(Status.FAILED, error=ValueError(*reason))

    assert compare(log("at 0x7f00aa"), log("at 0x7f00bb")) == []
    assert compare(log("a"), log("b")) == [
        "error: line 1: 'ValueError: a' then, 'ValueError: b' now"
    ]
    assert compare(log("a"), lambda run: None) == ["status: failed then, finished now"]


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("<object at 0x7f8a12345678>", "<object at 0x7f8affff5678>"),
        ("saved /tmp/tmpab12/x.csv", "saved /tmp/tmpzz99/x.csv"),
        ("at 2026-01-02 10:11:12.5", "at 2027-11-30 00:00:00"),
        ("took 1.25 s", "took 900 ms"),
        ("1%\r50%\r100% 00:01<00:00, 12.5it/s", "3%\r100% 00:02<00:00, 9.1it/s"),
        ("run 01m82pjmb3d26vmzmgvb2wnmbq", "run 01m82sbf0n65ab95ptvjsw8vbz"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("In [5]", "In [12]"),
        ("0.30000000000000004", "0.3"),
        ("   a\n0  1.0", "   a\n0   1.0"),
    ],
)
def test_what_passes_is_no_difference(then, now):
    assert text_change(then, now, 1e-9) is None


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("accuracy 0.91", "accuracy 0.92"),
        ("a\nb", "a"),
        ("3 rows", "4 rows"),
        ("version 1.2.3", "version 1.2.4"),
        ("x1", "x2"),
        ("", "printed"),
    ],
)
def test_what_is_said_is_compared(then, now):
    assert text_change(then, now, 1e-9) is not None


def test_times_of_cells_keep_their_words():
    assert normal_text("loss 12 in 3 s") == "loss 12 in <seconds>"


def test_numbers_without_end_are_compared():
    nan, inf = float("nan"), float("inf")
    assert number_change(nan, nan, 0.1) is None
    assert number_change(inf, inf, 0.1) is None
    assert number_change(inf, -inf, 0.1) == "inf then, -inf now"
    assert number_change(0.0, 1e-30, 0.1) is not None


def test_arrays_differ_in_shape_type_or_values():
    assert "shape (2,) then" in array_change([1, 2], [1], 0.1)
    assert "type int64 then" in array_change([1], [1.0], 0.1)
    assert array_change(["a", "b"], ["a", "c"], 0.1) == "1 of 2 values differ"
    assert array_change([np.nan, 1.0], [np.nan, 1.0], 0.0) is None
    assert array_change([np.nan], [1.0], 0.1).startswith("1 of 1 values differ")
    assert array_change(np.array([2**60]), np.array([2**60 + 1]), 0.0) is not None
    assert array_change(np.zeros(0), np.zeros(0), 0.1) is None


def test_tables_differ_in_any_part():
    table = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    assert frame_change(table, table.copy(), 0.0) is None
    assert "columns" in frame_change(table, table.rename(columns={"a": "c"}), 0.0)
    assert frame_change(table, table.iloc[:1], 0.0) == "2 rows then, 1 now"
    assert frame_change(table, table.set_axis([5, 6]), 0.0) == "the index differs"
    assert "type int64" in frame_change(table, table.astype({"a": float}), 0.0)
    other = table.assign(b=["y", None])
    assert frame_change(table, other, 0.0) == "column b: 1 of 2 values differ"


def test_values_of_other_kinds_differ():
    assert value_change([1], [1, 2], 0.1) == "1 items then, 2 now"
    assert value_change({"a": 1}, {"b": 1}, 0.1) == "only in one of them: 'a, b'"
    assert value_change(None, 0, 0.1) == "None then, 0 now"
    assert value_change(2**60, 2**60 + 1, 0.0) is not None


def test_unreadable_pictures_and_files_count_by_bytes():
    assert picture_change(b"a", b"b") == "the pictures' bytes differ"
    assert picture_change(png([[0, 0, 0]]), png([[0, 0, 0]], [[0, 0, 0]])) == (
        "1 by 1 pixels then, 1 by 2 now"
    )
    assert file_change(b"a", b"bb") == "1 bytes then, 2 other ones now"
