"""The member's own link for friends."""

from plugin.rules.emails.default_design import TypeDefaults
from plugin.rules.emails.default_texts import Text

BLOCK = TypeDefaults(
    texts={
        "title": Text("blocks.invitation.title"),
        "body": Text("blocks.invitation.body"),
        "button": Text("blocks.invitation.button"),
    },
    shown=("invitation_url != blank",),
    options={"link": "{{ invitation_url }}"},
)
