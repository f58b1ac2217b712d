"""PyTorch: weights and structure come back; classes only as the caller allows."""

import json
import struct

import pytest

from jupyter_mlops import errors
from jupyter_mlops.registry import LoadWord
from jupyter_mlops.registry.flavors import flavor_for

torch = pytest.importorskip("torch", reason="comes with the extra 'deep'")
nn = torch.nn
WIDTH = 8


class Block(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.linear = nn.Linear(inputs, WIDTH)
        self.act = torch.nn.functional.relu
        self.scale, self.dims = 0.5, (1, 2)

    def forward(self, rows):
        return self.act(self.linear(rows)) * self.scale


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block(4)
        self.lstm = nn.LSTM(WIDTH, 3, 2, bidirectional=True, batch_first=True)

    def forward(self, rows):
        return self.lstm(self.block(rows))[0]


class Odd(nn.Module):
    def __init__(self, opener=open):
        super().__init__()
        self.linear = nn.Linear(4, 2)
        self.opener = opener

    def forward(self, rows):
        return self.linear(rows)


OWN = {"Net": Net, "Block": Block}
LAYERS = {
    "dense": (lambda: nn.Sequential(nn.Linear(4, 3), nn.ReLU()), (5, 4)),
    "images": (
        lambda: nn.Sequential(
            nn.Conv2d(1, 2, 3, padding="same"), nn.BatchNorm2d(2), nn.Flatten()
        ),
        (5, 1, 6, 6),
    ),
    "attention": (
        lambda: nn.TransformerEncoder(
            nn.TransformerEncoderLayer(8, 2, batch_first=True), 1
        ),
        (5, 3, 8),
    ),
    "recurrent": (lambda: nn.GRU(4, 3), (5, 4)),
}


def first(found):
    return found[0] if isinstance(found, tuple) else found


@pytest.mark.parametrize("name", LAYERS)
def test_layers_come_back_by_themselves(again, name):
    make, shape = LAYERS[name]
    model, rows = make().eval(), torch.randn(shape)
    found = again(model)
    assert repr(found) == repr(model)
    torch.testing.assert_close(first(found(rows)), first(model(rows)))


def test_tied_weights_stay_tied(again):
    embedding, out = nn.Embedding(5, 3), nn.Linear(3, 5, bias=False)
    out.weight = embedding.weight
    found = again(nn.Sequential(embedding, out))
    assert found[0].weight is found[1].weight


@pytest.mark.parametrize(
    "word",
    [
        {"custom_objects": OWN},
        {"allow_types": tuple(f"{__name__}.{name}" for name in OWN)},
        {"allow_code": True},
    ],
    ids=["given", "imported", "run"],
)
def test_own_classes_come_with_a_word(again, word, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, __name__, sys.modules[Net.__module__])
    model, rows = Net(), torch.randn(2, 5, 4)
    torch.testing.assert_close(again(model, **word)(rows), model(rows))


def test_own_classes_are_named_without_one(saved, canary):
    flavor, folder, meta = saved(Net())
    code = folder / "classes.py"
    code.write_text(code.read_text() + "\nopen('exploded', 'w').close()\n")
    with pytest.raises(errors.UnsafeModelError, match="custom_objects=") as caught:
        flavor.load(folder, meta, LoadWord())
    assert caught.value.types == sorted(f"{Net.__module__}.{name}" for name in OWN)
    assert "class Block(nn.Module):" in code.read_text()
    assert "WIDTH = 8" in code.read_text()


def test_instance_is_filled_with_weights(again):
    model = Odd()
    with pytest.raises(errors.UnsafeModelError, match="Make one as it was trained"):
        again(model, custom_objects={"Odd": Odd})
    found = again(model, custom_objects={"Odd": Odd(opener=None)})
    torch.testing.assert_close(found.linear.weight, model.linear.weight)


def test_instance_of_another_size_is_refused(again):
    class Other(Odd):
        def __init__(self):
            super().__init__()
            self.more = nn.Linear(2, 2)

    with pytest.raises(errors.UnsafeModelError, match=r"more\.weight"):
        again(Odd(), custom_objects={"Odd": Other()})


def test_program_of_export_needs_a_word(saved, again):
    rows = torch.randn(3, 4)
    linear = nn.Linear(4, 2)
    program = torch.export.export(linear, (rows,))
    flavor, folder, meta = saved(program)
    assert "pickle" in meta["unsafe"]
    with pytest.raises(errors.UnsafeModelError, match="allow_pickle=True"):
        flavor.load(folder, meta, LoadWord())
    found = flavor.load(folder, meta, LoadWord(allow_pickle=True))
    expected = linear(rows).detach().numpy()
    assert flavor.predict(found, rows) == pytest.approx(expected)


def test_predict_takes_arrays_and_keeps_the_mode():
    import numpy as np

    model = nn.Sequential(nn.Linear(4, 2), nn.Dropout(0.9))
    flavor = flavor_for(model)
    rows = np.ones((3, 4))
    one, two = flavor.predict(model, rows), flavor.predict(model, rows)
    assert (one == two).all()
    assert model.training


HEADERS = {
    "huge": struct.pack("<Q", 2**62) + b"{}",
    "longer than the file": struct.pack("<Q", 1000) + b"{}",
    "nested": struct.pack("<Q", 100_000) + b"[" * 100_000,
    "offsets beyond": struct.pack("<Q", 64)
    + b'{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,99999999999]}}'.ljust(64),
    "empty": b"",
}


@pytest.mark.parametrize("case", HEADERS)
def test_header_bombs_are_refused(saved, canary, case):
    flavor, folder, meta = saved(nn.Linear(4, 2))
    (folder / "model.safetensors").write_bytes(HEADERS[case])
    with pytest.raises(errors.UnsafeModelError, match="refused"):
        flavor.load(folder, meta, LoadWord())


def node(name, **more):
    parts = {"attributes": {}, "unknown": [], "parameters": {}, "buffers": {}}
    return {"class": name, "training": False, **parts, "modules": {}} | more


STRUCTURES = {
    "a function": node("os.system"),
    "another class of the process": node("torch.nn.parallel.DataParallel"),
    "an unknown function": node(
        "torch.nn.modules.linear.Identity",
        attributes={"forward": {"function": "os.system"}},
    ),
    "the library's own": node(
        "torch.nn.modules.linear.Identity", attributes={"_forward_hooks": {"dict": []}}
    ),
    "an odd decoder": node(
        "torch.nn.modules.linear.Identity", attributes={"x": {"_init__": []}}
    ),
    "no tensors": node(
        "torch.nn.modules.linear.Linear", parameters={"weight": ["nowhere", True]}
    ),
    "a list": [],
}


@pytest.mark.parametrize("case", STRUCTURES)
def test_made_up_structures_are_refused(saved, canary, case):
    flavor, folder, meta = saved(nn.Linear(4, 2))
    (folder / "structure.json").write_text(json.dumps(STRUCTURES[case]))
    with pytest.raises(errors.UnsafeModelError, match=r"refused|not PyTorch's own"):
        flavor.load(folder, meta, LoadWord())


def test_misshapen_weights_are_refused(saved, canary):
    flavor, folder, meta = saved(nn.LSTM(4, 3))
    path = folder / "structure.json"
    structure = json.loads(path.read_text())
    structure["attributes"]["hidden_size"] = 3_000_000
    path.write_text(json.dumps(structure))
    with pytest.raises(errors.UnsafeModelError, match="do not fit"):
        flavor.load(folder, meta, LoadWord())
