"""Whether the trees in a loaded estimator stay within their own arrays.

scikit-learn follows a tree's indices without looking; a made-up file could make it
read foreign memory (https://github.com/scikit-learn/scikit-learn/pull/34558). Nothing
is imported here: an estimator has brought its library along.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import UnsafeModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def check_bounds(model: Any) -> None:
    """Look at every tree that `model` holds, however deep.

    Raises
    ------
    UnsafeModelError
        When an index leads out of its array, or in a circle.
    """
    for item in _reached(model):
        check = _check_for(type(item))  # type: ignore[arg-type]  # classes have hashes
        if check is None:
            continue
        try:
            is_fine = check(item)
        except Exception as error:
            # Shapes and fields that a tree of theirs never has.
            raise _out_of_bounds(item) from error
        if not is_fine:
            raise _out_of_bounds(item)


def _reached(model: Any) -> Iterator[Any]:
    seen: dict[int, Any] = {}
    waiting = [model]
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        # Kept, so that no other object gets its id meanwhile.
        seen[id(item)] = item
        yield item
        waiting.extend(_parts(item))


def _parts(item: Any) -> list[Any]:
    if isinstance(item, str | bytes | int | float | bool) or item is None:
        return []
    if isinstance(item, dict):
        return list(item.values())
    if isinstance(item, list | tuple | set | frozenset):
        return list(item)
    if type(item).__module__ == "numpy":
        is_nested = getattr(item, "dtype", None) == object  # noqa: E721 - a dtype, which equals the type
        return list(item.ravel()) if is_nested else []
    return list(getattr(item, "__dict__", {}).values())


@lru_cache(maxsize=512)
def _check_for(kind: type) -> Callable[[Any], bool] | None:
    for modules, names, check in _CHECKS:
        if any(
            parent.__module__ in modules and (not names or parent.__name__ in names)
            for parent in kind.__mro__
        ):
            return check
    return None


def _is_tree_closed(tree: Any) -> bool:
    count = tree.node_count
    # Asked first: the arrays below are views of as many nodes as it says.
    if not 0 <= count <= tree.capacity:
        return False
    left, right = tree.children_left, tree.children_right
    inner = left != -1
    return _lead_onwards(left, right, inner, count) and _are_within(
        tree.feature[inner], tree.n_features
    )


def _is_predictor_closed(predictor: Any) -> bool:
    nodes = predictor.nodes
    if len(nodes) == 0:
        return False
    inner = nodes["is_leaf"] == 0
    by_category = nodes["is_categorical"][inner] != 0
    bitsets = nodes["bitset_idx"][inner][by_category]
    room = min(
        len(predictor.raw_left_cat_bitsets), len(predictor.binned_left_cat_bitsets)
    )
    left, right = nodes["left"], nodes["right"]
    return _lead_onwards(left, right, inner, len(nodes)) and _are_within(bitsets, room)


def _lead_onwards(left: Any, right: Any, inner: Any, count: int) -> bool:
    """Tell whether children stand behind their parents: then there is no circle."""
    own = inner.nonzero()[0]
    for side in (left, right):
        children = side[own]
        # Behind a parent, so none is below 0.
        if not ((children > own).all() and (children < count).all()):
            return False
    return True


def _are_within(indices: Any, size: int) -> bool:
    return bool((indices >= 0).all() and (indices < size).all())


def _is_space_tree_closed(tree: Any) -> bool:
    data, order, nodes, bounds, *_ = state = tree.__getstate__()
    rows, count = len(data), len(nodes)
    levels, said = state[5:7]
    inner = (nodes["is_leaf"] == 0).nonzero()[0]
    return (
        said == count == 2**levels - 1
        and bounds.shape[1:] == (count, data.shape[1])
        and len(order) == rows
        and _are_within(order, rows)
        and _are_within(nodes["idx_start"], rows + 1)
        and _are_within(nodes["idx_end"], rows + 1)
        and bool((nodes["idx_start"] <= nodes["idx_end"]).all())
        and _are_within(2 * inner + 2, count)
    )


def _has_its_features(estimator: Any) -> bool:
    tree = getattr(estimator, "tree_", None)
    # Not fitted: there is nothing to lead anywhere.
    return tree is None or bool(tree.n_features == estimator.n_features_in_)


def _share_features(forest: Any) -> bool:
    # The forest looks at the columns once, its trees take them as they come.
    if not hasattr(forest, "estimators_"):
        return True
    limit = forest.n_features_in_
    return all(tree.n_features_in_ <= limit for tree in forest.estimators_)


def _is_boosting_even(boosting: Any) -> bool:
    if not hasattr(boosting, "estimators_"):
        return True
    trees = boosting.estimators_
    limit = boosting.n_features_in_
    return trees.shape[1] == boosting.n_trees_per_iteration_ and all(
        tree.n_features_in_ == limit and tree.tree_.n_outputs == 1
        for tree in trees.ravel()
    )


def _has_its_bins(boosting: Any) -> bool:
    if not hasattr(boosting, "_predictors"):
        return True
    size = boosting.n_features_in_
    if len(boosting._bin_mapper.is_categorical_) != size:  # noqa: SLF001 - theirs, and there is no other way in
        return False
    return all(
        _are_within(tree.nodes["feature_idx"], size)
        for turn in boosting._predictors  # noqa: SLF001 - as above
        for tree in turn
    )


def _is_lightgbm_closed(booster: Any) -> bool:
    from jupyter_mlops.registry.flavors.booster_bounds import check_lightgbm

    check_lightgbm(booster.model_to_string(num_iteration=-1))
    return True


def _is_xgboost_closed(booster: Any) -> bool:
    from jupyter_mlops.registry.flavors.booster_bounds import check_xgboost

    check_xgboost(bytes(booster.save_raw("json")))
    return True


_HIST = "sklearn.ensemble._hist_gradient_boosting"
_CHECKS: tuple[tuple[tuple[str, ...], tuple[str, ...], Callable[[Any], bool]], ...] = (
    (("sklearn.tree._tree",), ("Tree",), _is_tree_closed),
    ((f"{_HIST}.predictor",), ("TreePredictor",), _is_predictor_closed),
    (
        ("sklearn.neighbors._kd_tree", "sklearn.neighbors._ball_tree"),
        (),
        _is_space_tree_closed,
    ),
    (("lightgbm.basic",), ("Booster",), _is_lightgbm_closed),
    (("xgboost.core",), ("Booster",), _is_xgboost_closed),
    (("sklearn.tree._classes",), ("BaseDecisionTree",), _has_its_features),
    (("sklearn.ensemble._forest",), ("BaseForest",), _share_features),
    (("sklearn.ensemble._iforest",), ("IsolationForest",), _share_features),
    (("sklearn.ensemble._gb",), ("BaseGradientBoosting",), _is_boosting_even),
    (
        (f"{_HIST}.gradient_boosting",),
        ("BaseHistGradientBoosting",),
        _has_its_bins,
    ),
)
"""Modules, classes (any when empty) and what must hold for their instances."""


def _out_of_bounds(item: Any) -> UnsafeModelError:
    kind = type(item)
    return UnsafeModelError(
        f"The model was refused: a {kind.__module__}.{kind.__name__} in it leads out "
        f"of its own arrays. The file was damaged or made up; register the model again "
        f"from the run that made it.",
        type=kind,
        reason="out of bounds",
    )
