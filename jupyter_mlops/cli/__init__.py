"""The command line: ``jupyter mlops VERB``. What the verbs do is in ``verbs/``."""

from jupyter_mlops.cli.main import main

__all__ = ["main"]
