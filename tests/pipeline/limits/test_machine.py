"""What a machine, or a container on it, may be used for."""

from __future__ import annotations

import os

import pytest

from jupyter_mlops.pipeline.limits import machine
from jupyter_mlops.pipeline.limits.machine import cpu_count, memory_size


@pytest.fixture
def group(tmp_path, monkeypatch):
    """Put this process into a control group; return what writes its files."""

    def group(line, files):
        monkeypatch.setattr(machine, "_text", lambda path: texts(line, path))
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path

    real = machine._text

    def texts(line, path):
        return line if path.name == "cgroup" else real(path)

    return group


def test_without_groups_the_machine_counts(tmp_path):
    assert cpu_count(tmp_path) == len(os.sched_getaffinity(0))
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert memory_size(tmp_path) == pages


def test_newer_groups_bound(group):
    files = {"a/b/cpu.max": "50000 100000", "a/memory.max": "1000000\n"}
    root = group("0::/a/b\n", files)
    assert (cpu_count(root), memory_size(root)) == (0.5, 1_000_000)


def test_older_groups_bound(group):
    files = {
        "cpu,cpuacct/a/cpu.cfs_quota_us": "25000",
        "cpu,cpuacct/a/cpu.cfs_period_us": "100000",
        "memory/memory.limit_in_bytes": "2000000",
    }
    root = group("4:memory:/host/path\n2:cpu,cpuacct:/a\n", files)
    assert (cpu_count(root), memory_size(root)) == (0.25, 2_000_000)


def test_no_limit_is_none(group, tmp_path):
    files = {
        "cpu.max": "max 100000",
        "memory.max": "max",
        "cpu/cpu.cfs_quota_us": "-1",
        "cpu/cpu.cfs_period_us": "100000",
    }
    root = group("0::/\n2:cpu:/\n", files)
    assert cpu_count(root) == len(os.sched_getaffinity(0))
    assert memory_size(root) > 1 << 26
