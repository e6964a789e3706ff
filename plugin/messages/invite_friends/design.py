"""What the invitation to refer friends says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Text

DESIGN = DefaultDesign(
    subject=Text("invite_friends.subject"),
    preheader=Text("invite_friends.intro"),
    blocks=(
        DefaultBlock(
            "hello",
            BlockType.TEXT,
            {"title": Text("invite_friends.title"), "greeting": GREETING, "body": Text("invite_friends.intro")},
            ground="primary",
            align="center",
        ),
        DefaultBlock("invitation", BlockType.INVITATION),
        DefaultBlock(
            "rewards",
            BlockType.BUTTON,
            {"button": Text("blocks.rewards.button")},
            options={"link": "{{ rewards_url }}"},
        ),
        FOOTER,
    ),
)
