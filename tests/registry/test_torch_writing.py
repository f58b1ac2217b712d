"""Weights written piece by piece: the bytes are those that the library writes."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="comes with the extra 'deep'")

import safetensors.torch  # noqa: E402 - only where PyTorch is

from jupyter_mlops.registry.flavors import torch_writing  # noqa: E402


def of_kind(name):
    kind = getattr(torch, name)
    return {
        f"z_{name}": torch.arange(15).reshape(3, 5).to(kind),
        f"é_{name}": torch.tensor([0.0, 1.0, 3.5]).to(kind),
        f"one_{name}": torch.tensor(1).to(kind),
        f"none_{name}": torch.empty((0, 3)).to(kind),
    }


def written(tensors, folder):
    """Write them both ways."""
    ours, theirs = folder / "ours.safetensors", folder / "theirs.safetensors"
    torch_writing.write_tensors(tensors, ours, safetensors.torch)
    safetensors.torch.save_file(tensors, theirs)
    return ours.read_bytes(), theirs.read_bytes()


def test_all_kinds_beside_one_another(tmp_path):
    tensors = {}
    for name in torch_writing._NAMES:
        tensors |= of_kind(name)
    ours, theirs = written(tensors, tmp_path)
    assert ours == theirs


def test_no_tensor_at_all(tmp_path):
    ours, theirs = written({}, tmp_path)
    assert ours == theirs


def test_pieces_meet(tmp_path, monkeypatch):
    monkeypatch.setattr(torch_writing, "_PIECE", 7)
    ours, theirs = written({"a": torch.randn(11, 3)}, tmp_path)
    assert ours == theirs


@pytest.mark.parametrize("kind", ["complex64", "float8_e4m3fn"])
def test_other_kinds_are_the_librarys(tmp_path, kind):
    tensors = {"a": torch.ones(4).to(getattr(torch, kind)), "b": torch.ones(2)}
    ours, theirs = written(tensors, tmp_path)
    assert ours == theirs


def test_sparse_is_refused_by_the_library(tmp_path):
    sparse = {"a": torch.eye(3).to_sparse()}
    with pytest.raises(ValueError, match="sparse"):
        torch_writing.write_tensors(sparse, tmp_path / "x", safetensors.torch)
