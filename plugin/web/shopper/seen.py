"""Who asks on the storefront, as keyed hashes: the same for every page, so that they can be compared.

Of `X-Forwarded-For` only what stands at its right end was written by somebody we trust: by Shopify, and by proxies
of the operator's own, which add what they see. What a visitor sends along stands further left.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from flask import request

from plugin.rules.referrals.referral_marks import Marks, Traces, marks
from plugin.web.current import parts, shop

_HOUSEHOLD_BITS = 64
"""Of an IPv6 address the rest is the visitor's own choice."""


def address() -> str:
    """The visitor's address: the entry at the place TRUSTED_HOPS from the right; empty where none stands there."""
    entries = ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
    hops = parts().settings.trusted_hops
    found = entries[-hops].strip() if len(entries) >= hops else ""
    try:
        return str(ip_address(found))
    except ValueError:
        return ""


def seen_marks() -> Marks:
    """Of the shopper's address, as Shopify passes it on, and their browser."""
    traces = Traces(ip=address(), agent=request.headers.get("User-Agent", ""))
    return marks(parts().marks_key, shop().id, traces)


def seen_from() -> str:
    """The mark by which tries are counted: of the address, or of the network that one visitor has to themselves."""
    return marks(parts().marks_key, shop().id, Traces(ip=network(address()))).ip


def network(found: str) -> str:
    """An IPv4 address as it is; of an IPv6 address its first half, which one visitor has to themselves."""
    if not found or not isinstance(parsed := ip_address(found), IPv6Address):
        return found
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> _HOUSEHOLD_BITS << _HOUSEHOLD_BITS))
