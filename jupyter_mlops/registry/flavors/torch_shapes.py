"""Whether layers that hand their weights to one native kernel have them as it expects.

Most layers check shapes as they compute. These do not in every place; a made-up file
could make them read foreign memory.
"""

from __future__ import annotations

from typing import Any

from jupyter_mlops.registry.flavors.described import class_name
from jupyter_mlops.registry.flavors.refusals import refused


def check_shapes(model: Any) -> None:
    """Compare each such layer with a new one of its size, which holds no memory.

    Raises
    ------
    UnsafeModelError
        When weights are missing, added or of another shape.
    """
    for module in model.modules():
        make = _MAKERS.get(class_name(module))
        if make is None:
            continue
        try:
            is_fine = _shapes(make(module)) == _shapes(module)
        except Exception as error:
            # Attributes that a layer of theirs never has.
            raise _misshapen(module) from error
        if not is_fine:
            raise _misshapen(module)


def settle(model: Any) -> None:
    """Have recurrent layers find their weights; after their shapes were checked."""
    for module in model.modules():
        names = vars(module).get("_flat_weights_names")
        if names is not None:
            module._init_flat_weights()  # noqa: SLF001 - theirs, as when they unpickle


def _shapes(module: Any) -> Any:
    found = {name: tuple(item.shape) for name, item in module.named_parameters()}
    return found, vars(module).get("_flat_weights_names")


def _recurrent(module: Any) -> Any:
    more = {"proj_size": module.proj_size} if module.mode == "LSTM" else {}
    return type(module)(
        module.input_size,
        module.hidden_size,
        module.num_layers,
        bias=module.bias,
        bidirectional=module.bidirectional,
        device="meta",
        **more,
    )


def _attention(module: Any) -> Any:
    return type(module)(
        module.embed_dim,
        module.num_heads,
        bias=module.in_proj_bias is not None,
        add_bias_kv=module.bias_k is not None,
        kdim=module.kdim,
        vdim=module.vdim,
        device="meta",
    )


def _transformer_layer(module: Any) -> Any:
    return type(module)(
        module.self_attn.embed_dim,
        module.self_attn.num_heads,
        module.linear1.out_features,
        bias=module.linear1.bias is not None,
        device="meta",
    )


_ROOM = "torch.nn.modules"
_MAKERS = {
    f"{_ROOM}.rnn.LSTM": _recurrent,
    f"{_ROOM}.rnn.GRU": _recurrent,
    f"{_ROOM}.activation.MultiheadAttention": _attention,
    f"{_ROOM}.transformer.TransformerEncoderLayer": _transformer_layer,
    f"{_ROOM}.transformer.TransformerDecoderLayer": _transformer_layer,
}


def _misshapen(module: Any) -> Exception:
    return refused(f"the weights of a {type(module).__name__} do not fit it")
