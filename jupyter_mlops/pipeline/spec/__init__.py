"""What a pipeline is: steps in order, written in ``pipeline.yaml`` or in Python.

`Pipeline` and `Step` hold what was asked for; `reader` makes them of YAML, `checks`
says whether they make sense. Nothing here runs, reads or hashes a notebook.
"""

from jupyter_mlops.pipeline.spec.pipeline import (
    Pipeline,
    Resources,
    Retry,
    Step,
    Sweep,
)

__all__ = ["Pipeline", "Resources", "Retry", "Step", "Sweep"]
