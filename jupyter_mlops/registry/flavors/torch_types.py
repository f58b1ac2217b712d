"""Layers and functions of PyTorch that a model may hold without a word.

Every name is a layer that computes and does nothing else, whatever its attributes.
Not here on purpose: `DataParallel` (devices), parametrizations and old-style weight
norms (hooks), lazy layers (no weights yet), losses (no part of a model).
"""

from __future__ import annotations

_LINES = {
    "activation": "CELU ELU GELU GLU Hardshrink Hardsigmoid Hardswish Hardtanh "
    "LeakyReLU LogSigmoid LogSoftmax Mish MultiheadAttention PReLU RReLU ReLU ReLU6 "
    "SELU SiLU Sigmoid Softmax Softmax2d Softmin Softplus Softshrink Softsign Tanh "
    "Tanhshrink Threshold",
    "batchnorm": "BatchNorm1d BatchNorm2d BatchNorm3d",
    "channelshuffle": "ChannelShuffle",
    "container": "ModuleDict ModuleList ParameterDict ParameterList Sequential",
    "conv": "Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d",
    "distance": "CosineSimilarity PairwiseDistance",
    "dropout": "AlphaDropout Dropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout",
    "flatten": "Flatten Unflatten",
    "fold": "Fold Unfold",
    "instancenorm": "InstanceNorm1d InstanceNorm2d InstanceNorm3d",
    "linear": "Bilinear Identity Linear NonDynamicallyQuantizableLinear",
    "normalization": "GroupNorm LayerNorm LocalResponseNorm RMSNorm",
    "padding": "CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d "
    "ConstantPad3d ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d "
    "ReplicationPad2d ReplicationPad3d ZeroPad1d ZeroPad2d ZeroPad3d",
    "pixelshuffle": "PixelShuffle PixelUnshuffle",
    "pooling": "AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d "
    "AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d AvgPool1d AvgPool2d "
    "AvgPool3d LPPool1d LPPool2d LPPool3d MaxPool1d MaxPool2d MaxPool3d",
    "rnn": "GRU GRUCell LSTM LSTMCell RNN RNNCell",
    "sparse": "Embedding",
    "transformer": "Transformer TransformerDecoder TransformerDecoderLayer "
    "TransformerEncoder TransformerEncoderLayer",
    "upsampling": "Upsample UpsamplingBilinear2d UpsamplingNearest2d",
}

LAYERS = frozenset(
    f"torch.nn.modules.{module}.{name}"
    for module, names in _LINES.items()
    for name in names.split()
)
"""Full names, as a model's structure writes them."""

FUNCTIONS = frozenset(
    (
        *(
            f"torch.nn.functional.{name}"
            for name in (
                "celu", "elu", "gelu", "glu", "hardsigmoid", "hardswish", "hardtanh",
                "leaky_relu", "log_softmax", "logsigmoid", "mish", "normalize", "relu",
                "relu6", "selu", "sigmoid", "silu", "softmax", "softplus", "softsign",
                "tanh",
            )
        ),
        *(f"torch.{name}" for name in ("relu", "sigmoid", "softmax", "tanh")),
    )
)  # fmt: skip
"""Functions that layers keep as attributes: activations."""
