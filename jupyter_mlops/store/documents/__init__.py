"""Files in YAML that people write: read so that each fault can be shown where it is."""

from jupyter_mlops.store.documents.document import (
    Document,
    DocumentFaultError,
    Path,
    Place,
    read_document,
)
from jupyter_mlops.store.documents.faults import fault_at
from jupyter_mlops.store.documents.fields import (
    Field,
    FieldFaultError,
    boolean,
    mapping,
    read_fields,
    text,
    wrong,
)

__all__ = [
    "Document",
    "DocumentFaultError",
    "Field",
    "FieldFaultError",
    "Path",
    "Place",
    "boolean",
    "fault_at",
    "mapping",
    "read_document",
    "read_fields",
    "text",
    "wrong",
]
