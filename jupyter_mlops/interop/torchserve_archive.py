"""A TorchServe archive: a zip with a manifest, a handler and the model.

Source: https://github.com/pytorch/serve/tree/master/model-archiver
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.interop.taken import SCORED, part

if TYPE_CHECKING:
    from jupyter_mlops.interop.taken import Taken

NAME = "torchserve"
FLAVORS = SCORED
HANDLER = "handler.py"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def place(taken: Taken, output: Path) -> tuple[Path, bool]:
    """Return the file; in a folder it gets the model's name."""
    if output.is_dir():
        return output / f"{taken.version.model}.mar", False
    return output, False


def write(taken: Taken, target: Path) -> None:
    """Write the archive; the same version is the same bytes."""
    with tempfile.TemporaryDirectory(prefix="mlops-") as made:
        model = Path(made) / "model"
        model.mkdir()
        taken.write_model(model)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, "MAR-INF/MANIFEST.json", _manifest(taken).encode())
            _add(archive, HANDLER, part("torchserve_handler").encode())
            _add(archive, "scorer.py", part("scorer").encode())
            lines = "\n".join([*taken.requirements(), ""])
            _add(archive, "requirements.txt", lines.encode())
            for path in sorted(model.rglob("*")):
                if path.is_file():
                    name = path.relative_to(made).as_posix()
                    _add(archive, name, path.read_bytes())


def _manifest(taken: Taken) -> str:
    version = taken.version
    document = {
        "createdOn": version.registered.strftime("%d/%m/%Y %H:%M:%S"),
        "runtime": "python",
        "model": {
            "modelName": version.model,
            "handler": HANDLER,
            "modelVersion": f"{version.version}.0",
            "requirementsFile": "requirements.txt",
        },
        "archiverVersion": "0.12.0",
    }
    return json.dumps(document, indent=2)


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    # Without the hour of writing, which is nobody's business.
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)
