import base64
import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.capture.outputs import externalise, internalise


class Shelf(dict):
    def put(self, data):
        digest = hashlib.sha256(data).hexdigest()
        self[digest] = data
        return digest


texts = st.text() | st.text(st.characters(), min_size=20) | st.just("x" * 3000)
base64_texts = st.binary().map(lambda raw: base64.b64encode(raw).decode())
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["blob", "size", "a", "encoding"]), inner)
    ),
    max_leaves=10,
)
bundles = st.fixed_dictionaries(
    {},
    optional={
        "text/plain": texts,
        "text/html": texts,
        "image/svg+xml": texts,
        "image/png": base64_texts | texts,
        "application/pdf": base64_texts,
        "application/json": json_values,
        "application/vnd.plotly.v1+json": json_values,
    },
)
outputs_of_a_cell = st.lists(
    st.fixed_dictionaries(
        {"output_type": st.just("stream"), "name": st.just("stdout"), "text": texts}
    )
    | st.fixed_dictionaries(
        {
            "output_type": st.just("display_data"),
            "data": bundles,
            "metadata": st.just({}),
        }
    )
    | st.fixed_dictionaries(
        {
            "output_type": st.just("error"),
            "ename": texts,
            "evalue": texts,
            "traceback": st.lists(texts),
        }
    ),
    max_size=4,
)


@given(outputs_of_a_cell, st.integers(0, 40))
def test_values_come_back_exactly(outputs, limit):
    shelf = Shelf()
    moved = externalise(outputs, shelf.put, limit)
    assert internalise(json.loads(json.dumps(moved)), shelf.__getitem__) == outputs


def test_images_are_kept_as_real_files():
    png = b"\x89PNG\r\n\x1a\n" + bytes(2000)
    output = {
        "output_type": "display_data",
        "data": {"image/png": base64.b64encode(png).decode()},
        "metadata": {},
    }
    shelf = Shelf()
    (moved,) = externalise([output], shelf.put)
    reference = moved["data"]["image/png"]
    assert shelf[reference["blob"]] == png
    assert (reference["size"], reference["encoding"]) == (len(png), "base64")


def test_json_is_kept_as_json():
    value = {"data": list(range(1000))}
    output = {
        "output_type": "display_data",
        "data": {"application/json": value},
        "metadata": {},
    }
    shelf = Shelf()
    (moved,) = externalise([output], shelf.put)
    (data,) = shelf.values()
    assert json.loads(data) == value
    assert moved["data"]["application/json"]["encoding"] == "json"


def test_short_values_stay():
    output = {"output_type": "stream", "name": "stdout", "text": "é" * 512}
    shelf = Shelf()
    assert externalise([output], shelf.put) == [output]
    (moved,) = externalise([output], shelf.put, inline_limit=1023)
    assert moved["text"] == {"blob": next(iter(shelf)), "size": 1024}
    assert output["text"] == "é" * 512
