"""A code on a ticket, with what it is worth and what it asks for."""

from plugin.rules.emails.default_design import TypeDefaults
from plugin.rules.emails.default_texts import Text

BLOCK = TypeDefaults(
    texts={
        "title": Text("code.title"),
        "saving": Text("code.saving", {"off": "code.off"}),
        "button": Text("code.button"),
        "explain": Text("code.explain"),
        "minimum": Text("code.minimum", {"minimum": "code.minimum"}),
        "until": Text("code.until", {"date": "code.until"}),
    },
    shown=("code",),
)
