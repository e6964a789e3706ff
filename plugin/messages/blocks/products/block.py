"""Products for this member: a slot, silent until something recommends them."""

from plugin.rules.emails.default_design import TypeDefaults
from plugin.rules.emails.default_texts import Text

BLOCK = TypeDefaults(
    texts={"title": Text("blocks.products.title"), "button": Text("common.visit_shop")},
    shown=("products.size > 0",),
    options={"link": "{{ shop_url }}"},
)
