"""Doing a run again in a clean process, and judging what came of it.

The workspaces of the rerun are handed in, temporary ones; the user's is only read.
"""

from jupyter_mlops.pipeline.verification.plans import check_verifiable
from jupyter_mlops.pipeline.verification.rerun import RerunPlace, verify_run

__all__ = ["RerunPlace", "check_verifiable", "verify_run"]
