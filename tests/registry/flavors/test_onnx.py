"""ONNX: graphs come back; those that point to other files do not."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from jupyter_mlops import errors
from jupyter_mlops.registry import LoadWord
from jupyter_mlops.registry.flavors import flavor_for, predictor_of
from jupyter_mlops.registry.flavors.format import ModelFormat, OfferedModel
from jupyter_mlops.registry.flavors.onnx import OnnxBytes


def scaled(tensor=None):
    """Make a graph that multiplies by three."""
    by = tensor or helper.make_tensor("by", TensorProto.FLOAT, [1], [3.0])
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, 2])
        for name in ("x", "y")
    ]
    node = helper.make_node("Mul", ["x", "by"], ["y"])
    graph = helper.make_graph([node], "scaled", ends[:1], ends[1:], [by])
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=9)


@pytest.mark.parametrize("form", ["graph", "session", "bytes", "file"])
def test_graphs_come_back(again, tmp_path, form):
    graph = scaled()
    data = graph.SerializeToString()
    (tmp_path / "g.onnx").write_bytes(data)
    model = {
        "graph": lambda: graph,
        "session": lambda: onnxruntime.InferenceSession(data),
        "bytes": lambda: OnnxBytes(data),
        "file": lambda: OnnxBytes(tmp_path / "g.onnx"),
    }[form]()
    found = again(model)
    assert found == graph
    predict = predictor_of(flavor_for(found), found)
    np.testing.assert_array_equal(predict([[1.0, 2.0]]), [[3.0, 6.0]])


def test_what_is_no_graph_is_not_kept(saved):
    with pytest.raises(errors.UnstorableObjectError, match="no graph"):
        saved(OnnxBytes(b"no graph"))


def outside(place):
    tensor = TensorProto(name="by", data_type=TensorProto.FLOAT, dims=[1])
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=place)
    return tensor


@pytest.mark.parametrize("place", ["../../secret", "/etc/passwd", "beside.bin"])
def test_data_outside_is_refused(saved, canary, place):
    flavor, folder, meta = saved(scaled())
    graph = scaled(outside(place))
    (folder / "model.onnx").write_bytes(graph.SerializeToString())
    with pytest.raises(errors.UnsafeModelError, match="points to another file"):
        flavor.load(folder, meta, LoadWord())
    with pytest.raises(errors.UnstorableObjectError, match="in another file"):
        flavor.save(graph, folder)


def test_data_outside_is_found_in_inner_graphs(saved, canary):
    flavor, folder, meta = saved(scaled())
    graph = scaled()
    node = graph.graph.node.add(op_type="Constant", output=["z"])
    node.attribute.add(name="value", type=4).t.CopyFrom(outside("/etc/passwd"))
    (folder / "model.onnx").write_bytes(graph.SerializeToString())
    with pytest.raises(errors.UnsafeModelError, match="points to another file"):
        flavor.load(folder, meta, LoadWord())


def test_pipeline_is_kept_as_onnx_besides(tmp_path, frame):
    rows = frame.assign(town=frame["town"].astype(str))
    columns = ColumnTransformer(
        [("n", StandardScaler(), ["age", "height"]), ("c", OneHotEncoder(), ["town"])]
    )
    model = make_pipeline(columns, LogisticRegression())
    model.fit(rows, (rows["age"] > 40).astype(int))
    offer = OfferedModel(model, example=rows, onnx=True)
    assert ModelFormat().write(offer, tmp_path, "model")["onnx"] == "model.onnx"
    graph = onnx.load(tmp_path / "model.onnx")
    found = predictor_of(flavor_for(graph), graph)(rows)
    told = next(iter(found.values())).ravel()
    assert (told == model.predict(rows)).mean() > 0.99


def test_what_has_no_graph_says_so(tmp_path, frame):
    model = make_pipeline(FunctionTransformer(np.cbrt), LinearRegression())
    model.fit(frame[["age"]], frame["height"])
    offer = OfferedModel(model, example=frame[["age"]], onnx=True)
    with pytest.raises(errors.UnstorableObjectError, match="converted to ONNX"):
        ModelFormat().write(offer, tmp_path, "model")
