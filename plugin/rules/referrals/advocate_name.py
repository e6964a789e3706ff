"""What strangers read of the member who invites them: a first name, if it is one.

The mail comes from the shop's own sender, and the name is whatever somebody called themselves.
"""

from __future__ import annotations

import unicodedata

LONGEST = 30
_BETWEEN = frozenset(" '’-")
_DOTS = frozenset("ꓸꓹꓺꓻꓼꓽ")
"""Letters, as Unicode has it, that look like dots, commas and colons."""


def shown_name(first_name: str) -> str:
    """The name where it has only letters (of any script), spaces, apostrophes and hyphens; else nothing.

    >>> shown_name("Ma. Luisa"), shown_name("José"), shown_name("Win 500")
    ('', 'José', '')
    """
    name = unicodedata.normalize("NFC", first_name.strip())
    plain = unicodedata.normalize("NFKC", name)
    if not name or len(name) > LONGEST or not unicodedata.category(plain[0]).startswith("L"):
        return ""
    return name if all(_fits(char) for char in name + plain) else ""


def _fits(char: str) -> bool:
    return char in _BETWEEN or (unicodedata.category(char)[0] in "LM" and char not in _DOTS)
