"""A button of its own: whoever adds one says where it leads."""

from plugin.rules.emails.default_design import TypeDefaults
from plugin.rules.emails.default_texts import Text

BLOCK = TypeDefaults(texts={"button": Text("common.visit_shop")})
