"""Where a tracked cell ran: in a real shell, in a real repository."""

import os
import threading

import pytest
from jupyter_client.manager import start_new_kernel

from jupyter_mlops.capture import gitwatch, hardware
from jupyter_mlops.records import Status
from jupyter_mlops.tracking.surroundings import DIFF

GPU = "#!/bin/sh\nread word < {gate}\necho 'NVIDIA T4, 15360 MiB, 535.1'\n"


def settle():
    """Wait for what is recorded beside the cells."""
    for thread in threading.enumerate():
        if thread.name == "mlops-surroundings":
            thread.join(60)


@pytest.fixture
def track(repository, run, workspace):
    def track(source="%%track\nx = 1"):
        found = run(source)
        settle()
        return workspace.get_run(found.id)

    return track


@pytest.fixture
def nvidia_smi(tmp_path, monkeypatch):
    """A stand-in for NVIDIA's program that answers when the pipe is written to."""
    gate, program = tmp_path / "gate", tmp_path / "bin" / "nvidia-smi"
    os.mkfifo(gate)
    program.parent.mkdir()
    program.write_text(GPU.format(gate=gate))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    monkeypatch.setattr(hardware, "_look", None)
    return gate


def test_clean_repository_has_no_diff(track, repository):
    found = track()
    assert found.observations["git"] == {"dirty": False}
    assert DIFF not in found.artifacts


def test_what_is_not_committed_is_kept_masked(track, repository):
    (repository / "a.py").write_text("x = 2\npassword = 'correct-horse-battery'\n")
    (repository / "new.py").write_text("")
    found = track()
    told = found.observations["git"]
    assert (told["changed"], told["untracked"]) == (["a.py"], ["new.py"])
    text = found.artifact(DIFF).read_text()
    assert "+x = 2" in text
    assert "horse" not in text


def test_known_state_is_in_the_runs_own_journal(
    track, repository, monkeypatch, workspace
):
    monkeypatch.setattr(gitwatch, "_TICK", 0)
    (repository / "a.py").write_text("x = 2\n")
    first = track()
    monkeypatch.setattr(gitwatch, "git_diff", None)
    second = track()
    assert second.observations["git"] == first.observations["git"]
    assert len(list((workspace.layout.journals / second.id).iterdir())) == 1
    assert second.artifacts[DIFF].digest == first.artifacts[DIFF].digest


def test_environment_holds_machine_and_allowed_variables(track, monkeypatch):
    monkeypatch.setenv("PYTHONHASHSEED", "3")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    found = track().environment
    assert found["variables"]["PYTHONHASHSEED"] == "3"
    assert "hidden" not in str(found)
    assert found["git"]["branch"] == "main"
    assert found["memory"]["total"] > 0


@pytest.fixture
def kernel(workspace):
    """Run cells in a process that has imported nothing else, nor held any memory."""
    manager, client = start_new_kernel(cwd=str(workspace.layout.project))

    def run(*sources):
        texts = []
        for source in sources:
            client.execute_interactive(
                source,
                timeout=60,
                output_hook=lambda message: texts.append(
                    message["content"].get("data", {}).get("text/plain", "")
                ),
            )
        return "".join(texts)

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_our_own_imports_are_no_packages_of_a_cell(kernel, workspace):
    kernel("%load_ext jupyter_mlops", "%mlops runs", "%%track\nimport yaml")
    found = workspace.get_run("last").environment["packages"]
    assert "pyyaml" in found
    assert not {"alembic", "mako"} & set(found)


def test_slow_graphics_driver_delays_no_cell(run, workspace, nvidia_smi):
    found = run("%%track\nx = 1")
    assert found.status is Status.FINISHED
    assert found.environment["gpus"] == []
    nvidia_smi.write_text("go\n")
    settle()
    assert workspace.get_run(found.id).environment["gpus"] == [
        {"driver": "535.1", "memory": "15360 MiB", "model": "NVIDIA T4"}
    ]


def test_cell_knows_its_processor_time_and_memory(kernel, workspace):
    source = "%%track\nimport os\nn = len(bytearray(os.urandom(4096) * 150_000))"
    card = kernel("%load_ext jupyter_mlops", source)
    (cell,) = workspace.get_run("last").cells
    assert cell.peak_bytes > 600_000_000
    assert 0 < cell.cpu_seconds < 60
    assert "peak 0." in card or "peak 1." in card
