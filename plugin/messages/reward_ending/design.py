"""What the email about a code that ends soon says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Case, Text, Verbatim
from plugin.rules.emails.variables import Variable

UNTIL = {"date": "code.until"}

DESIGN = DefaultDesign(
    subject=(
        Case("reward", "gift != blank", Text("reward_ending.subject.reward", {"reward": "gift", **UNTIL})),
        Case("next_order", "", Text("reward_ending.subject.next_order", {"off": "code.off", **UNTIL})),
    ),
    preheader=Text("reward_ending.intro", UNTIL),
    blocks=(
        DefaultBlock(
            "hello",
            BlockType.TEXT,
            {"title": Text("reward_ending.title"), "greeting": GREETING, "body": Text("reward_ending.intro", UNTIL)},
            ground="primary",
            align="center",
        ),
        DefaultBlock(
            "code",
            BlockType.CODE,
            {
                "title": None,
                "saving": (
                    Case("reward", "gift != blank", Verbatim("{{ gift }}")),
                    Case("next_order", "", Text("code.saving", {"off": "code.off"})),
                ),
                "more": Verbatim("{{ terms }}"),
            },
            shown=("code.value != blank",),
        ),
        DefaultBlock(
            "rewards",
            BlockType.BUTTON,
            {"button": Text("blocks.rewards.button")},
            options={"link": "{{ rewards_url }}"},
        ),
        FOOTER,
    ),
    variables=(
        Variable("gift", "Free mug", blank=True),
        Variable("terms", "For orders of ₱500.00 or more.", blank=True),
        Variable("code.value", "SUKI-7F3K", blank=True),
        Variable("code.off", "10%", blank=True),
        Variable("code.minimum", "₱500.00", blank=True),
        Variable("code.until", "May 3, 2027"),
    ),
)
