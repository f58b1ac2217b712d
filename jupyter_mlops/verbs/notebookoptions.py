"""Options that all verbs have which run a notebook."""

from __future__ import annotations

from typing import Annotated

import typer

ExperimentName = Annotated[
    str | None,
    typer.Option(
        "--experiment", "-e", help="Default: the notebook's name.", metavar="NAME"
    ),
]
RunName = Annotated[
    str | None,
    typer.Option(help="The run's name. Default: the notebook's.", metavar="NAME"),
]
KernelName = Annotated[
    str | None,
    typer.Option(help="Default: the notebook's own kernel.", metavar="NAME"),
]
CellTimeout = Annotated[
    int | None,
    typer.Option(help="Seconds that a cell may take.", min=1, metavar="SECONDS"),
]
ClusterAddress = Annotated[
    str | None,
    typer.Option(
        "--on", help="Run on this dask cluster: dask://HOST:PORT.", metavar="ADDRESS"
    ),
]
ClusterFiles = Annotated[
    str | None,
    typer.Option(
        "--via",
        help="Where the cluster's files go: an fsspec URL that all reach.",
        metavar="URL",
    ),
]
