"""A run's artifact on its way to become a registered version, or to be tried out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.registry.binding import MODEL_FORMAT, Binding, binding_of
from jupyter_mlops.registry.origin import Origin

if TYPE_CHECKING:
    from jupyter_mlops.ids import Digest
    from jupyter_mlops.records import ArtifactRecord
    from jupyter_mlops.registry.words import LoadWord
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.tracking.recorded import RecordedRun

_FRAME_FORMAT = "frame"
_READ = "read"


@dataclass(frozen=True)
class Candidate:
    """One artifact of one run."""

    run: RecordedRun
    artifact: ArtifactRecord

    @classmethod
    def of(cls, run: RecordedRun, name: str | None) -> Candidate:
        """Choose a run's artifact; without a name, the only model that it keeps.

        Raises
        ------
        ArtifactNotFoundError
            When there is no such artifact, no model, or more than one.
        """
        if name is not None:
            return cls(run, run.artifact_record(name))
        models = [a for a in run.artifacts.values() if a.format == MODEL_FORMAT]
        if len(models) == 1:
            return cls(run, models[0])
        names = ", ".join(f"'{model.name}'" for model in models)
        raise errors.ArtifactNotFoundError(
            f"Run {run.id} keeps several models: {names}. Name one, as in "
            f"runs:/{run.id}/{models[0].name}."
            if models
            else f"Run {run.id} ({run.name}) keeps no model. Keep one with "
            f"'%%track -s NAME' or mlops.log_model(name, model).",
            run_id=run.id,
            name=name,
        )

    def data(self) -> dict[str, Digest]:
        """Return the digest of each input that is recorded: files read, tables kept."""
        read = {
            file.path: file.digest
            for file in self.run.files
            if file.role == _READ and file.digest is not None
        }
        tables = {
            artifact.name: artifact.digest
            for artifact in self.run.artifacts.values()
            if artifact.format == _FRAME_FORMAT
        }
        return read | tables

    def binding(
        self,
        blobs: Blobs,
        *,
        loader: str | None = None,
        example: Any = None,
        onnx: bool | None = None,
    ) -> Binding:
        """Bind the artifact to its run, environment, data, recipe and signature.

        Parameters
        ----------
        onnx : bool, optional
            With ONNX beside a scikit-learn model, or without; else as the run has it.
        """
        from jupyter_mlops.registry.signatures.matching import signature_for

        described = signature_for(self.run, self.artifact, blobs, example)
        artifact = self.artifact
        if onnx is not None:
            from jupyter_mlops.registry.onnxbeside import with_onnx

            artifact = with_onnx(artifact, blobs, wanted=onnx, **described)
        return binding_of(
            artifact,
            blobs,
            run=self.run.record,
            data=self.data(),
            loader=loader,
            origin=Origin.of(self.run, blobs),
            **described,
        )

    def load(self, blobs: Blobs, word: LoadWord) -> Any:
        """Make the model again without registering it; every byte is verified.

        Raises
        ------
        UnsafeModelError
            When loading would run code that `word` does not allow.
        """
        from jupyter_mlops.registry.loaded import load_bound

        return load_bound(self.binding(blobs, loader=word.loader), blobs, word)

    def check_word(self, *, allow_pickle: bool) -> None:
        """Refuse to register what can only be loaded by unpickling, without the word.

        Raises
        ------
        UnsafeModelError
            When it is such, and the word was not said.
        """
        from jupyter_mlops.registry.flavors import flavor_named

        flavor = self.artifact.meta.get("flavor")
        if allow_pickle or self.artifact.format != MODEL_FORMAT or flavor is None:
            return
        if getattr(flavor_named(flavor), "NEEDS_PICKLE", False):
            raise errors.UnsafeModelError(
                f"'{self.artifact.name}' is a pickle: whoever loads it runs what its "
                f"maker put there, and the version is marked so for ever. If that is "
                f"meant, say it: --allow-pickle, or allow_pickle=True.",
                artifact=self.artifact.name,
                reason="pickle",
            )
