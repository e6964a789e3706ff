"""Words, with a title and a button where they are wanted."""

from plugin.rules.emails.default_design import TypeDefaults

BLOCK = TypeDefaults(options={"link": "{{ shop_url }}"})
