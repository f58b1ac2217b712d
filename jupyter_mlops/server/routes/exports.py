"""A version taken away in another system's form, to a folder that the server shows."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.server.routes.bodies import flag_of, text_of
from jupyter_mlops.server.routes.trials import TrialHandler
from jupyter_mlops.server.trials import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry import Identity
    from jupyter_mlops.workspace import Workspace


class ExportHandler(TrialHandler):
    """``models/<name>/<version>/export``: written for other software to load."""

    @authenticated
    @authorized
    async def post(self, name: str, version: str) -> None:
        """Write it in the form ``to`` at ``path``, from the server's root.

        With ``replace`` in the place of what an export of the model put there.
        """
        body = self.body()
        to = text_of(body, "to")
        if to is None:
            raise InvalidInputError("Say in which form, by 'to'.", name="to")
        output = self._place(text_of(body, "path"))
        options: dict[str, Any] = {
            "force": flag_of(body, "replace"),
            "allow_pickle": flag_of(body, "allow_pickle"),
            "allow_code": flag_of(body, "allow_code"),
        }

        def work(workspace: Workspace, who: Identity) -> Outcome:
            uri = f"models:/{name}/{int(version)}"
            made = workspace.exports.export(
                uri, to, output, only_own=True, by=who, **options
            )
            where = self._places.from_root(workspace.layout.project, str(made.path))
            return Outcome(said=f"Exported to {where}. Use: {made.use}")

        await self.begin(self.about("export", name, version), work)

    def _place(self, path: str | None) -> Path:
        """Return where to: no hidden folder, which holds others' things."""
        parts = PurePosixPath(path or "").parts
        if not [part for part in parts if part not in (".", "..", "/")]:
            raise InvalidInputError("Say where to, by a 'path'.", name="path")
        if any(part.startswith(".") and part not in (".", "..") for part in parts):
            raise InvalidInputError(
                f"'{path}' is in a hidden folder, which the file browser does not "
                f"show. Name another place.",
                path=path,
            )
        return self._places.folder(str(path))
