"""MLOps inside the notebook: tracked cells, batch notebooks, a model registry.

``import jupyter_mlops as mlops`` gives the Python face; what it needs is imported when
it is first used, so that the import itself costs next to nothing.
"""

__version__ = "0.1.0"

# What typing.TYPE_CHECKING is, without the cost of importing typing.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_mlops.api import (
        Pipeline,
        Secret,
        Step,
        approve,
        archive,
        current_run,
        get_run,
        load_model,
        load_output,
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
        models,
        promote,
        push,
        register_model,
        resume,
        run_pipeline,
        runs,
        set_output,
        set_tag,
        set_tags,
        start_run,
        sweep,
    )

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


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'jupyter_mlops' has no attribute {name!r}")
    from jupyter_mlops.capture.ownimports import OwnImports

    with OwnImports():
        from jupyter_mlops import api

    value = getattr(api, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """Add ``%%track``, ``%track`` and ``%mlops``: called by ``%load_ext``."""
    from jupyter_mlops.magics import load

    load(shell)


def unload_ipython_extension(shell: "InteractiveShell") -> None:
    """Take the magics off: called by ``%unload_ext``."""
    from jupyter_mlops.magics import unload

    unload(shell)
