"""What the email with a gift says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Case, Text, Verbatim
from plugin.rules.emails.variables import Variable

DESIGN = DefaultDesign(
    subject=(
        Case("reward", "gift != blank", Text("reward_given.subject", {"gift": "gift"})),
        Case("points", "", Text("reward_given.subject_points", {"points": "earned"})),
    ),
    preheader=Verbatim("{{ why }}"),
    blocks=(
        DefaultBlock(
            "hello",
            BlockType.TEXT,
            {"title": Text("reward_given.title"), "greeting": GREETING, "body": Verbatim("{{ why }}")},
            ground="primary",
            align="center",
        ),
        DefaultBlock(
            "gift",
            BlockType.CODE,
            {
                "title": None,
                "saving": (Case("reward", "gift != blank", Verbatim("{{ gift }}")),),
                "extra": (Case("points", "earned > 0", Text("points.gained", {"points": "earned"})),),
                "button": Text("welcome.button"),
                "explain": (
                    Case("code", "code.value != blank", Text("code.explain")),
                    Case("later", "gift != blank", Text("reward_given.later")),
                ),
                "more": (
                    Case("code", "code.value != blank", Verbatim("{{ terms }}")),
                    Case("later", "gift != blank", Verbatim("[{{ rewards_url }}]({{ rewards_url }})")),
                ),
            },
            shown=(),
        ),
        FOOTER,
    ),
    variables=(
        Variable("why", "For your third order"),
        Variable("gift", "Free mug", blank=True),
        Variable("earned", "50 points"),
        Variable("terms", "For orders of ₱500.00 or more.", blank=True),
        Variable("code.value", "SUKI-7F3K", blank=True),
        Variable("code.minimum", "₱500.00", blank=True),
        Variable("code.until", "May 3, 2027", blank=True),
    ),
)
