"""The wiring: the only place that builds stores, registries and runners."""

from jupyter_mlops.workspace.place import default_experiment, locate
from jupyter_mlops.workspace.workspace import Workspace

__all__ = ["Workspace", "default_experiment", "locate"]
