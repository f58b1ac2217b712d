"""The models of a workspace: registered, promoted and found again.

It knows nothing of machine-learning libraries, and runs nothing but the gates that it
is handed. What happens to versions otherwise is in `Standing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.masking import Masker
from jupyter_mlops.registry import state as states
from jupyter_mlops.registry.binding import binding_from, check_binding
from jupyter_mlops.registry.gates import run_gates
from jupyter_mlops.registry.histories import Histories
from jupyter_mlops.registry.identity import identified
from jupyter_mlops.registry.promotion import (
    Promotion,
    check_promotable,
    check_reason,
    event,
)
from jupyter_mlops.registry.standing import Standing
from jupyter_mlops.registry.state import event_of
from jupyter_mlops.registry.uris import VersionUri, checked_alias, parse_model_uri
from jupyter_mlops.registry.words import LoadWord
from jupyter_mlops.store.layout import checked_file_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_mlops.errors import ChainBrokenError
    from jupyter_mlops.records import ModelEvent, ModelRecord, VersionRecord
    from jupyter_mlops.registry.approvals import Demand
    from jupyter_mlops.registry.binding import Binding
    from jupyter_mlops.registry.gates import Gate
    from jupyter_mlops.registry.identity import Identity
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
    on_link : callable, optional
        Told a model's state whenever an event was added to its history.

    Attributes
    ----------
    standing : Standing
        Approvals, verdicts and the like of versions.
    """

    def __init__(
        self,
        layout: Layout,
        blobs: Blobs,
        *,
        trusted_loaders: tuple[str, ...] = (),
        on_link: Callable[[ModelState], None] | None = None,
    ) -> None:
        self._histories = Histories(layout, on_link)
        self.standing = Standing(self._histories)
        self._blobs = blobs
        self._trusted_loaders = trusted_loaders

    # --- changing --------------------------------------------------------------------

    def register(
        self,
        name: str,
        binding: Binding,
        *,
        note: str | None = None,
        is_described: bool = False,
        by: Identity | str | None = None,
    ) -> VersionRecord:
        """Make a model's next version; the same files from the same run, only once.

        What is there already gets the note, as an event of its own; the earlier note
        stays in the history.

        Parameters
        ----------
        name : str
            The model; a new one begins with version 1.
        binding : Binding
            What the version is made of; its bytes are in the blobs already.
        note : str, optional
            Of the version; an empty one takes it off.
        is_described : bool
            The caller has said what it takes: with another signature or example the
            same files are another version.
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
        stored += [part for part in binding.parts.values() if self._blobs.exists(part)]
        document = binding.to_bytes()
        digest = self._blobs.put_bytes(document)
        # A link must not outlive a power cut that its bytes do not.
        self._blobs.settle([*stored, digest])
        who = identified(by)
        noted = {} if note is None else {"note": Masker().text(note)}

        def decide(known: ModelState) -> dict[str, Any] | None:
            same = known.same(binding, is_described=is_described)
            if same is None:
                fields = {"version": known.latest + 1, "binds": digest}
                fields["bound"] = binding.to_json()
                return event(states.REGISTERED, name, who, fields | noted)
            if noted.get("note", same.note or "") == (same.note or ""):
                return None
            return event(states.NOTED, name, who, {"version": same.version, **noted})

        now = self._histories.append(name, decide)
        version = now.same(binding, is_described=is_described)
        assert version is not None, "it was there, or has just been added"
        return version

    def promote(
        self,
        name: str,
        version: int,
        alias: str,
        *,
        gates: Iterable[Gate] = (),
        demand: Demand | None = None,
        reason: str | None = None,
        force: bool = False,
        seen: int | None = None,
        by: Identity | str | None = None,
    ) -> Promotion:
        """Move an alias to a version, if every gate lets it pass.

        Parameters
        ----------
        gates : iterable of Gate
            Asked in order; their answers are kept in the history.
        demand : Demand, optional
            How many people must have approved.
        reason : str, optional
            Kept in the history; needed with `force`.
        force : bool
            Move the alias though a gate says no; the history says so for ever.
        seen : int, optional
            Where the caller saw the alias point, 0 for nowhere: the alias is only
            moved from there. Without it, from where it points now.

        Raises
        ------
        PromotionRefusedError
            When a gate says no, or the alias was moved by somebody else while the
            gates were asked; the refusal is kept in the history, too.
        ModelNotFoundError, VersionNotFoundError, InvalidNameError
            When there is no such model or version, or the alias cannot be one.
        """
        checked_alias(alias)
        if force:
            check_reason(reason, name, version)
        known = self._histories.state(name)
        check_promotable(known, version)
        attempt = Promotion(
            version=version,
            alias=alias,
            was=known.aliases.get(alias) if seen is None else seen or None,
            who=identified(by),
            answers=run_gates(known.version(version), gates),
            demand=demand,
            reason=reason,
            is_forced=force,
        )
        now = self._histories.append(name, attempt.decide)
        if attempt.is_refused:
            raise attempt.refusal(name)
        attempt.record = now.version(version)
        return attempt

    def remove_alias(
        self, name: str, alias: str, *, by: Identity | str | None = None
    ) -> None:
        """Take an alias away; the version that it pointed to stays.

        Raises
        ------
        ModelNotFoundError, AliasNotFoundError
            When there is no such model or alias.
        """
        who = identified(by)
        self._histories.state(name)

        def decide(known: ModelState) -> dict[str, Any]:
            version = known.pointed(alias).version
            fields = {"alias": alias, "version": version}
            return event(states.ALIAS_REMOVED, name, who, fields)

        self._histories.append(name, decide)

    # --- finding ---------------------------------------------------------------------

    def models(self) -> list[ModelRecord]:
        """Return all registered models, by name.

        Raises
        ------
        ChainBrokenError
            When a history was changed after it was written.
        """
        return self._histories.summaries.records()

    def survey(self) -> tuple[list[ModelRecord], dict[str, ChainBrokenError]]:
        """Return all models that can be trusted, and by name why others cannot."""
        return self._histories.summaries.survey()

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

    def moves(self, name: str) -> list[dict[str, Any]]:
        """Return the links that moved an alias of a model, or took one away."""
        links = self._histories.state(name).links
        return [link for link in links if link.get("kind") in states.MOVES]

    def passed_before(self, name: str, key: str) -> dict[str, Any] | None:
        """Return the answer of a gate that was passed with the same key, if any."""
        for link in reversed(self._histories.state(name).links):
            for answer in link.get("gates", ()):
                if answer.get("key") == key and answer["passed"]:
                    return dict(answer)
        return None

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
        from jupyter_mlops.registry.loaded import load_bound

        word = word or LoadWord(trusted_loaders=self._trusted_loaders)
        return load_bound(binding_from(version), self._blobs, word)

    # --- parts -----------------------------------------------------------------------

    def _files(self, binding: Binding) -> list[ManifestEntry]:
        files = self._blobs.files(binding.files)
        for file in files:
            # Raises when one is missing: such a version could never be loaded.
            self._blobs.size(file.digest)
        return files
