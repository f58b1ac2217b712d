"""A run's packages as a list that pip and uv install: exact versions, one a line.

Written from the run's environment record. What was installed from no index (a folder, a
repository) is known of this process's environment only, and told where it is the same
version as the run's.
Source: https://packaging.python.org/en/latest/specifications/direct-url/
"""

from __future__ import annotations

import json
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.git import without_credentials
from jupyter_mlops.capture.masking import Masker

if TYPE_CHECKING:
    from collections.abc import Mapping


def lock_of(environment: Mapping[str, Any], run_id: str) -> str:
    """Write the lock of a recorded environment; empty when no package is recorded."""
    packages = environment.get("packages")
    if not isinstance(packages, dict) or not packages:
        return ""
    lines = [
        f"# The packages of run {run_id}: {_python(environment)}.",
        "# pip install -r requirements.txt, or uv pip install -r requirements.txt",
    ]
    for name in sorted(packages, key=str.lower):
        lines += _lines(name, str(packages[name]))
    return Masker().text("\n".join(lines) + "\n")


def _python(environment: Mapping[str, Any]) -> str:
    python = environment.get("python") or {}
    system = environment.get("platform") or {}
    words = (
        python.get("implementation") or "Python",
        python.get("version") or "of an unknown version",
        *(system[key] for key in ("system", "machine") if system.get(key)),
    )
    return " ".join(str(word) for word in words)


def _lines(name: str, version: str) -> list[str]:
    found = _direct_url(name, version)
    url = without_credentials(str(found.get("url") or ""))
    if "dir_info" in found:
        is_editable = bool((found["dir_info"] or {}).get("editable"))
        how = "in editable form from" if is_editable else "from"
        return [f"# {name}=={version} was installed {how} a folder: {url}"]
    if "vcs_info" in found:
        told = found["vcs_info"]
        return [f"{name} @ {told['vcs']}+{url}@{told['commit_id']}"]
    if "archive_info" in found:
        if url.startswith("file:"):
            line = f"{name}=={version}"
            return [f"# {line} was installed from the file {url}", line]
        hashes = (found["archive_info"] or {}).get("hashes") or {}
        sha256 = f"#sha256={hashes['sha256']}" if "sha256" in hashes else ""
        return [f"{name} @ {url}{sha256}"]
    line = f"{name}=={version}"
    if "+" in version:
        return [f"# {line} is a build of its own: name the index that has it", line]
    return [line]


@cache
def _direct_url(name: str, version: str) -> dict[str, Any]:
    """Say where a package was installed from; nothing for one from an index."""
    try:
        found = metadata.distribution(name)
        text = found.read_text("direct_url.json")
        # Its version takes longer to read, and most come from an index.
        told = json.loads(text) if text and found.version == version else {}
    except (metadata.PackageNotFoundError, OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
