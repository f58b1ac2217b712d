import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import jupyter_mlops as mlops
from jupyter_mlops import errors

mpl.use("Agg")


def kept(name, value):
    with mlops.start_run("x") as run:
        kind = mlops.log_object(name, value)
    return kind, mlops.get_run(run.id).artifact(name)


def test_frame_comes_back_equal(workspace):
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=[5, 6])
    kind, found = kept("frame", frame)
    assert kind == "frame"
    pd.testing.assert_frame_equal(found, frame)


def test_series_comes_back_equal(workspace):
    series = pd.Series([1.5, 2.5], name="s", index=["a", "b"])
    pd.testing.assert_series_equal(kept("series", series)[1], series)


@pytest.mark.parametrize(
    "array", [np.arange(6).reshape(2, 3), np.array(["a", "bc"]), np.zeros(0)]
)
def test_array_comes_back_equal(workspace, array):
    kind, found = kept("array", array)
    assert kind == "array"
    np.testing.assert_array_equal(found, array)


def test_figure_is_png_and_svg(workspace):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([1, 2])
    kind, picture = kept("plot", axes)
    plt.close(figure)
    assert kind == "figure"
    assert picture.png.startswith(b"\x89PNG")
    assert "<svg" in picture.svg


@pytest.mark.parametrize(
    ("value", "format_name"),
    [
        ("text é \ud800", "text"),
        (b"\x00\xff", "bytes"),
        ({"a": [1, float("inf")]}, "json"),
        (3.5, "json"),
    ],
)
def test_plain_value_comes_back_equal(workspace, value, format_name):
    assert kept("value", value) == (format_name, value)


def test_table_takes_columns_and_rows(workspace):
    with mlops.start_run("x") as run:
        mlops.log_table("columns", {"a": [1, 2]})
        mlops.log_table("rows", [{"a": 1}, {"a": 2}])
    found = mlops.get_run(run.id)
    pd.testing.assert_frame_equal(found.artifact("columns"), found.artifact("rows"))


def test_file_artifact_is_a_copy(workspace, tmp_path):
    file = tmp_path / "data.csv"
    file.write_text("a\n1\n")
    with mlops.start_run("x") as run:
        mlops.log_artifact(file)
    file.write_text("changed")
    assert mlops.get_run(run.id).artifact("data.csv").read_text() == "a\n1\n"


def test_folder_artifact_keeps_its_tree(workspace, tmp_path):
    (tmp_path / "d" / "sub").mkdir(parents=True)
    (tmp_path / "d" / "sub" / "x").write_text("1")
    with mlops.start_run("x") as run:
        mlops.log_artifact(tmp_path / "d", "data")
    assert (mlops.get_run(run.id).artifact("data") / "sub" / "x").read_text() == "1"


def test_object_without_format_is_refused(workspace):
    with mlops.start_run("x"):
        with pytest.raises(
            errors.UnstorableObjectError, match=r"builtins\.object"
        ) as e:
            mlops.log_object("thing", object())
    assert e.value.name == "thing"


def test_array_of_objects_is_refused(workspace):
    with mlops.start_run("x"):
        with pytest.raises(errors.UnstorableObjectError, match="pickle"):
            mlops.log_object("a", np.array([object()]))


def test_column_that_parquet_refuses_is_named(workspace):
    frame = pd.DataFrame({"good": [1, 2], "mixed": [1, "a"]})
    with mlops.start_run("x"):
        with pytest.raises(errors.UnstorableObjectError, match="mixed"):
            mlops.log_object("f", frame)


def test_unknown_artifact_names_the_nearest(workspace):
    with mlops.start_run("x") as run:
        mlops.log_object("frame", "text")
    with pytest.raises(errors.ArtifactNotFoundError, match="'frame'"):
        mlops.get_run(run.id).artifact("fram")


def test_missing_file_is_refused(workspace):
    with mlops.start_run("x"):
        with pytest.raises(errors.ArtifactNotFoundError, match=r"nothing\.csv"):
            mlops.log_artifact("nothing.csv")
