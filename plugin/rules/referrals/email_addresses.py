"""E-mail addresses of friends: well-formed or not, and whether two of them are the same mailbox."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from plugin.rules.mail_domains import breaks_the_rules

LONGEST = 254
"""Source: RFC 5321, 4.5.3.1.3, less the brackets."""
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]"
    r"[A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
"""What HTML's e-mail fields take, with a dot in the domain."""
_CARRIERS = frozenset({"docomo.ne.jp", "ezweb.ne.jp", "au.com"})
"""They gave out addresses with two dots in a row, or one before the @."""
_GOOGLES = frozenset({"gmail.com", "googlemail.com"})
ALIKE = 0.88
SHORTEST_COMPARED = 5


def well_formed(text: str) -> bool:
    """Whether a mail could be sent there. Dots where mail allows none are a slip, but not at Japanese carriers."""
    local, _, domain = text.partition("@")
    dots = breaks_the_rules(local) and domain.lower() not in _CARRIERS
    return len(text) <= LONGEST and not dots and _ADDRESS.fullmatch(text) is not None


def mailbox(email: str) -> str:
    """The address without what leads to the same mailbox: capitals, +tags, and the dots of Gmail.

    >>> mailbox("Juan.Cruz+shop@GoogleMail.com")
    'juancruz@gmail.com'
    """
    local, _, domain = email.strip().casefold().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _GOOGLES:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def domain_of(email: str) -> str:
    """What stands behind the @, in small letters."""
    return email.strip().casefold().rpartition("@")[2]


def similar(one: str, other: str) -> bool:
    """Whether two different mailboxes look like one person's: the same letters, or nearly."""
    first, second = _letters(one), _letters(other)
    if min(len(first), len(second)) < SHORTEST_COMPARED or mailbox(one) == mailbox(other):
        return False
    return first == second or SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE


def _letters(email: str) -> str:
    return re.sub(r"[\W\d_]+", "", mailbox(email).partition("@")[0])


def masked(email: str) -> str:
    """The address as others may see it: `j•••@example.com`."""
    local, at, domain = email.partition("@")
    return f"{local[:1]}•••@{domain}" if at else ""
