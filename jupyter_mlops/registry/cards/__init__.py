"""Model cards: what is known of a version, for people, as Markdown and as a page.

Figures come from the record; a few fields are people's to fill. Nothing is drawn here.
"""

from jupyter_mlops.registry.cards.carried import (
    Carried,
    carried_fields,
    carried_words,
    confirmed_fields,
    own_fields,
)
from jupyter_mlops.registry.cards.facts import CardFacts, RecipeCell
from jupyter_mlops.registry.cards.fields import FIELDS, checked_field, read_fields
from jupyter_mlops.registry.cards.markdown import write_markdown, write_text
from jupyter_mlops.registry.cards.page import write_body, write_page

__all__ = [
    "FIELDS",
    "CardFacts",
    "Carried",
    "RecipeCell",
    "carried_fields",
    "carried_words",
    "checked_field",
    "confirmed_fields",
    "own_fields",
    "read_fields",
    "write_body",
    "write_markdown",
    "write_page",
    "write_text",
]
