"""Masks secrets in whatever is about to be recorded: text, values, outputs."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.knownsecrets import KnownSecrets
from jupyter_mlops.capture.redact import apart, find_secrets, redact
from jupyter_mlops.capture.secretnames import is_secret_name, kind_of_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlops.capture.secretshapes import Span

_BINARY = ("image/", "audio/", "video/", "application/pdf", "application/octet-stream")
_TEXT_IMAGE = "image/svg+xml"
_BLAND = frozenset({"True", "False", "None", ""})


class Masker:
    """Masks secrets, and counts those that it met.

    Attributes
    ----------
    count : int
        How many secrets were masked so far.
    known_names : tuple of str
        The notebook's variables whose values are masked.
    """

    __slots__ = ("_known", "count", "known_names")

    def __init__(self) -> None:
        self.count = 0
        self.known_names: tuple[str, ...] = ()
        self._known = KnownSecrets()

    def know(self, secrets: Mapping[str, Any]) -> None:
        """Mask these values, by their names, wherever and however they are written."""
        self._known.add(secrets.values())
        self.known_names = (*self.known_names, *secrets)

    @property
    def knows_any(self) -> bool:
        """Whether there are values that are masked wherever they stand."""
        return bool(self._known)

    def known(self, value: Any) -> Any:
        """Mask in a value of JSON's types, however deep, those values alone."""
        if isinstance(value, str):
            return self._known.masked(value)[0]
        if isinstance(value, dict):
            return {self.known(key): self.known(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.known(item) for item in value]
        return value

    def spans(self, text: str) -> list[Span]:
        """Find what is masked in a text, in order, none within another."""
        found = find_secrets(text)
        if self._known:
            found = list(apart([*found, *self._known.spans(text)]))
        return found

    def before_known(self, text: str, end: int) -> int:
        """Move a place in a text to before a known value that it might cut."""
        return self._known.begins_at(text, end) if self._known else end

    def text(self, text: str) -> str:
        """Mask the secrets in code, output or any other text."""
        if self._known:
            text, count = self._known.masked(text)
            self.count += count
        masked, findings = redact(text)
        self.count += len(findings)
        return masked

    def name(self, name: str) -> str:
        """Mask the secrets in a param's, a tag's or a key's name."""
        masked, count = _masked_name(name)
        self.count += count
        return masked

    def named(self, name: str, value: Any) -> Any:
        """Mask a value for its name (``api_key``), else the secrets within it."""
        if isinstance(value, str) and value not in _BLAND and is_secret_name(name):
            self.count += 1
            return f"<masked:{kind_of_name(name)}>"
        return self.value(value)

    def value(self, value: Any) -> Any:
        """Mask the secrets in a value of JSON's types, however deep."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {
                self._key(key): self.named(str(key), inner)
                for key, inner in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.value(inner) for inner in value]
        return value

    def texts(self, value: Any) -> Any:
        """Mask the secrets in a value's texts, whatever names they bear.

        For what describes columns, where a password's column has a type, no secret.
        """
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self._key(key): self.texts(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.texts(inner) for inner in value]
        return value

    def paths(self, entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Mask the secrets in the paths and URLs of files: users, signatures."""
        plain = [dict(entry) for entry in entries]
        together = "\n".join(str(entry["path"]) for entry in plain)
        if self.spans(together):
            for entry in plain:
                entry["path"] = self.text(str(entry["path"]))
        return plain

    def outputs(self, outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Mask the secrets in nbformat outputs; pictures and sounds stay."""
        return [self._output(output) for output in outputs]

    def _key(self, key: Any) -> Any:
        return self.name(key) if isinstance(key, str) else key

    def _output(self, output: dict[str, Any]) -> dict[str, Any]:
        masked = dict(output)
        for field in ("text", "evalue", "traceback"):
            if field in masked:
                masked[field] = self.value(masked[field])
        if "data" in masked:
            masked["data"] = self._bundle(masked["data"])
        return masked

    def _bundle(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {
            mime: self.value(shown)
            if mime == _TEXT_IMAGE or not mime.startswith(_BINARY)
            else shown
            for mime, shown in data.items()
        }


@lru_cache(maxsize=4096)
def _masked_name(name: str) -> tuple[str, int]:
    masked, findings = redact(name)
    return masked, len(findings)
