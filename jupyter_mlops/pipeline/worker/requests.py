"""What a cell's execution is asked for with, and what its answer asks for."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

UNCOUNTED = "mlops-uncounted"
"""Tag of a cell of ours: it is no execution that anybody counts."""


def execute_request(cell: NotebookNode) -> dict[str, Any]:
    """Ask for a cell to be run."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": "execute_request",
        "session": "",
        "username": "",
        "version": "5.5",
    }
    content = {
        "code": cell.source,
        "silent": False,
        "store_history": UNCOUNTED not in cell.metadata.get("tags", []),
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": True,
    }
    return {
        "header": header,
        "msg_id": header["msg_id"],
        "msg_type": header["msg_type"],
        "parent_header": {},
        "metadata": {},
        "content": content,
    }


def asks_exit(reply: dict[str, Any]) -> bool:
    """Tell whether a cell asked for the notebook to end."""
    payload = reply.get("payload") or []
    return any(item.get("source") == "ask_exit" for item in payload)
