"""Masks secrets in whatever is about to be recorded: text, values, outputs."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.redact import find_secrets, redact
from jupyter_mlops.capture.secretnames import is_secret_name, kind_of_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BINARY = ("image/", "audio/", "video/", "application/pdf", "application/octet-stream")
_TEXT_IMAGE = "image/svg+xml"
_BLAND = frozenset({"True", "False", "None", ""})


class Masker:
    """Masks secrets, and counts those that it met.

    Attributes
    ----------
    count : int
        How many secrets were masked so far.
    """

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0

    def text(self, text: str) -> str:
        """Mask the secrets in code, output or any other text."""
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
        if find_secrets(together):
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
