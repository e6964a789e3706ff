"""What stands behind the @ of an address, as mail servers write it; and addresses that break the rules but exist."""

from __future__ import annotations

import re

import idna

_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
)


def ascii_domain(domain: str) -> str:
    """The domain in ASCII; one in another script by IDNA 2008, in which ß and ς are letters of their own.

    Raises ValueError for what is no domain. Sources: RFC 5891, UTS 46 (non-transitional) for capitals and widths.

    >>> ascii_domain("Straße.example"), ascii_domain("r3---sn.Example.com")
    ('xn--strae-oqa.example', 'r3---sn.example.com')
    """
    plain = domain.lower()
    if len(plain) > 253:
        raise ValueError("the domain is too long")
    if not plain.isascii() or any(label.startswith("xn--") for label in plain.split(".")):
        plain = idna.encode(domain, uts46=True).decode("ascii")
    if not _HOST.fullmatch(plain):
        raise ValueError("not a domain")
    return plain


def breaks_the_rules(local: str) -> bool:
    """Whether dots stand where RFC 5321 (4.1.2) allows none; Japanese carriers gave such addresses out.

    >>> breaks_the_rules("ana..maria"), breaks_the_rules("ana."), breaks_the_rules("ana.maria")
    (True, True, False)
    """
    return local.startswith(".") or local.endswith(".") or ".." in local
