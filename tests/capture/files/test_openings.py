"""Libraries that open files without telling Python: what they read, what they write."""

import glob
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset
import pyarrow.feather
import pyarrow.ipc
import pyarrow.json
import pyarrow.orc
import pyarrow.parquet
import pytest
from pyarrow.parquet import read_table

from jupyter_mlops.capture.files import notes

FRAME = pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]})
TABLE = pa.table({"a": [1.0, 2.0]})
POLARS = pl.DataFrame({"a": [1.0, 2.0]})


def write_ipc(path):
    with pa.ipc.new_file(path, TABLE.schema) as file:
        file.write_table(TABLE)


def write_h5(path):
    with h5py.File(path, "w") as file:
        file["x"] = np.ones(3)


WRITERS = {
    "pandas.parquet": (FRAME.to_parquet, pd.read_parquet),
    "pandas.feather": (FRAME.to_feather, pd.read_feather),
    "pandas.orc": (FRAME.to_orc, pd.read_orc),
    "parquet": (lambda p: pa.parquet.write_table(TABLE, p), read_table),
    "parquet.file": (
        lambda p: pa.parquet.ParquetWriter(p, TABLE.schema).close(),
        lambda p: pa.parquet.ParquetFile(p).close(),
    ),
    "csv": (lambda p: pa.csv.write_csv(TABLE, p), lambda p: pa.csv.read_csv(p)),
    "feather": (lambda p: pa.feather.write_feather(TABLE, p), pa.feather.read_table),
    "ipc": (write_ipc, lambda p: pa.ipc.open_file(pa.memory_map(p))),
    "orc": (lambda p: pa.orc.write_table(TABLE, p), pa.orc.read_table),
    "json": (
        lambda p: Path(p).write_text('{"a": 1}'),
        lambda p: pa.json.read_json(p),
    ),
    "stream": (
        lambda p: pa.output_stream(p).close(),
        lambda p: pa.input_stream(p).close(),
    ),
    "h5py": (write_h5, lambda p: h5py.File(p).close()),
    "polars.csv": (POLARS.write_csv, pl.read_csv),
    "polars.parquet": (POLARS.write_parquet, pl.read_parquet),
    "polars.ipc": (POLARS.write_ipc, pl.read_ipc),
    "polars.avro": (POLARS.write_avro, pl.read_avro),
    "polars.json": (POLARS.write_json, pl.read_json),
    "polars.ndjson": (POLARS.write_ndjson, lambda p: pl.scan_ndjson(p).collect()),
    "polars.sink": (
        POLARS.lazy().sink_parquet,
        lambda p: pl.scan_parquet(Path(p)).collect(),
    ),
}


@pytest.mark.parametrize("name", WRITERS)
def test_file_is_written_then_read(watched, name):
    write, read = WRITERS[name]
    path = f"data.{name.rpartition('.')[2]}"
    assert watched(lambda: write(path)) == {path: "written"}
    assert watched(lambda: read(path)) == {path: "read"}
    assert watched(lambda: write(path)) == {path: "written"}


def test_torch_file_is_written_then_read(watched):
    torch = pytest.importorskip("torch")
    assert watched(lambda: torch.save({"a": 1}, "m.pt")) == {"m.pt": "written"}
    assert watched(lambda: torch.load("m.pt")) == {"m.pt": "read"}


def test_xgboost_model_is_written_then_read(watched):
    xgboost = pytest.importorskip("xgboost")
    data = xgboost.DMatrix(np.ones((2, 1)), np.ones(2))
    model = xgboost.train({}, data, 1)
    assert watched(lambda: model.save_model("m.json")) == {"m.json": "written"}
    assert watched(lambda: model.load_model("m.json")) == {"m.json": "read"}


def test_lightgbm_model_is_written_then_read(watched):
    lightgbm = pytest.importorskip("lightgbm")
    data = lightgbm.Dataset(np.ones((20, 1)), np.ones(20))
    model = lightgbm.train({"verbose": -1}, data, 1)
    assert watched(lambda: model.save_model("m.txt")) == {"m.txt": "written"}
    assert watched(lambda: lightgbm.Booster(model_file="m.txt")) == {"m.txt": "read"}


def test_safetensors_file_is_written_then_read(watched):
    kept = pytest.importorskip("safetensors.numpy")
    path = "m.safetensors"
    assert watched(lambda: kept.save_file({"x": np.ones(3)}, path)) == {path: "written"}
    assert watched(lambda: kept.load_file(path)) == {path: "read"}


def test_hdf_table_is_written_then_read(watched):
    pytest.importorskip("tables")
    assert watched(lambda: FRAME.to_hdf("t.h5", key="x")) == {"t.h5": "written"}
    assert watched(lambda: pd.read_hdf("t.h5")) == {"t.h5": "read"}


FOLDERS = {
    "pandas": (
        lambda p: FRAME.to_parquet(p, partition_cols=["b"]),
        pd.read_parquet,
    ),
    "dataset": (
        lambda p: pa.dataset.write_dataset(TABLE, p, format="parquet"),
        lambda p: pa.dataset.dataset(p).to_table(),
    ),
    "list": (
        lambda p: pa.dataset.write_dataset(TABLE, p, format="parquet"),
        lambda p: pa.dataset.dataset(glob.glob(f"{p}/**/*.parquet", recursive=True)),
    ),
    "polars": (
        lambda p: POLARS.write_parquet(p, partition_by="a", mkdir=True),
        lambda p: pl.scan_parquet(f"{p}/**/*.parquet").collect(),
    ),
}


@pytest.mark.parametrize("name", FOLDERS)
def test_folder_is_told_by_its_files(watched, project, name):
    write, read = FOLDERS[name]
    written = watched(lambda: write("folder"))
    inside = [str(p.relative_to(project)) for p in project.rglob("*.parquet")]
    assert inside
    assert written == dict.fromkeys(inside, "written")
    assert watched(lambda: read("folder")) == dict.fromkeys(inside, "read")


def test_paths_may_be_objects_and_elsewhere(watched, tmp_path):
    path = tmp_path / "out.parquet"
    assert watched(lambda: POLARS.write_parquet(path)) == {"../out.parquet": "written"}
    assert watched(lambda: read_table(path)) == {"../out.parquet": "read"}


def test_file_opened_for_both_is_told_by_change(watched):
    write_h5("data.h5")

    def change():
        with h5py.File("data.h5", "r+") as file:
            file["y"] = np.ones(3)

    assert watched(change) == {"data.h5": "written"}
    assert watched(lambda: pa.memory_map("in.csv", "r+").close()) == {"in.csv": "read"}


def test_bytes_and_buffers_are_no_files(watched):
    data = pa.BufferOutputStream()

    def work():
        pa.parquet.write_table(TABLE, data)
        pa.parquet.read_table(pa.BufferReader(data.getvalue()))
        pl.read_parquet(data.getvalue().to_pybytes())

    assert watched(work) == {}


def test_folder_with_too_many_files_is_said(watched, project, monkeypatch):
    monkeypatch.setattr(notes, "_FOLDER_ENTRIES", 2)
    (project / "many").mkdir()
    for number in range(3):
        POLARS.write_parquet(project / f"many/{number}.parquet")
    watched(lambda: pl.scan_parquet("many/").collect())
    (problem,) = watched.problems
    assert str(project / "many") in problem
