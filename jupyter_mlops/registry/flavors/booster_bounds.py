"""Whether the trees in a file of XGBoost or LightGBM stay within their own arrays.

Both follow a tree's indices without looking; a made-up file could make them read
foreign memory. Looked at in the file, before the library opens it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.registry.flavors.refusals import refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_OUT = "its trees lead out of their own arrays"


def check_xgboost(data: bytes) -> None:
    """Look at the JSON of XGBoost.

    Raises
    ------
    UnsafeModelError
        When it is none, or an index leads out of its array or in a circle.
    """
    import orjson

    try:
        learner = orjson.loads(data)["learner"]
        booster = learner["gradient_booster"]
        model = booster.get("gbtree", booster)["model"]
        sizes = learner["learner_model_param"]
        width = int(sizes["num_feature"])
        groups = max(1, int(sizes["num_class"]), int(sizes.get("num_target", 1)))
        is_fine = _has_its_groups(model, width, groups) and all(
            _is_xgboost_tree(tree, width) for tree in model.get("trees", ())
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise refused(f"it is no JSON of XGBoost ({error})") from error
    if not is_fine:
        raise refused(_OUT)


def _has_its_groups(model: dict[str, Any], width: int, groups: int) -> bool:
    """Tell whether each tree, or weight, adds to a class that there is."""
    if "weights" in model:
        return len(model["weights"]) == (width + 1) * groups
    given = model["tree_info"]
    is_each = len(given) == len(model["trees"])
    return is_each and all(0 <= group < groups for group in given)


def _is_xgboost_tree(tree: dict[str, Any], width: int) -> bool:
    import numpy as np

    left = np.asarray(tree["left_children"], dtype=np.int64)
    right = np.asarray(tree["right_children"], dtype=np.int64)
    features = np.asarray(tree["split_indices"], dtype=np.int64)
    count = int(tree["tree_param"]["num_nodes"])
    if not len(left) == len(right) == len(features) == count:
        return False
    inner = left != -1
    children = np.concatenate([left[inner], right[inner]])
    # With one parent each, and none for the root, there is no circle below it.
    return (
        _are_within(children, 1, count)
        and len(np.unique(children)) == len(children)
        and _are_within(features[inner], 0, width)
        and _has_its_segments(tree, count)
    )


def _has_its_segments(tree: dict[str, Any], count: int) -> bool:
    """Tell whether nodes that split by category find their categories."""
    nodes, begins, sizes = (
        tree.get(f"categories{part}", ()) for part in ("_nodes", "_segments", "_sizes")
    )
    room = len(tree.get("categories", ()))
    return len(nodes) == len(begins) == len(sizes) and all(
        0 <= node < count and begin >= 0 and size >= 0 and begin + size <= room
        for node, begin, size in zip(nodes, begins, sizes, strict=True)
    )


def check_lightgbm(text: str) -> None:
    """Look at the text of a booster of LightGBM.

    Raises
    ------
    UnsafeModelError
        As `check_xgboost`.
    """
    if not text.startswith("tree\n"):
        raise refused("it is no text of LightGBM")
    head, *trees = text.partition("end of trees")[0].split("\nTree=")
    try:
        width = int(_fields(head)["max_feature_idx"]) + 1
        is_fine = all(_is_lightgbm_tree(_fields(tree), width) for tree in trees)
    except (ValueError, KeyError, OverflowError) as error:
        raise refused(f"it is no text of LightGBM ({error})") from error
    if not is_fine:
        raise refused(_OUT)


def _fields(text: str) -> dict[str, str]:
    return dict(_pairs(text))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        key, sign, value = line.partition("=")
        if sign:
            yield key, value


def _is_lightgbm_tree(tree: dict[str, str], width: int) -> bool:
    leaves = int(tree["num_leaves"])
    if leaves < 1 or len(tree["leaf_value"].split()) != leaves:
        return False
    if leaves == 1:
        return True
    features = _integers(tree, "split_feature")
    sides = [_integers(tree, "left_child"), _integers(tree, "right_child")]
    kinds = _integers(tree, "decision_type")
    lengths = {len(part) for part in (features, *sides, kinds)}
    if lengths | {len(tree["threshold"].split())} != {leaves - 1}:
        return False
    children = [child for side in sides for child in side]
    # Leaves count down from -1. With one parent each there is no circle.
    is_closed = all(-leaves <= child < leaves - 1 for child in children)
    return (
        is_closed
        and 0 not in children
        and len(set(children)) == len(children)
        and all(0 <= feature < width for feature in features)
        and _has_its_categories(tree, kinds)
        and _has_its_lines(tree, leaves, width)
    )


def _has_its_categories(tree: dict[str, str], kinds: list[int]) -> bool:
    count = int(tree["num_cat"])
    by_category = [place for place, kind in enumerate(kinds) if kind & 1]
    if not by_category:
        return True
    thresholds = tree["threshold"].split()
    bounds = _integers(tree, "cat_boundaries")
    room = len(tree["cat_threshold"].split())
    return (
        all(0 <= float(thresholds[place]) < count for place in by_category)
        and len(bounds) == count + 1
        and bounds == sorted(bounds)
        and bounds[0] >= 0
        and bounds[-1] <= room
    )


def _has_its_lines(tree: dict[str, str], leaves: int, width: int) -> bool:
    if tree.get("is_linear", "0") == "0":
        return True
    counts = _integers(tree, "num_features")
    features = _integers(tree, "leaf_features")
    return (
        len(counts) == leaves
        and len(tree["leaf_const"].split()) == leaves
        and sum(counts) == len(features) == len(tree["leaf_coeff"].split())
        and all(count >= 0 for count in counts)
        and all(0 <= feature < width for feature in features)
    )


def _integers(tree: dict[str, str], name: str) -> list[int]:
    return [int(part) for part in tree[name].split()]


def _are_within(values: Any, least: int, size: int) -> bool:
    return bool((values >= least).all() and (values < size).all())
