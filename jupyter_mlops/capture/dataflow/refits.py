"""Fitting an estimator anew: scikit-learn then forgets its earlier fits."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.heap import Kind, reach

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.heap import Obj
    from jupyter_mlops.capture.dataflow.run import CellRun

_FITTING = frozenset({"fit", "fit_transform", "fit_predict"})
_PLAIN = (
    ast.Name,
    ast.Attribute,
    ast.Subscript,
    ast.Constant,
    ast.List,
    ast.Tuple,
    ast.Slice,
    ast.UnaryOp,
    ast.expr_context,
    ast.keyword,
    ast.operator,
    ast.unaryop,
)


def forget_fits(run: CellRun, node: ast.Call) -> None:
    """Take back earlier fits of a model that the call ``model.fit(…)`` fits anew.

    Only when that is sure: the call runs unconditionally, on one estimator of
    scikit-learn's own that holds no other and does not start warm, and its arguments
    have nothing to do with it.
    """
    function = node.func
    if not isinstance(function, ast.Attribute) or function.attr not in _FITTING:
        return
    obj = _estimator(run, function.value)
    if obj is None or len(run.layers) > 1 or run.frame is not None:
        return
    if any(one.kind in _FITTED for one in reach((obj,)) if one is not obj):
        return
    arguments = [*node.args, *node.keywords]
    if not all(_is_apart(run, argument, obj) for argument in arguments):
        return
    for writer, verb in list(obj.writers.items()):
        if verb == "fits" and writer != run.index:
            del obj.writers[writer]
            obj.replaced.append((writer, verb, run.index))


_FITTED = frozenset({Kind.ESTIMATOR, Kind.RNG, Kind.INSTANCE, Kind.UNKNOWN})


def _estimator(run: CellRun, node: ast.expr) -> Obj | None:
    if not isinstance(node, ast.Name):
        return None
    binding = run.lookup(node.id)
    if binding is None or binding.wild < len(run.world.wild):
        return None
    if len(binding.value) != 1:
        return None
    (obj,) = binding.value
    is_own = obj.kind is Kind.ESTIMATOR and bool(obj.name) and not obj.is_summary
    return obj if is_own and "warm" not in obj.traits else None


def _is_apart(run: CellRun, node: ast.AST, obj: Obj) -> bool:
    for inner in ast.walk(node):
        if not isinstance(inner, _PLAIN):
            return False
        if isinstance(inner, ast.Name):
            binding = run.lookup(inner.id)
            if binding is None or obj in set(reach(binding.value)):
                return False
    return True
