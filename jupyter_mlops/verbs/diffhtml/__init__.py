"""The difference of two runs as HTML: no script, nothing from elsewhere."""

from __future__ import annotations

from jupyter_mlops.verbs.diffhtml.page import difference_document, difference_page

__all__ = ["difference_document", "difference_page"]
