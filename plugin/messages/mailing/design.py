"""What a mailing says, block by block: its own words, and the code."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, VISIT, Case, Text, Verbatim
from plugin.rules.emails.variables import Variable

DESIGN = DefaultDesign(
    subject=(
        Case("written", "mailing_subject != blank", Verbatim("{{ mailing_subject }}")),
        Case("none", "", Text("mailing.subject")),
    ),
    preheader=(
        Case("written", "mailing_preheader != blank", Verbatim("{{ mailing_preheader }}")),
        Case("none", "", Verbatim("{{ mailing_title }}")),
    ),
    blocks=(
        DefaultBlock(
            "words",
            BlockType.TEXT,
            {
                "title": Verbatim("{{ mailing_title }}"),
                "greeting": GREETING,
                "body": Verbatim("{{ mailing_body }}"),
                "button": VISIT,
            },
            ground="primary",
            align="center",
        ),
        DefaultBlock(
            "code",
            BlockType.CODE,
            {
                "title": None,
                "saving": None,
                "explain": Text("mailing.code"),
                "minimum": None,
                "until": None,
            },
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
        Variable("mailing_subject", "New in the shop this week", blank=True),
        Variable("mailing_preheader", "Three new coffees", blank=True),
        Variable("mailing_title", "Fresh from the roastery"),
        Variable("mailing_body", "Three new coffees are in."),
        Variable("code.value", "FRESH10", blank=True),
        Variable("code.url", "https://example.com/discount/FRESH10", blank=True, address=True),
    ),
)
