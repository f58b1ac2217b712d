"""Running a script's recorded source again, in a clean process."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlops import errors
from jupyter_mlops.pipeline.verification.kernel import clean_environment

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.tracking.scripts import ScriptCall

_LINES = 30
_START = """
import json, sys
told = json.loads(sys.argv[1])
sys.argv[:] = [told["path"], *told["arguments"]]
sys.path[0] = told["beside"]
with open(told["source"], "rb") as file:
    code = compile(file.read(), told["path"], "exec")
names = sys.modules["__main__"].__dict__
names["__file__"] = told["path"]
for name in ("json", "sys", "told", "file"):
    del names[name]
del names, name
exec(code)
"""
"""Under the script's own name and place, so that it finds what lies beside it; the text
is the recorded one, whatever the file holds now."""


@dataclass(frozen=True)
class EndedScript:
    """How a script ended.

    Attributes
    ----------
    said : str
        The end of what it wrote as errors.
    """

    code: int
    said: str
    seconds: float


def run_script(
    source: str,
    call: ScriptCall,
    *,
    project: Path,
    scratch: Path,
    timeout: int | None,
) -> EndedScript:
    """Run a script's source as it was called; what it records goes elsewhere.

    Parameters
    ----------
    project : Path
        The user's, which the call's paths start from.
    scratch : Path
        The project of the workspace that takes what it records.

    Raises
    ------
    NotebookError
        When it takes longer than `timeout` seconds.
    """
    path = project / call.path
    folder = project / call.folder
    text = scratch / "source.py"
    text.write_text(source, "utf-8", "surrogateescape")
    told = {
        "path": str(path),
        "arguments": list(call.arguments),
        "beside": str(path.parent),
        "source": str(text),
    }
    began = time.perf_counter()
    try:
        ended = subprocess.run(
            [sys.executable, "-c", _START, json.dumps(told)],
            cwd=folder if folder.is_dir() else project,
            env=clean_environment(scratch),
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise errors.NotebookError(
            f"The script {call.path} did not end within {timeout} s. Give it longer "
            f"with '--timeout'.",
            script=call.path,
        ) from error
    said = "\n".join(ended.stderr.splitlines()[-_LINES:])
    return EndedScript(ended.returncode, said, time.perf_counter() - began)
