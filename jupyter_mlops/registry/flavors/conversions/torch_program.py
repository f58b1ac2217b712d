"""PyTorch modules as programs of ``torch.export``: they need no class to be loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import NotExportableError
from jupyter_mlops.registry.flavors import library, torch

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.registry.signatures import Signature
    from jupyter_mlops.registry.words import LoadWord

FILE = "model.pt2"
_ROWS = 3


def write_program(
    folder: Path, meta: dict[str, Any], signature: Signature | None, word: LoadWord
) -> None:
    """Put a program in the place of a module's weights and structure.

    Raises
    ------
    UnsafeModelError
        When the module needs classes that were not allowed.
    NotExportableError
        When its input is not known, or PyTorch cannot make a program of it.
    """
    model = torch.load(folder, meta, word)
    library_ = library("torch", torch.EXTRA)
    example = example_for(model, signature)
    try:
        # Any number of rows.
        shapes = ({0: library_.export.Dim.DYNAMIC},)
        program = library_.export.export(
            model.eval(), (example,), dynamic_shapes=shapes
        )
    except Exception as error:
        said = " ".join(str(error).split())[:300]
        raise NotExportableError(
            f"PyTorch cannot make a program of this {meta.get('class')}: {said}",
            reason=said,
        ) from error
    for path in folder.iterdir():
        path.unlink()
    library_.export.save(program, folder / FILE)


def example_for(model: Any, signature: Signature | None) -> Any:
    """Make an input of the right shape, of zeros.

    Raises
    ------
    NotExportableError
        When neither the signature nor the first layer tells the shape.
    """
    library_ = library("torch", torch.EXTRA)
    if signature is not None:
        shape = signature.shape or (None, len(signature.columns))
        if None not in shape[1:]:
            kind = getattr(library_, str(signature.dtype), library_.float32)
            kind = library_.float32 if kind == library_.float64 else kind
            return library_.zeros((_ROWS, *shape[1:]), dtype=kind)
    for layer in model.modules():
        if hasattr(layer, "in_features"):
            return library_.zeros((_ROWS, layer.in_features))
        if not hasattr(layer, "_modules") or not layer._modules:  # noqa: SLF001 - PyTorch's name for the parts of a module
            break
    raise NotExportableError(
        "What this module takes is not known. Register it with an example of its "
        "input: register_model(…, example=…).",
        reason="no signature",
    )
