"""A plain folder: the model, a small server, and a Dockerfile to build it with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.interop.taken import SCORED, part

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.interop.taken import Taken

NAME = "docker"
FLAVORS = SCORED
_DOCKERFILE = """\
FROM python:{python}-slim
{system}WORKDIR /model
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
USER nobody
EXPOSE 8080
CMD ["python", "serve.py", "8080"]
"""
_INSTALL = """\
RUN apt-get update && apt-get install -y --no-install-recommends {names} \\
    && rm -rf /var/lib/apt/lists/*
"""
_SYSTEM = {"lightgbm": "libgomp1"}
"""Libraries of Debian that packages need and the slim image lacks."""


def place(taken: Taken, output: Path) -> tuple[Path, bool]:  # noqa: ARG001 - the protocol's
    """Return the folder itself."""
    return output, True


def write(taken: Taken, target: Path) -> None:
    """Write a folder that serves the model: ``python serve.py``, or in a container."""
    python = ".".join(taken.python.split(".")[:2])
    requirements = taken.requirements()
    names = {line.partition("==")[0] for line in requirements}
    system = " ".join(_SYSTEM[name] for name in sorted(names & set(_SYSTEM)))
    system = _INSTALL.format(names=system) if system else ""
    lines = "\n".join([*requirements, ""])
    texts = {
        "Dockerfile": _DOCKERFILE.format(python=python, system=system),
        "requirements.txt": lines,
        "scorer.py": part("scorer"),
        "serve.py": part("served"),
    }
    if taken.card:
        texts["README.md"] = taken.card
    for name, text in texts.items():
        (target / name).write_text(text, encoding="utf-8")
    (target / "model").mkdir()
    taken.write_model(target / "model")
