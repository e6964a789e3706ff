"""What the email with the code of a redeemed reward says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Case, Text, Verbatim
from plugin.rules.emails.variables import Variable

REWARD = {"reward": "gift"}
HAS_CODE = "code.value != blank"
INTRO = (
    Case("code", HAS_CODE, Text("reward_ready.intro")),
    Case("none", "", Text("reward_done.done", REWARD)),
)

DESIGN = DefaultDesign(
    subject=(
        Case("code", HAS_CODE, Text("reward_ready.subject", REWARD)),
        Case("none", "", Text("reward_done.subject.done", REWARD)),
    ),
    preheader=INTRO,
    blocks=(
        DefaultBlock(
            "hello",
            BlockType.TEXT,
            {"title": Text("reward_ready.title", REWARD), "greeting": GREETING, "body": INTRO},
            ground="primary",
            align="center",
        ),
        DefaultBlock(
            "code",
            BlockType.CODE,
            {"title": None, "saving": Verbatim("{{ gift }}"), "minimum": None, "more": Verbatim("{{ terms }}")},
            shown=(HAS_CODE,),
        ),
        DefaultBlock("balance", BlockType.BALANCE),
        DefaultBlock(
            "rewards",
            BlockType.BUTTON,
            {"button": Text("blocks.rewards.button")},
            options={"link": "{{ rewards_url }}"},
        ),
        FOOTER,
    ),
    variables=(
        Variable("gift", "Free mug"),
        Variable("terms", "For orders of ₱500.00 or more.", blank=True),
        Variable("code.value", "SUKI-7F3K", blank=True),
        Variable("code.off", "100% off", blank=True),
        Variable("code.until", "May 3, 2027", blank=True),
    ),
)
