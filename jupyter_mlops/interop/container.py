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
WORKDIR /model
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
USER nobody
EXPOSE 8080
CMD ["python", "serve.py", "8080"]
"""


def place(taken: Taken, output: Path) -> tuple[Path, bool]:  # noqa: ARG001 - the protocol's
    """Return the folder itself."""
    return output, True


def write(taken: Taken, target: Path) -> None:
    """Write a folder that serves the model: ``python serve.py``, or in a container."""
    python = ".".join(taken.python.split(".")[:2])
    lines = "\n".join([*taken.requirements(), ""])
    texts = {
        "Dockerfile": _DOCKERFILE.format(python=python),
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
