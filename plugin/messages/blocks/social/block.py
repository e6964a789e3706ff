"""Where else the shop is: the links of the brand."""

from plugin.rules.emails.default_design import TypeDefaults

BLOCK = TypeDefaults(shown=("brand.social.size > 0",))
