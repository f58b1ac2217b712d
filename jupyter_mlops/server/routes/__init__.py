"""The routes: each file a noun, each handler thin over the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.server.routes.batch import (
    AttachHandler,
    BatchHandler,
    CancelHandler,
    JobHandler,
    JobsHandler,
    ParametersHandler,
)
from jupyter_mlops.server.routes.blobs import ArtifactHandler, BlobHandler
from jupyter_mlops.server.routes.changes import ChangesSocket
from jupyter_mlops.server.routes.compare import CompareHandler, DiffHandler
from jupyter_mlops.server.routes.exports import ExportHandler
from jupyter_mlops.server.routes.live import LiveHandler
from jupyter_mlops.server.routes.marks import MarksHandler
from jupyter_mlops.server.routes.models import (
    HistoryHandler,
    ModelHandler,
    ModelsHandler,
)
from jupyter_mlops.server.routes.pipelines import PipelineHandler
from jupyter_mlops.server.routes.run import RunHandler
from jupyter_mlops.server.routes.runactions import (
    AgainHandler,
    PushHandler,
    RecipeHandler,
    RunCancelHandler,
    RunVerificationHandler,
)
from jupyter_mlops.server.routes.runs import (
    MetricHandler,
    NamesHandler,
    RunsHandler,
    SearchHandler,
    ValuesHandler,
)
from jupyter_mlops.server.routes.series import CurvesHandler
from jupyter_mlops.server.routes.sweeps import SweepHandler
from jupyter_mlops.server.routes.trials import (
    GatesHandler,
    PromotionHandler,
    TrialHandler,
    VerificationHandler,
)
from jupyter_mlops.server.routes.versions import (
    AliasRemovalHandler,
    ApprovalHandler,
    ArchiveHandler,
    CardHandler,
    LineageHandler,
    VersionHandler,
)
from jupyter_mlops.server.routes.workspaces import (
    NowhereHandler,
    StatusHandler,
    WorkspacesHandler,
)

if TYPE_CHECKING:
    from tornado.web import RequestHandler

_VERSION = r"models/([^/]+)/([0-9]{1,9})"

ROUTES: tuple[tuple[str, type[RequestHandler]], ...] = (
    (r"status", StatusHandler),
    (r"workspaces", WorkspacesHandler),
    (r"names", NamesHandler),
    (r"values", ValuesHandler),
    (r"search", SearchHandler),
    (r"runs", RunsHandler),
    (r"runs/([^/]+)", RunHandler),
    (r"runs/([^/]+)/recipe", RecipeHandler),
    (r"runs/([^/]+)/again", AgainHandler),
    (r"runs/([^/]+)/verification", RunVerificationHandler),
    (r"runs/([^/]+)/push", PushHandler),
    (r"runs/([^/]+)/metrics/([^/]+)", MetricHandler),
    (r"runs/([^/]+)/artifacts/([^/]+)", ArtifactHandler),
    (r"runs/([^/]+)/live", LiveHandler),
    (r"runs/([^/]+)/sweep", SweepHandler),
    (r"runs/([^/]+)/attach", AttachHandler),
    (r"runs/([^/]+)/cancel", RunCancelHandler),
    (r"batch", BatchHandler),
    (r"jobs", JobsHandler),
    (r"jobs/([^/]+)", JobHandler),
    (r"jobs/([^/]+)/cancel", CancelHandler),
    (r"parameters", ParametersHandler),
    (r"pipeline", PipelineHandler),
    (r"compare", CompareHandler),
    (r"diff", DiffHandler),
    (r"blobs/([0-9a-f]{64})", BlobHandler),
    (r"curves", CurvesHandler),
    (r"marks", MarksHandler),
    (r"models", ModelsHandler),
    (r"models/([^/]+)", ModelHandler),
    (r"models/([^/]+)/history", HistoryHandler),
    (r"models/([^/]+)/aliases/([^/]+)/removal", AliasRemovalHandler),
    (_VERSION, VersionHandler),
    (_VERSION + "/card", CardHandler),
    (_VERSION + "/lineage", LineageHandler),
    (_VERSION + "/approval", ApprovalHandler),
    (_VERSION + "/archive", ArchiveHandler),
    (_VERSION + "/gates", GatesHandler),
    (_VERSION + "/promotion", PromotionHandler),
    (_VERSION + "/verification", VerificationHandler),
    (_VERSION + "/export", ExportHandler),
    (r"trials/([0-9a-f]{16})", TrialHandler),
    (r"changes", ChangesSocket),
    (r".*", NowhereHandler),
)
"""What follows ``mlops/api/`` in an address, and who answers."""
