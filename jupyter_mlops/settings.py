"""What a user can set: environment variables over the workspace's settings.toml."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import SettingError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PREFIX = "JUPYTER_MLOPS_"
WORKSPACE_VARIABLE = PREFIX + "WORKSPACE"
RUN_VARIABLE = PREFIX + "RUN"
"""Set by us for child processes: which run they belong to."""
VARIABLES = (
    "CONDA_DEFAULT_ENV",
    "CUBLAS_WORKSPACE_CONFIG",
    "CUDA_VISIBLE_DEVICES",
    "JAX_PLATFORMS",
    "LANG",
    "LC_ALL",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "PYTHONHASHSEED",
    "PYTORCH_ENABLE_MPS_FALLBACK",
    "TF_DETERMINISTIC_OPS",
    "TZ",
    "XLA_FLAGS",
)
"""Environment variables that results may depend on and that hold no secrets."""

_SWITCHES = {"true": True, "1": True, "on": True} | {
    "false": False,
    "0": False,
    "off": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one workspace.

    Attributes
    ----------
    index_url : str
        SQLAlchemy URL of the index; empty: ``index.sqlite`` in the workspace.
    blobs_url : str
        fsspec URL of the blobs; empty: ``blobs/`` in the workspace.
    sync_seconds : float
        Journals are forced to disk at most this often, and when a run ends.
    index_wait_seconds : float
        How long a reader waits for another process that is indexing.
    trusted_loaders : tuple of str
        ``package.module:function`` names that `load_model` may call unasked.
    lower_is_better : tuple of str
        Metrics, by name, that are better when smaller.
    environment_variables : tuple of str
        The only environment variables that are recorded with a run.
    live_curve : bool
        Metrics that a tracked cell logs show as a curve while it runs.
    autolog : bool
        Models that a tracked cell fits are noticed.
    engine : str
        What runs notebooks in batch: ``worker`` or ``nbclient``.
    max_cpus : float
        Processors that steps may take together; 0: all that there are.
    max_memory : str
        Memory that steps may take together, such as ``8GB``; empty: all there is.
    via : str
        fsspec URL for files of notebooks that run on a cluster; empty: its scheduler.
    checkpoints : bool
        While a notebook runs in batch, its process is copied for `resume`.
    checkpoint_minutes : float
        How long these copies are held when the notebook has failed.
    checkpoint_memory : str
        Memory that all these copies may take together, such as ``4GB``.
    """

    index_url: str = ""
    blobs_url: str = ""
    sync_seconds: float = 1.0
    index_wait_seconds: float = 10.0
    trusted_loaders: tuple[str, ...] = ()
    lower_is_better: tuple[str, ...] = field(
        default=("loss", "error", "mse", "rmse", "mae", "mape", "logloss", "brier")
    )
    environment_variables: tuple[str, ...] = VARIABLES
    live_curve: bool = True
    autolog: bool = True
    engine: str = "worker"
    max_cpus: float = 0.0
    max_memory: str = ""
    via: str = ""
    checkpoints: bool = True
    checkpoint_minutes: float = 30.0
    checkpoint_memory: str = "4GB"


def load_settings(
    file: Path | None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings that hold here.

    Parameters
    ----------
    file : Path or None
        ``settings.toml`` of the workspace; need not exist.
    environ : mapping, optional
        The environment, where ``JUPYTER_MLOPS_INDEX_URL`` and its kin win over
        the file. Lists are separated by commas there.

    Raises
    ------
    SettingError
        On an unknown name or a value of the wrong kind.
    """
    environ = os.environ if environ is None else environ
    values = _from_file(file) if file is not None else {}
    for name, default in _defaults().items():
        text = environ.get(PREFIX + name.upper())
        if text is not None:
            values[name] = _from_text(name, text, default)
    return Settings(**values)


def _defaults() -> dict[str, Any]:
    return {item.name: item.default for item in fields(Settings)}


def _from_file(file: Path) -> dict[str, Any]:
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return {}
    # Here: most folders have no such file.
    import tomllib

    try:
        raw = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(f"{file} is no valid TOML: {error}.", file=file) from error
    defaults = _defaults()
    for name in raw:
        if name not in defaults:
            raise SettingError(
                f"{file} sets '{name}', which is no setting.{nearest(name, defaults)}",
                setting=name,
            )
    return {name: _checked(name, raw[name], defaults[name]) for name in raw}


def _from_text(name: str, text: str, default: object) -> object:
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if isinstance(default, float):
        try:
            return _checked(name, float(text), default)
        except ValueError:
            return _checked(name, text, default)
    if isinstance(default, bool):
        return _checked(name, _SWITCHES.get(text.strip().lower(), text), default)
    return text


def _checked(name: str, value: object, default: object) -> object:
    if isinstance(default, tuple) and isinstance(value, list | tuple):
        if all(isinstance(part, str) for part in value):
            return tuple(value)
    elif isinstance(default, float):
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return float(value)
    elif isinstance(value, type(default)):
        return value
    kinds = {tuple: "a list of texts", float: "a number above 0", bool: "true or false"}
    wanted = kinds.get(type(default), "a text")
    raise SettingError(
        f"The setting '{name}' is {value!r}; it must be {wanted}.",
        setting=name,
        value=value,
    )
