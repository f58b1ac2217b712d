"""``push --example`` and ``--onnx``: rows from a file or the run, ONNX beside skops."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

linear = pytest.importorskip("sklearn.linear_model")
URI = "models:/churn/1"
FRAME = pd.DataFrame({"age": [20.0, 50.0, 40.0], "income": [1.0, 2.0, 4.0]})
WHOLE = FRAME.assign(left=[0, 1, 1])


@pytest.fixture
def fitted(workspace):
    """A run outside a tracked cell: nothing but the model knows what it takes."""
    model = linear.LogisticRegression().fit(FRAME, WHOLE.left)
    with workspace.start_run("fit") as run:
        run.log_model("model", model)
        run.log_table("train", WHOLE)
        run.log_param("answer", 42)
    return run


def write(path, ending):
    file = Path(f"{path}.{ending}")
    if ending == "parquet":
        WHOLE.to_parquet(file)
    elif ending == "csv":
        WHOLE.to_csv(file, index=False)
    elif ending == "json":
        file.write_text(json.dumps(WHOLE.to_dict("records")))
    else:
        np.save(file, FRAME.to_numpy())
    return file


def signature(workspace):
    return workspace.cards.signature(workspace.registry.version("churn", 1))


@pytest.mark.parametrize("ending", ["parquet", "csv", "json"])
def test_table_gives_the_signature(mlops, workspace, fitted, ending):
    mlops("push", "churn", "--example", write("rows", ending))
    found = signature(workspace)
    assert [(c.name, c.kind) for c in found.columns] == [
        ("age", "float"), ("income", "float"),
    ]  # fmt: skip
    assert workspace.registry.version("churn", 1).example is not None
    assert "age" in mlops("card", URI).out


def test_example_of_a_second_push_makes_a_version(mlops, workspace, fitted):
    assert "version 1" in mlops("push", "churn").out
    assert "version 2" in mlops("push", "churn", "--example", "train").out
    for again in ((), ("--example", "train")):
        said = " ".join(mlops("push", "churn", *again).out.split())
        assert "is version 2 of churn already; nothing was added" in said
    kept = [
        version.example is not None for version in workspace.registry.versions("churn")
    ]
    assert kept == [False, True]


def test_object_of_the_run_gives_it_too(mlops, workspace, fitted):
    mlops("push", "churn", "--example", "train")
    assert signature(workspace).names == ["age", "income"]


def test_array_gives_a_shape(mlops, workspace):
    with workspace.start_run("fit") as run:
        model = linear.LogisticRegression().fit(FRAME.to_numpy(), WHOLE.left)
        run.log_model("model", model)
    mlops("push", "churn", "--example", write("rows", "npy"))
    assert signature(workspace).shape == (None, 2)
    Path("rows.json").write_text("[[1.0, 2.0, 3.0]]")
    assert "has 3 columns; the model takes 2" in said(
        mlops("push", "churn", "--example", "rows.json")
    )


def test_wrong_rows_are_explained(mlops, workspace, fitted):
    FRAME[["age"]].to_csv("short.csv", index=False)
    Path("rows.txt").write_text("1")
    np.save("evil.npy", np.array([{}]), allow_pickle=True)
    for name, reason in (
        ("short.csv", "lacks columns that the model was fitted with: income"),
        ("rows.txt", "holds no rows that are read here"),
        ("evil.npy", "allow_pickle=False"),
        ("nowhere.csv", "is no file, and nothing that run"),
        ("model", "is no example"),
    ):
        assert reason in said(mlops("push", "churn", "--example", name)), name
    assert "churn" not in workspace.layout.registry.glob("*")


def said(answer):
    assert answer.code == 1, answer.out
    return " ".join(answer.err.split())


def files(workspace, number):
    version = workspace.registry.version("churn", number)
    return [entry.path for entry in workspace.store.blobs.files(version.files)]


def test_onnx_is_put_beside_and_left_out(mlops, workspace, fitted):
    runtime = pytest.importorskip("onnxruntime")
    pytest.importorskip("skl2onnx")
    mlops("push", "churn", "--example", "train", "--onnx")
    assert files(workspace, 1) == ["model.onnx", "model.skops"]
    told = workspace.models.load(URI).predict(FRAME)
    mlops("export", URI, "--to", "onnx", "-o", "churn.onnx")
    session = runtime.InferenceSession("churn.onnx")
    name = session.get_inputs()[0].name
    found = session.run(None, {name: FRAME.to_numpy("float32")})[0]
    assert (found == told).all()
    with workspace.start_run("both") as run:
        from jupyter_mlops.registry.flavors.format import OfferedModel

        model = workspace.models.load(URI).unwrap()
        run.log_model("model", OfferedModel(model, FRAME, onnx=True))
    mlops("push", "churn", "--no-onnx")
    assert files(workspace, 2) == ["model.skops"]
    mlops("push", "churn")
    assert files(workspace, 3) == ["model.onnx", "model.skops"]


def test_onnx_of_another_library_names_the_export(mlops, workspace):
    pytest.importorskip("onnx")
    with workspace.start_run("fit") as run:
        run.log_object("words", "text")
    said_ = said(
        mlops("push", "churn", "--artifact", "words", "--loader", "a:b", "--onnx")
    )
    assert "--to onnx" in said_
