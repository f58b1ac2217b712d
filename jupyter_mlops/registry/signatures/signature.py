"""A signature: which columns, or which shape of array, a model takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import BlobCorruptError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.ids import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    Attributes
    ----------
    kind : str
        integer, float, bool, category, text, time, duration or other.
    optional : bool
        It had missing values when the model was fitted; it may be left out.
    categories : tuple or None
        Those that are known; None: any.
    closed : bool
        No other category can be: its data type says so.
    """

    name: str
    kind: str
    dtype: str
    optional: bool = False
    categories: tuple[Any, ...] | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What a model takes: a table (`columns`), or an array (`shape`, `dtype`).

    Attributes
    ----------
    container : str
        What it was fitted to: ``pandas.DataFrame``, ``numpy.ndarray`` and the like.
    columns : tuple of Column
        Empty when it takes arrays.
    shape : tuple or None
        None where any length is fine: (None, 28, 28).
    outputs : tuple of Column
        What it was fitted to predict; empty when that is not known.
    """

    container: str
    columns: tuple[Column, ...] = ()
    shape: tuple[int | None, ...] | None = None
    dtype: str | None = None
    outputs: tuple[Column, ...] = ()

    @property
    def names(self) -> list[str]:
        """The names of its columns, in order."""
        return [column.name for column in self.columns]

    def converted(self, data: Any) -> Any:
        """Return data as the model takes it, converted where that is safe.

        Raises
        ------
        InvalidModelInputError
            When it is not what the model takes; all columns at fault are named.
        """
        if self.columns:
            from jupyter_mlops.registry.signatures.tables import table_from

            return table_from(data, self)
        from jupyter_mlops.registry.signatures.arrays import array_from

        return array_from(data, self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Signature:
        """Read a document; what is unknown in it is passed over.

        Raises
        ------
        ValueError, TypeError, KeyError
            When it is none.
        """
        shape = document.get("shape")
        found = cls(
            container=str(document.get("container", "")),
            columns=tuple(_column(item) for item in document.get("inputs", ())),
            shape=None if shape is None else tuple(_length(item) for item in shape),
            dtype=None if document.get("dtype") is None else str(document["dtype"]),
            outputs=tuple(_column(item) for item in document.get("outputs", ())),
        )
        if not found.columns and found.shape is None:
            raise ValueError("it has neither columns nor a shape")
        return found

    @classmethod
    def read(cls, data: bytes, digest: Digest) -> Signature:
        """Read a blob that holds one.

        Raises
        ------
        BlobCorruptError
            When it does not.
        """
        import orjson

        try:
            return cls.from_json(orjson.loads(data))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BlobCorruptError(
                f"Blob {digest} describes no model's input: {error}.", digest=digest
            ) from error

    def to_json(self) -> dict[str, Any]:
        """Return the document."""
        document: dict[str, Any] = {"version": 1, "container": self.container}
        if self.columns:
            document["inputs"] = [_shown(column) for column in self.columns]
        else:
            document |= {"shape": list(self.shape or ()), "dtype": self.dtype}
        if self.outputs:
            document["outputs"] = [_shown(column) for column in self.outputs]
        return document

    def to_bytes(self) -> bytes:
        """Return the document's one text."""
        import orjson

        return orjson.dumps(self.to_json(), option=orjson.OPT_SORT_KEYS)


def _column(item: Mapping[str, Any]) -> Column:
    categories = item.get("categories")
    return Column(
        name=str(item["name"]),
        kind=str(item["kind"]),
        dtype=str(item["dtype"]),
        optional=bool(item.get("optional", False)),
        categories=None if categories is None else tuple(categories),
        closed=bool(item.get("closed", False)),
    )


def _length(value: Any) -> int | None:
    return None if value is None else int(value)


def _shown(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "kind": column.kind,
        "dtype": column.dtype,
    }
    if column.optional:
        found["optional"] = True
    if column.categories is not None:
        found["categories"] = list(column.categories)
    if column.closed:
        found["closed"] = True
    return found
