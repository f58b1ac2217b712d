"""Registered models: what they are made of, who let them through, how to load them."""

from jupyter_mlops.registry.binding import Binding, binding_of
from jupyter_mlops.registry.gates import Gate, GateResult
from jupyter_mlops.registry.identity import Identity, who_am_i
from jupyter_mlops.registry.registry import Registry
from jupyter_mlops.registry.uris import AliasUri, RunUri, VersionUri, parse_uri
from jupyter_mlops.registry.words import LoadWord

__all__ = [
    "AliasUri",
    "Binding",
    "Gate",
    "GateResult",
    "Identity",
    "LoadWord",
    "Registry",
    "RunUri",
    "VersionUri",
    "binding_of",
    "parse_uri",
    "who_am_i",
]
