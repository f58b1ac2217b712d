"""The Python face: what ``import jupyter_mlops as mlops`` offers."""

from jupyter_mlops.api.pipelines import load_output, run_pipeline, set_output
from jupyter_mlops.api.promoting import approve, archive, promote, push
from jupyter_mlops.api.reading import get_run, runs
from jupyter_mlops.api.recording import (
    current_run,
    log_artifact,
    log_figure,
    log_metric,
    log_metrics,
    log_model,
    log_note,
    log_object,
    log_param,
    log_params,
    log_table,
    set_tag,
    set_tags,
    start_run,
)
from jupyter_mlops.api.registering import load_model, models, register_model
from jupyter_mlops.api.resuming import resume
from jupyter_mlops.api.secrets import Secret
from jupyter_mlops.api.sweeps import sweep
from jupyter_mlops.pipeline.spec import Pipeline, Step

__all__ = [
    "Pipeline",
    "Secret",
    "Step",
    "approve",
    "archive",
    "current_run",
    "get_run",
    "load_model",
    "load_output",
    "log_artifact",
    "log_figure",
    "log_metric",
    "log_metrics",
    "log_model",
    "log_note",
    "log_object",
    "log_param",
    "log_params",
    "log_table",
    "models",
    "promote",
    "push",
    "register_model",
    "resume",
    "run_pipeline",
    "runs",
    "set_output",
    "set_tag",
    "set_tags",
    "start_run",
    "sweep",
]
