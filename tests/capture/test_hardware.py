"""The machine; its graphics processors by a stand-in for nvidia-smi."""

import os
import sys
from types import SimpleNamespace

import pytest

from jupyter_mlops.capture.environment import describe_environment
from jupyter_mlops.capture.hardware import GpuLook, look_for_gpus

TOLD = "NVIDIA A100-SXM4-40GB, 40960 MiB, 535.104.05"
EXPECTED = {
    "driver": "535.104.05",
    "memory": "40960 MiB",
    "model": "NVIDIA A100-SXM4-40GB",
}


@pytest.fixture
def nvidia_smi(tmp_path, monkeypatch):
    """Put a program on the path that says what it is told to."""

    def nvidia_smi(says, code=0):
        program = tmp_path / "bin" / "nvidia-smi"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\necho '{says}'\nexit {code}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")

    return nvidia_smi


def test_machine_has_processors_and_memory(tmp_path):
    found = describe_environment(folder=tmp_path)
    assert found["cpu"]["usable"] <= found["cpu"]["count"]
    assert found["memory"]["total"] > 100_000_000
    assert found["cpu"]["model"]


def test_graphics_processors_are_told_once_known(nvidia_smi):
    nvidia_smi(f"{TOLD}\n{TOLD}")
    look = GpuLook()
    look.wait()
    assert look.is_done
    assert look.found() == [EXPECTED, EXPECTED]


@pytest.mark.parametrize(("says", "code"), [("No devices were found", 0), (TOLD, 9)])
def test_program_without_processors_finds_none(nvidia_smi, says, code):
    nvidia_smi(says, code)
    look = GpuLook()
    look.wait()
    assert look.found() == []


def test_processors_that_torch_runs_on_are_told(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    cuda = SimpleNamespace(
        is_initialized=lambda: True,
        device_count=lambda: 1,
        get_device_name=lambda place: f"Radeon {place}",
    )
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda))
    assert GpuLook().found() == [{"model": "Radeon 0"}]


def test_a_process_looks_once():
    assert look_for_gpus() is look_for_gpus()
