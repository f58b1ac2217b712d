"""What a model takes and gives: read from its document, and held against data."""

from jupyter_mlops.registry.signatures.compatibility import differences
from jupyter_mlops.registry.signatures.signature import Signature

__all__ = ["Signature", "differences"]
