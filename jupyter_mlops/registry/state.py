"""What a model's events add up to: its versions, and where its aliases point."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import AliasNotFoundError, VersionNotFoundError, nearest
from jupyter_mlops.records import (
    ModelEvent,
    ModelRecord,
    VersionRecord,
    time_from_micros,
)
from jupyter_mlops.registry.binding import read_binding

if TYPE_CHECKING:
    from jupyter_mlops.registry.binding import Binding

REGISTERED = "registered"
ALIAS_SET = "alias_set"
ALIAS_REMOVED = "alias_removed"
REFUSED = "refused"
GATED = "gated"
VERIFIED = "verified"
APPROVED = "approved"
WITHDRAWN = "withdrawn"
ARCHIVED = "archived"
RESTORED = "restored"
DOWNLOADED = "downloaded"
CARD = "card"
NOTED = "noted"
MOVES = (ALIAS_SET, ALIAS_REMOVED)

_SAME = ("files", "run_id", "flavor", "flavor_meta")
_DESCRIBED = ("signature", "example")
_SEAL_FIELDS = ("n", "t", "kind", "by", "source", "model", "previous", "digest")


@dataclass(slots=True)
class ModelState:
    """One model as its links tell; kinds that are not known change nothing."""

    name: str
    links: list[dict[str, Any]]
    registered: dict[int, dict[str, Any]] = field(init=False)
    aliases: dict[str, int] = field(init=False)
    archived: set[int] = field(init=False)
    verdicts: dict[int, str] = field(init=False)
    notes: dict[int, str] = field(init=False)
    _versions: dict[int, VersionRecord] = field(init=False)
    _aliases_of: dict[int, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.registered = {}
        self.aliases = {}
        self.archived = set()
        self.verdicts = {}
        self.notes = {}
        self._versions = {}
        for link in self.links:
            kind = link.get("kind")
            if kind == REGISTERED:
                self.registered[link["version"]] = link
            elif kind == NOTED:
                self.notes[link["version"]] = link["note"]
            elif kind == ALIAS_SET:
                self.aliases[link["alias"]] = link["version"]
            elif kind == ALIAS_REMOVED:
                self.aliases.pop(link["alias"], None)
            elif kind == ARCHIVED:
                self.archived.add(link["version"])
            elif kind == RESTORED:
                self.archived.discard(link["version"])
            elif kind == VERIFIED:
                self.verdicts[link["version"]] = link["verdict"]
        self._aliases_of = {}
        for alias, number in sorted(self.aliases.items()):
            self._aliases_of[number] = (*self._aliases_of.get(number, ()), alias)

    @property
    def latest(self) -> int:
        """The highest number, 0 when nothing is registered."""
        return max(self.registered, default=0)

    def record(self) -> ModelRecord:
        """Return the model in one line."""
        latest = self.latest
        return ModelRecord(
            name=self.name,
            versions=len(self.registered),
            latest=self.version(latest) if latest else None,
            aliases=dict(sorted(self.aliases.items())),
        )

    def versions(self) -> list[VersionRecord]:
        """Return all versions, by number."""
        return [self.version(number) for number in sorted(self.registered)]

    def version(self, number: int) -> VersionRecord:
        """Return one version.

        Raises
        ------
        VersionNotFoundError
            When there is none of this number.
        """
        found = self._versions.get(number)
        if found is None:
            found = self._versions[number] = self._made(number)
        return found

    def pointed(self, alias: str) -> VersionRecord:
        """Return the version that an alias points to.

        Raises
        ------
        AliasNotFoundError
            When the model has no such alias.
        """
        number = self.aliases.get(alias)
        if number is None:
            hint = nearest(alias, self.aliases) or " It has no aliases yet."
            raise AliasNotFoundError(
                f"The model '{self.name}' has no alias '{alias}'.{hint}",
                model=self.name,
                alias=alias,
            )
        return self.version(number)

    def same(
        self, binding: Binding, *, is_described: bool = False
    ) -> VersionRecord | None:
        """Return the latest version of these very files from this run, if any.

        Parameters
        ----------
        is_described : bool
            It must take and show the same, too.
        """
        wanted = json.loads(binding.to_bytes())
        names = (*_SAME, *(_DESCRIBED if is_described else ()))
        for number, link in reversed(self.registered.items()):
            if all(link["bound"].get(name) == wanted.get(name) for name in names):
                return self.version(number)
        return None

    def _made(self, number: int) -> VersionRecord:
        link = self.registered.get(number)
        if link is None:
            latest = self.latest
            hint = f" Its versions go up to {latest}." if latest else " It has none."
            raise VersionNotFoundError(
                f"The model '{self.name}' has no version {number}.{hint}",
                model=self.name,
                version=number,
            )
        return version_from(link, self.standing(number))

    def standing(self, number: int) -> dict[str, Any]:
        """Return what came to be of a version after it was registered."""
        return {
            "aliases": self._aliases_of.get(number, ()),
            "archived": number in self.archived,
            "verdict": self.verdicts.get(number),
            "note": self._note(number),
        }

    def _note(self, number: int) -> str | None:
        """Return a version's last note; an empty one takes it off."""
        first = self.registered.get(number, {}).get("note")
        return self.notes.get(number, first) or None

    def about(self, number: int) -> list[dict[str, Any]]:
        """Return the links about one version, in order."""
        return [link for link in self.links if link.get("version") == number]


def version_from(link: dict[str, Any], standing: dict[str, Any]) -> VersionRecord:
    """Return a version as the link that registered it, and those after it, tell."""
    return VersionRecord(
        model=link["model"],
        version=link["version"],
        digest=link["binds"],
        registered=time_from_micros(link["t"]),
        by=link["by"],
        by_source=link["source"],
        **standing,
        **read_binding(link["bound"]),
    )


def event_of(link: dict[str, Any]) -> ModelEvent:
    """Return a link in the form that everybody reads."""
    return ModelEvent(
        number=link["n"],
        time=time_from_micros(link["t"]),
        kind=link.get("kind", ""),
        by=link.get("by", ""),
        by_source=link.get("source", ""),
        fields={key: link[key] for key in link if key not in _SEAL_FIELDS},
        digest=link["digest"],
    )
