"""A verb as a job: started by a workspace's `Background`, with nobody looking on.

Its words come by the standard input, since values among them may be secret and the
words of a process are for all to see.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from contextlib import redirect_stderr
from pathlib import Path

_LETTERS = 4000
_FAILED, _INTERRUPTED = 1, 130


def main() -> int:
    """Do what the standard input asks for, and tell the job's file how it went."""
    # Whoever started a server with nohup wants jobs to be interruptible all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    asked = json.loads(sys.stdin.buffer.read())
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    file = Path(asked["file"])
    os.chdir(asked["folder"])
    try:
        code, said = _done(file, asked["words"])
    except KeyboardInterrupt:
        code, said = _INTERRUPTED, "Interrupted."
    except Exception as error:  # noqa: BLE001 - nobody else would ever hear of it
        code, said = _FAILED, f"Unexpected {type(error).__name__}: {error}"
    from jupyter_mlops.capture.masking import Masker
    from jupyter_mlops.workspace.jobs import tell

    tell(file, code=code, said=Masker().text(said[-_LETTERS:]).strip())
    return code


def _done(file: Path, words: list[str]) -> tuple[int, str]:
    from jupyter_mlops.cli.main import main as run
    from jupyter_mlops.tracking.beginnings import first_run
    from jupyter_mlops.workspace.jobs import tell

    heard = io.StringIO()
    with first_run(lambda run_id: tell(file, run=run_id)), redirect_stderr(heard):
        code = run(words)
    return code, heard.getvalue()


if __name__ == "__main__":
    sys.exit(main())
