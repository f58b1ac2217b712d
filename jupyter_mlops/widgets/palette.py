"""Colours of what a notebook shows: the front end's own, with one for elsewhere."""

from __future__ import annotations

from jupyter_mlops.records import Status

# What stands behind the comma is for front ends without Jupyter's variables, and so
# must be seen on light and on dark.
TEXT = "var(--jp-ui-font-color1,inherit)"
QUIET = "var(--jp-ui-font-color2,#808080)"
GOOD = "var(--jp-success-color1,#3a9b45)"
BAD = "var(--jp-error-color1,#d64545)"
WARM = "var(--jp-warn-color1,#c77d0a)"
PLAIN = "var(--jp-brand-color1,#2f86d6)"
RULE = "var(--jp-border-color2,rgba(128,128,128,.35))"
GROUND = "var(--jp-layout-color0,Canvas)"
SIZE = "var(--jp-ui-font-size1,13px)"
FAMILY = "var(--jp-ui-font-family,sans-serif)"

STATUS = {
    Status.FINISHED: GOOD,
    Status.FAILED: BAD,
    Status.CANCELLED: WARM,
    Status.RUNNING: PLAIN,
    Status.LOST: WARM,
}
VERDICT = {"reproduced": GOOD, "differs": WARM, "failed": BAD}
"""Colours of the words that a verification ends with."""
