"""The models of a workspace: registered, promoted and found again.

It knows nothing of machine-learning libraries, and runs nothing but the gates that it
is handed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops import errors
from jupyter_mlops.capture.masking import Masker
from jupyter_mlops.registry import state as states
from jupyter_mlops.registry.binding import check_binding
from jupyter_mlops.registry.gates import run_gates
from jupyter_mlops.registry.histories import Histories
from jupyter_mlops.registry.identity import Identity, who_am_i
from jupyter_mlops.registry.state import event_of
from jupyter_mlops.registry.uris import VersionUri, checked_alias, parse_model_uri
from jupyter_mlops.registry.words import LoadWord
from jupyter_mlops.store.layout import checked_file_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.records import ModelEvent, ModelRecord, VersionRecord
    from jupyter_mlops.registry.binding import Binding
    from jupyter_mlops.registry.gates import Gate, GateResult
    from jupyter_mlops.registry.state import ModelState
    from jupyter_mlops.store.blobs import Blobs
    from jupyter_mlops.store.layout import Layout
    from jupyter_mlops.store.manifest import ManifestEntry


class Registry:
    """The registered models of one workspace.

    Parameters
    ----------
    layout : Layout
        Where the histories are.
    blobs : Blobs
        Where the bytes are.
    trusted_loaders : tuple of str
        Loaders that may be called unasked, from the settings.
    """

    def __init__(
        self, layout: Layout, blobs: Blobs, *, trusted_loaders: tuple[str, ...] = ()
    ) -> None:
        self._histories = Histories(layout)
        self._blobs = blobs
        self._trusted_loaders = trusted_loaders

    # --- changing --------------------------------------------------------------------

    def register(
        self,
        name: str,
        binding: Binding,
        *,
        note: str | None = None,
        by: Identity | str | None = None,
    ) -> VersionRecord:
        """Make a model's next version; the same files from the same run, only once.

        Parameters
        ----------
        name : str
            The model; a new one begins with version 1.
        binding : Binding
            What the version is made of; its bytes are in the blobs already.
        by : Identity or str, optional
            Who does it; found out when not told.

        Raises
        ------
        InvalidNameError
            When the name cannot be one.
        BlobNotFoundError
            When the files are not all there.
        """
        checked_file_name(name, "model")
        stored = [binding.files, *(file.digest for file in self._files(binding))]
        document = binding.to_bytes()
        digest = self._blobs.put_bytes(document)
        # A link must not outlive a power cut that its bytes do not.
        self._blobs.settle([*stored, digest])
        who = _identity(by)

        def decide(known: ModelState) -> dict[str, Any] | None:
            if known.same(binding.files, binding.run_id):
                return None
            fields = {"version": known.latest + 1, "binds": digest}
            fields["bound"] = binding.to_json()
            if note is not None:
                fields["note"] = Masker().text(note)
            return _event(states.REGISTERED, name, who, fields)

        now = self._histories.append(name, decide)
        version = now.same(binding.files, binding.run_id)
        assert version is not None, "it was there, or has just been added"
        return version

    def promote(
        self,
        name: str,
        version: int,
        alias: str,
        *,
        gates: Iterable[Gate] = (),
        reason: str | None = None,
        force: bool = False,
        by: Identity | str | None = None,
    ) -> VersionRecord:
        """Move an alias to a version, if every gate lets it pass.

        Parameters
        ----------
        gates : iterable of Gate
            Asked in order; their answers are kept in the history.
        reason : str, optional
            Kept in the history; needed with `force`.
        force : bool
            Move the alias though a gate says no; the history says so for ever.

        Raises
        ------
        PromotionRefusedError
            When a gate says no; the refusal is kept in the history, too.
        ModelNotFoundError, VersionNotFoundError, InvalidNameError
            When there is no such model or version, or the alias cannot be one.
        """
        checked_alias(alias)
        if force and not (reason and reason.strip()):
            raise errors.InvalidInputError(
                "A forced promotion needs a reason, which is kept: reason='…'.",
                model=name,
                version=version,
            )
        answers = run_gates(self.version(name, version), gates)
        failed = [answer for answer in answers if not answer.passed]
        fields: dict[str, Any] = {"alias": alias, "version": version}
        if answers:
            fields["gates"] = [answer.to_json() for answer in answers]
        if reason is not None:
            fields["reason"] = Masker().text(reason)
        if failed and force:
            fields["forced"] = True
        is_refused = bool(failed) and not force
        kind = states.REFUSED if is_refused else states.ALIAS_SET
        event = _event(kind, name, _identity(by), fields)
        now = self._histories.append(name, lambda _: event)
        if is_refused:
            raise _refusal(name, version, alias, failed)
        return now.version(version)

    def remove_alias(
        self, name: str, alias: str, *, by: Identity | str | None = None
    ) -> None:
        """Take an alias away; the version that it pointed to stays.

        Raises
        ------
        ModelNotFoundError, AliasNotFoundError
            When there is no such model or alias.
        """
        who = _identity(by)
        self._histories.state(name)

        def decide(known: ModelState) -> dict[str, Any]:
            version = known.pointed(alias).version
            fields = {"alias": alias, "version": version}
            return _event(states.ALIAS_REMOVED, name, who, fields)

        self._histories.append(name, decide)

    # --- finding ---------------------------------------------------------------------

    def models(self) -> list[ModelRecord]:
        """Return all registered models, by name."""
        return [
            self._histories.state(name).record() for name in self._histories.names()
        ]

    def versions(self, name: str) -> list[VersionRecord]:
        """Return all versions of a model, by number.

        Raises
        ------
        ModelNotFoundError
            When there is no such model.
        ChainBrokenError
            When its history was changed after it was written.
        """
        return self._histories.state(name).versions()

    def version(self, name: str, number: int) -> VersionRecord:
        """Return one version.

        Raises
        ------
        ModelNotFoundError, VersionNotFoundError
            When there is no such model or version.
        """
        return self._histories.state(name).version(number)

    def by_alias(self, name: str, alias: str) -> VersionRecord:
        """Return the version that an alias points to now.

        Raises
        ------
        ModelNotFoundError, AliasNotFoundError
            When there is no such model or alias.
        """
        return self._histories.state(name).pointed(alias)

    def find(self, uri: str) -> VersionRecord:
        """Return the version that a ``models:/`` URI names.

        Raises
        ------
        InvalidUriError, NotFoundError
            When it is none, or names nothing.
        """
        parsed = parse_model_uri(uri)
        if isinstance(parsed, VersionUri):
            return self.version(parsed.model, parsed.version)
        return self.by_alias(parsed.model, parsed.alias)

    def history(self, name: str) -> list[ModelEvent]:
        """Return everything that happened to a model, in order.

        Raises
        ------
        ModelNotFoundError
            When there is no such model.
        """
        return [event_of(link) for link in self._histories.state(name).links]

    def verify(self, name: str) -> int:
        """Read a whole history anew, trusting nothing read before.

        Returns
        -------
        int
            Bytes of a torn last line, which the next event marks; usually 0.

        Raises
        ------
        ChainBrokenError
            At the first line that is not what was written.
        """
        return self._histories.verify(name)

    # --- loading ---------------------------------------------------------------------

    def load(self, version: VersionRecord | str, word: LoadWord | None = None) -> Any:
        """Make a registered model again, after verifying every byte of it.

        Parameters
        ----------
        version : VersionRecord or str
            A version, or its URI.
        word : LoadWord, optional
            What the caller allows beyond what is always safe.

        Raises
        ------
        UnsafeModelError
            When loading would run code, or make objects, that were not allowed.
        BlobCorruptError, BlobNotFoundError
            When the model's bytes are not those that were registered.
        """
        if isinstance(version, str):
            version = self.find(version)
        check_binding(version, self._blobs)
        from jupyter_mlops.registry.flavors import flavor_named

        word = word or LoadWord(trusted_loaders=self._trusted_loaders)
        flavor = flavor_named(version.flavor)
        with tempfile.TemporaryDirectory(prefix="mlops-") as place:
            folder = Path(place)
            self._blobs.restore_folder(version.files, folder)
            return flavor.load(folder, version.flavor_meta, word)

    # --- parts -----------------------------------------------------------------------

    def _files(self, binding: Binding) -> list[ManifestEntry]:
        files = self._blobs.files(binding.files)
        for file in files:
            # Raises when one is missing: such a version could never be loaded.
            self._blobs.size(file.digest)
        return files


def _identity(by: Identity | str | None) -> Identity:
    return by if isinstance(by, Identity) else who_am_i(by)


def _event(
    kind: str, name: str, who: Identity, fields: dict[str, Any]
) -> dict[str, Any]:
    return {
        "kind": kind,
        "model": name,
        "by": who.name,
        "source": who.source,
        **fields,
    }


def _refusal(
    name: str, version: int, alias: str, failed: list[GateResult]
) -> errors.PromotionRefusedError:
    said = "; ".join(f"{item.gate}: {item.detail or 'no'}" for item in failed)
    return errors.PromotionRefusedError(
        f"'{alias}' of '{name}' was not moved to version {version}: {said}. Better the "
        f"model, or force it with a reason, which is kept.",
        model=name,
        version=version,
        alias=alias,
        failed=failed,
    )
