"""What the question about an order says, block by block."""

from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.default_design import FOOTER, DefaultBlock, DefaultDesign
from plugin.rules.emails.default_texts import GREETING, Text, Verbatim
from plugin.rules.emails.variables import Variable

ORDER = {"order": "order_name"}

DESIGN = DefaultDesign(
    subject=Text("survey_asked.subject", ORDER),
    preheader=Verbatim("{{ question }}"),
    blocks=(
        DefaultBlock(
            "question",
            BlockType.TEXT,
            {
                "title": Verbatim("{{ question }}"),
                "greeting": GREETING,
                "body": Text("survey_asked.intro", ORDER),
                "button": Text("blocks.survey.button"),
            },
            ground="primary",
            align="center",
            options={"link": "{{ account_url }}"},
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
        Variable("order_name", "#1001"),
        Variable("question", "How likely are you to recommend Aling Nena to a friend?"),
    ),
)
