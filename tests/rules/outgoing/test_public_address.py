"""Where outgoing webhooks may go: no form of a private address passes."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.rules.outgoing import public_address
from tests.reached import reach, reaches

PRIVATE_V4 = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.8.9.10", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
]  # fmt: skip
PRIVATE_V6 = [
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "fec0::1", "2001:db8::1", "100::1",
    "2001:0:53aa:64c::1", "64:ff9b:1::a00:1", "::10.0.0.1", "::ffff:0:10.0.0.1", "2001:10::1", "3fff::1", "5f00::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "192.0.3.1", "2606:4700::1111", "2a00:1450:4001::1", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", [*PRIVATE_V4, *PRIVATE_V6, "", "example.com", "1.2.3", "0x7f000001", "2130706433"])
def test_a_special_address_is_not_public(address: str) -> None:
    assert not public_address.is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is(address: str) -> None:
    assert public_address.is_public(address)


@pytest.mark.parametrize("address", PRIVATE_V4)
def test_no_ipv6_address_carries_a_private_one(address: str) -> None:
    number = int(IPv4Address(address))
    mapped = IPv6Address(0xFFFF << 32 | number)
    six_to_four = IPv6Address(0x2002 << 112 | number << 80 | 1)
    translated = IPv6Address(int(IPv6Network("64:ff9b::/96").network_address) | number)
    for carrier in (mapped, six_to_four, translated, IPv6Address(number or 1)):
        assert not public_address.is_public(str(carrier)), carrier
        assert not public_address.is_public(carrier.exploded), carrier


@reaches(public=0.2, private=0.1)
@given(st.ip_addresses(v=4))
def test_an_ipv6_address_that_carries_one_is_public_when_that_one_is(address: IPv4Address) -> None:
    public = public_address.is_public(str(address))
    reach("public" if public else "private")
    for carrier in (IPv6Address(0xFFFF << 32 | int(address)), IPv6Address(0x2002 << 112 | int(address) << 80)):
        assert public_address.is_public(str(carrier)) == public


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://example.com/hooks", ""),
        ("https://example.com:8443/hooks?a=b", ""),
        ("https://xn--bcher-kva.example/", ""),
        ("https://1.1.1.1/", ""),
        ("http://example.com/", "not_https"),
        ("https://10.0.0.1/", "private"),
        ("https://[::1]/", "private"),
        ("https://[::ffff:127.0.0.1]/", "private"),
        ("https://localhost/", "private"),
        ("https://LOCALHOST./", "private"),
        ("https://printer.local/", "private"),
        ("https://metadata.google.internal/", "private"),
        ("https://2130706433/", "private"),
        ("https://0x7f.1/", ""),  # a name to us; what it leads to is judged when we connect
        ("https://user@example.com/", "credentials"),
        ("https://a:b@example.com/", "credentials"),
        ("https://example.com/#part", "fragment"),
        ("ftp://example.com/", "no_address"),
        ("javascript:alert(1)", "no_address"),
        ("https://", "no_address"),
        ("https://example.com:99999/", "no_address"),
        ("https://example.com:0/", "no_address"),
        ("https://exa mple.com/", "no_address"),
        ("https://example.com/\r\nX: y", "no_address"),
        ("https://bücher.example/", "no_address"),
        ("https://[::1/", "no_address"),
        ("https://example.com/" + "a" * 2000, "no_address"),
        ("", "no_address"),
    ],
)
def test_an_address_as_it_was_typed(url: str, why: str) -> None:
    assert public_address.wrong_with(url) == why


def test_what_the_operator_trusts_may_be_private_at_that_port_only() -> None:
    trusted = frozenset({"10.0.0.7:8080"})
    assert public_address.wrong_with("http://10.0.0.7:8080/x", trusted) == ""
    assert public_address.wrong_with("http://10.0.0.7:8081/x", trusted) == "not_https"
    assert public_address.wrong_with("https://10.0.0.7/x", trusted) == "private"
