"""A question to answer: a slot, silent until a survey asks one."""

from plugin.rules.emails.default_design import TypeDefaults
from plugin.rules.emails.default_texts import Text

BLOCK = TypeDefaults(
    texts={
        "title": Text("blocks.survey.title"),
        "body": Text("blocks.survey.body"),
        "button": Text("blocks.survey.button"),
    },
    shown=("survey_url != blank",),
    options={"link": "{{ survey_url }}"},
)
