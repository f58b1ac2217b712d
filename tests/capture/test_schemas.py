"""Columns and rows of data files, told by a bounded look."""

import pandas as pd
import pytest

from jupyter_mlops.capture import schemas
from jupyter_mlops.capture.schemas import file_schema


@pytest.mark.parametrize(
    ("text", "names", "rows"),
    [
        ("a,b\n1,2\n3,4\n", ["a", "b"], 2),
        ("a;b\n1;2", ["a", "b"], 1),
        ('\ufeff"x, y",b\r\n1,2\r\n', ["x, y", "b"], 1),
        ("one\n", ["one"], 0),
    ],
)
def test_csv_tells_header_and_rows(tmp_path, text, names, rows):
    file = tmp_path / "data.csv"
    file.write_bytes(text.encode())
    found = file_schema(file)
    assert ([name for name, _ in found["columns"]], found["rows"]) == (names, rows)


def test_long_text_is_not_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(schemas, "COUNTED_BYTES", 10)
    file = tmp_path / "data.csv"
    file.write_text("a,b\n" + "1,2\n" * 9)
    assert file_schema(file)["rows"] is None


def test_parquet_tells_its_footer(tmp_path):
    frame = pd.DataFrame({"n": [1, 2, 3], "t": ["x", "y", None]})
    frame.to_parquet(tmp_path / "data.parquet", index=False)
    found = file_schema(tmp_path / "data.parquet")
    assert (found["rows"], found["width"]) == (3, 2)
    assert found["columns"][0] == ["n", "int64"]


@pytest.mark.parametrize("name", ["gone.csv", "bad.parquet", "data.bin", "empty.csv"])
def test_what_is_no_table_is_none(tmp_path, name):
    (tmp_path / "bad.parquet").write_bytes(b"no parquet")
    (tmp_path / "data.bin").write_bytes(b"a,b\n")
    (tmp_path / "empty.csv").write_bytes(b"")
    assert file_schema(tmp_path / name) is None
