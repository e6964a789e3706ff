"""A button of its own."""

from plugin.rules.emails.default_design import TypeDefaults
from plugin.rules.emails.default_texts import Text

BLOCK = TypeDefaults(texts={"button": Text("common.visit_shop")}, options={"link": "{{ shop_url }}"})
