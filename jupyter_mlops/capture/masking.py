"""Masks secrets in whatever is about to be recorded: text, values, outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.capture.redact import redact
from jupyter_mlops.capture.secretnames import is_secret_name, kind_of_name

if TYPE_CHECKING:
    from collections.abc import Mapping

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
            return {key: self.named(str(key), inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.value(inner) for inner in value]
        return value

    def outputs(self, outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Mask the secrets in nbformat outputs; pictures and sounds stay."""
        return [self._output(output) for output in outputs]

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
