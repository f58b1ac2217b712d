"""A workspace's versions in other systems' forms: exported, pushed, and pulled."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.errors import InvalidInputError, NotExportableError
from jupyter_mlops.store import placing
from jupyter_mlops.workspace.departures import departures_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.interop import Target
    from jupyter_mlops.interop.taken import Taken
    from jupyter_mlops.records import VersionRecord
    from jupyter_mlops.registry import Identity, LoadWord
    from jupyter_mlops.workspace.workspace import Workspace


_USES = {
    "mlflow": "mlflow.pyfunc.load_model({path!r})",
    "onnx": "onnxruntime.InferenceSession({path!r})",
    "tensorflow": "tensorflow.saved_model.load({path!r})",
    "torchserve": "torchserve --start --model-store {folder} --models {name}",
    "v2": "mlserver start {folder}",
    "docker": "docker build {path}, or without it: python {path}/serve.py 8080",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written, and where.

    Attributes
    ----------
    files : int
        How many.
    size : int
        Bytes in all.
    """

    version: VersionRecord
    target: str
    path: Path
    files: int
    size: int

    @property
    def use(self) -> str:
        """How it is used there."""
        path = self.path
        return _USES[self.target].format(
            path=str(path), folder=path.parent, name=path.name
        )


class Exports:
    """What a workspace takes to other systems: see `Workspace.exports`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def export(
        self,
        uri: str,
        to: str,
        output: Path,
        *,
        force: bool = False,
        only_own: bool = False,
        allow_types: Sequence[str] = (),
        allow_code: bool = False,
        allow_pickle: bool = False,
        loader: str | None = None,
        by: Identity | str | None = None,
    ) -> Exported:
        """Write a version in another system's form, whole or not at all.

        Parameters
        ----------
        to : str
            A target's name: see `interop.TARGETS`.
        output : Path
            The file or folder.
        force : bool
            Put it in the place of what is there.
        only_own : bool
            Yet only of what an export of this model put there.
        allow_types : sequence of str
            Further types that the model may hold.
        allow_code : bool
            Run the source of classes that is kept with a PyTorch model.
        allow_pickle : bool
            Take a pickle away: whoever loads what is exported unpickles it.
        loader : str, optional
            The loader of a model that is bytes: whoever loads it calls that.
        by : Identity or str, optional
            Who takes it away; by default whoever this process is of.

        Raises
        ------
        NotExportableError
            When models of this flavor cannot take that form; it says which can.
        InvalidInputError
            When something is there already that is not to be replaced.
        """
        from jupyter_mlops.interop import target_named

        target = target_named(to)
        version = self._workspace.registry.find(uri)
        check_flavor(version, target)
        with tempfile.TemporaryDirectory(prefix="mlops-") as made:
            word = self._workspace.models.word(
                allow_types=tuple(allow_types),
                allow_code=allow_code,
                allow_pickle=allow_pickle,
                loader=loader,
            )
            taken = self.taken(version, Path(made) / "model", word, ready=to != "onnx")
            path, is_folder = target.place(taken, output)
            self._check_place(path)
            is_ours = not only_own or self._wrote(version, path)
            _check_free(path, force=force, is_ours=is_ours)
            how = placing.placed_folder(path, replace=force) if is_folder else None
            with how or placing.placed_file(path) as beside:
                target.write(taken, beside)
        self._workspace.registry.standing.keep_download(
            version.model, version.version, to, str(path), by=by
        )
        files = (
            [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
        )
        return Exported(
            version=version,
            target=to,
            path=path,
            files=len(files),
            size=sum(file.stat().st_size for file in files),
        )

    def _check_place(self, path: Path) -> None:
        """Refuse a place whose replacement would take the project away, or of ours."""
        layout, place = self._workspace.layout, path.absolute()
        if layout.folder.is_relative_to(place) or place.is_relative_to(layout.folder):
            raise InvalidInputError(
                f"{path} is where the project and its workspace are. Name a folder of "
                f"its own for the model.",
                path=path,
            )

    def _wrote(self, version: VersionRecord, path: Path) -> bool:
        """Tell whether an export of the model put there what is there."""
        departures = departures_to(self._workspace, version.model, str(path))
        return next(departures, None) is not None

    def taken(
        self,
        version: VersionRecord,
        folder: Path,
        word: LoadWord | None = None,
        *,
        ready: bool = True,
    ) -> Taken:
        """Restore a version's files into `folder`, and gather what is known of it.

        Parameters
        ----------
        ready : bool
            Make the files such that a scorer can load them.

        Raises
        ------
        BlobCorruptError, BlobNotFoundError
            When its bytes are not those that were registered.
        UnsafeModelError
            When the model holds what was not allowed.
        """
        from jupyter_mlops.interop.taken import Taken
        from jupyter_mlops.registry import LoadWord
        from jupyter_mlops.registry.binding import check_binding
        from jupyter_mlops.registry.cards import write_markdown
        from jupyter_mlops.registry.flavors.conversions import prepare

        blobs = self._workspace.store.blobs
        check_binding(version, blobs)
        blobs.restore_folder(version.files, folder)
        meta = version.flavor_meta
        signature = self._workspace.cards.signature(version)
        word = word or LoadWord()
        scoring = (
            prepare(version.flavor, folder, meta, signature, word) if ready else {}
        )
        facts = self._workspace.cards.facts(version)
        return Taken(
            version=version,
            folder=folder,
            scoring=scoring,
            environment=facts.environment,
            signature=signature,
            word=word,
            card=write_markdown(facts),
        )


def check_flavor(version: VersionRecord, target: Target) -> None:
    """Refuse a flavor that a target cannot take.

    Raises
    ------
    NotExportableError
        It says which targets take the flavor, and which flavors the target.
    """
    if version.flavor in target.FLAVORS:
        return
    others = targets_of(version.flavor)
    rather = f" It can go to: {', '.join(others)}."
    if not others:
        rather = (
            f" No target takes it; 'jupyter mlops push {version.model} --to URL' "
            f"publishes it for other workspaces to pull."
        )
    raise NotExportableError(
        f"Version {version.version} of '{version.model}' is a {version.flavor} model; "
        f"'{target.NAME}' takes {', '.join(target.FLAVORS)}.{rather}",
        model=version.model,
        version=version.version,
        flavor=version.flavor,
        target=target.NAME,
    )


def targets_of(flavor: str) -> list[str]:
    """Name the targets that take models of a flavor."""
    from jupyter_mlops.interop import TARGETS

    return [name for name, target in TARGETS.items() if flavor in target.FLAVORS]


def _check_free(path: Path, *, force: bool, is_ours: bool = True) -> None:
    if not (path.exists() or path.is_symlink()) or (force and is_ours):
        return
    if path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
        return
    if force:
        raise InvalidInputError(
            f"What is at {path} was not put there by an export of this model, and is "
            f"not replaced. Name another place.",
            path=path,
        )
    raise InvalidInputError(
        f"There is something at {path} already. Name another place with '-o', or put "
        f"the model in its place with '--force'.",
        path=path,
    )
