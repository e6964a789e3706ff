"""Where outgoing webhooks may go: to public addresses of the internet, and nowhere else.

Asked of the address that is connected to, after DNS: a name may say anything, and something else a moment later.
Special ranges: IANA's registries (RFC 6890), which `ipaddress` knows, and IPv6 forms that carry an IPv4 address.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

LONGEST = 2000
_NAT64: Final = IPv6Network("64:ff9b::/96")
_UNICAST: Final = IPv6Network("2000::/3")
"""All that is given out of IPv6; special ranges within it are what `ipaddress` knows, and these."""
_SPECIAL: Final = (IPv6Network("3fff::/20"), IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))


def wrong_with(url: str, allowed: frozenset[str] = frozenset()) -> str:
    """What is wrong with an endpoint's address as it was typed, as a code; empty if nothing is.

    `allowed` are places (`host:port`) that the operator trusts: they may be private, and without TLS.
    """
    if len(url) > LONGEST or not url.isascii() or any(sign.isspace() or not sign.isprintable() for sign in url):
        return "no_address"
    parts = split(url)
    if parts is None or not parts.hostname:
        return "no_address"
    if parts.username is not None or parts.password is not None:
        return "credentials"
    if "#" in url:
        return "fragment"
    if place(parts) in allowed:
        return ""
    if parts.scheme != "https":
        return "not_https"
    return "" if _may_be_public(parts.hostname) else "private"


def split(url: str) -> SplitResult | None:
    """The parts of an http(s) address; None for anything else, a port out of range too."""
    try:
        parts = urlsplit(url)
        return parts if parts.scheme in ("http", "https") and parts.port != 0 else None
    except ValueError:
        return None


def port(parts: SplitResult) -> int:
    """The port that is connected to."""
    return parts.port or (443 if parts.scheme == "https" else 80)


def place(parts: SplitResult) -> str:
    """`host:port`, as operators write down what they trust."""
    return ":".join((parts.hostname or "", str(port(parts))))


def is_public(address: str) -> bool:
    """Whether an IP address is one that anybody on the internet reaches; False for what is none."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return _is_public_v4(found) if isinstance(found, IPv4Address) else _is_public_v6(found)


def _is_public_v4(address: IPv4Address) -> bool:
    ordinary = address.is_global and not address.is_multicast and not address.is_reserved
    return ordinary and not any(address in one for one in _SPECIAL)


def _is_public_v6(address: IPv6Address) -> bool:
    """An address that carries an IPv4 address is as public as that one."""
    carried = address.ipv4_mapped or address.sixtofour
    if address in _NAT64:
        carried = IPv4Address(int(address) & 0xFFFFFFFF)
    if carried is not None:
        return _is_public_v4(carried)
    if address.teredo is not None or address.scope_id is not None:
        return False
    return address in _UNICAST and address.is_global and not any(address in one for one in _SPECIAL)


def _may_be_public(host: str) -> bool:
    """Whether a name or an address as typed could be public: what is known to be private is refused at the form."""
    try:
        ip_address(host)
    except ValueError:
        labels = host.rstrip(".").lower().split(".")
        return len(labels) > 1 and labels[-1] not in ("localhost", "local", "internal", "lan", "home", "corp")
    return is_public(host)
