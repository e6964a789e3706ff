"""Domains are checked by asking a real DNS server, which answers well, badly or not at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from plugin.actions.sending import check_domain
from plugin.clients.dns.lookups import Dns
from plugin.errors import Refused
from plugin.rules.sending.domain_check import outcome
from plugin.settings import Settings
from sandbox.names import FAILING, REFUSED, SILENT, Zone, serving

DOMAIN, OURS, KEY = "shop.example", "include:_spf.relay.example", "v=DKIM1; k=rsa; p=" + "A" * 390
GOOD = {
    "_suki.shop.example": ["suki-shop=abc"],
    "suki._domainkey.shop.example": [KEY],
    DOMAIN: ["google-site-verification=x", f"v=spf1 {OURS} include:more.example ~all"],
    "_spf.relay.example": ["v=spf1 ip4:192.0.2.1 -all"],
    "more.example": ["v=spf1 a mx -all"],
    "_dmarc.shop.example": ["v=DMARC1; p=quarantine"],
}


@pytest.fixture
def zone() -> Iterator[Zone]:
    with serving(Zone({name: list(texts) for name, texts in GOOD.items()})) as made:
        yield made


@pytest.fixture
def signing(settings: Settings) -> Settings:
    """An installation whose relay signs."""
    return settings.model_copy(update={"dkim_selector": "suki", "dkim_record": KEY, "spf_term": OURS})


def codes(zone: Zone, signing: Settings, seconds: float = 5) -> dict[str, tuple[str, str]]:
    findings = check_domain.find(Dns(zone.resolver(), seconds), signing, DOMAIN, "abc")
    return {one.what: (one.state, one.code) for one in findings}


def test_a_domain_with_everything_is_right_and_nothing_is_asked_twice(zone: Zone, signing: Settings) -> None:
    assert codes(zone, signing) == {
        "owner": ("right", "proved"),
        "dkim": ("right", "published"),
        "spf": ("right", "lets_us"),
        "dmarc": ("right", "quarantine"),
    }
    assert len(zone.asked) == len(set(zone.asked)) == 6


def test_an_empty_domain_lacks_all_four_and_says_what_to_enter(zone: Zone, signing: Settings) -> None:
    zone.texts.clear()
    findings = check_domain.find(Dns(zone.resolver()), signing, DOMAIN, "abc")
    assert {one.state for one in findings} == {"missing"}
    assert [(one.enter.name, one.enter.kind) for one in findings if one.enter] == [
        ("_suki.shop.example", "TXT"),
        ("suki._domainkey.shop.example", "TXT"),
        ("shop.example", "TXT"),
        ("_dmarc.shop.example", "TXT"),
    ]


@pytest.mark.parametrize("trouble", [FAILING, REFUSED, SILENT])
def test_a_server_that_fails_or_is_silent_says_nothing_of_the_domain(
    zone: Zone, signing: Settings, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.clients.dns.lookups.ONE_SECONDS", 0.3)
    zone.trouble = {"_suki.shop.example": trouble, "_spf.relay.example": trouble}
    found = codes(zone, signing)
    assert found["owner"] == ("later", "no_answer") and found["spf"] == ("later", "no_answer")
    assert found["dkim"] == ("right", "published")


def test_a_check_ends_in_time_however_many_are_silent(zone: Zone, signing: Settings) -> None:
    zone.trouble = dict.fromkeys(GOOD, SILENT) | {"_dmarc.shop.example": SILENT}
    found = codes(zone, signing, seconds=0.5)
    assert {state for state, _ in found.values()} == {"later"}
    assert len(zone.asked) < 6
    assert outcome(check_domain.find(Dns(zone.resolver(), 0.0), signing, DOMAIN, "abc")) == "later"


def test_several_spf_records_are_one_too_many(zone: Zone, signing: Settings) -> None:
    zone.texts[DOMAIN].append("v=spf1 -all")
    assert codes(zone, signing)["spf"] == ("wrong", "several")


def test_lookups_are_counted_through_everything_that_is_brought_in(zone: Zone, signing: Settings) -> None:
    zone.texts["more.example"] = ["v=spf1 " + " ".join(f"include:n{number}.example" for number in range(8)) + " -all"]
    zone.texts |= {f"n{number}.example": ["v=spf1 -all"] for number in range(8)}
    assert codes(zone, signing)["spf"] == ("right", "lets_us")  # 2 and 8
    zone.texts["n7.example"] = ["v=spf1 a -all"]
    assert codes(zone, signing)["spf"] == ("wrong", "too_many")


def test_records_that_bring_each_other_in_end(zone: Zone, signing: Settings) -> None:
    zone.texts["more.example"] = ["v=spf1 include:more.example -all"]
    assert codes(zone, signing)["spf"] == ("wrong", "too_many")


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (f"v=spf1 {OURS} include:gone.example -all", ("wrong", "broken")),
        (f"v=spf1 {OURS} ip4:192.0.2.1 = -all", ("wrong", "broken")),
        (f"v=spf1 {OURS} +all", ("wrong", "everybody")),
        (f"v=spf1 {OURS} include:a..b -all", ("wrong", "broken")),
        (f"v=spf1 {OURS} include:{'x' * 64}.example -all", ("wrong", "broken")),
        ("v=spf1 redirect=more.example", ("missing", "without_ours")),
        ("v=spf1 include:through.example -all", ("right", "lets_us")),
        ("V=SPF1 INCLUDE:_SPF.RELAY.EXAMPLE. ~ALL", ("right", "lets_us")),
        (f"v=spf1 -{OURS} -all", ("missing", "without_ours")),
        (f"v=spf1 {OURS} exists:%{{i}}.x.example -all", ("right", "lets_us")),
        (f"v=spf10 {OURS} -all", ("missing", "not_there")),
    ],
)
def test_each_kind_of_spf_record(zone: Zone, signing: Settings, record: str, code: tuple[str, str]) -> None:
    zone.texts[DOMAIN] = [record]
    zone.texts["through.example"] = [f"v=spf1 {OURS} -all"]
    assert codes(zone, signing)["spf"] == code


def test_a_key_behind_an_alias_is_found(zone: Zone, signing: Settings) -> None:
    del zone.texts["suki._domainkey.shop.example"]
    zone.aliases["suki._domainkey.shop.example"] = "key.relay.example"
    zone.texts["key.relay.example"] = [KEY]
    assert codes(zone, signing)["dkim"] == ("right", "published")


def test_a_name_that_has_other_records_has_no_text(zone: Zone, signing: Settings) -> None:
    zone.texts["_dmarc.shop.example"] = []
    assert codes(zone, signing)["dmarc"] == ("missing", "not_there")


def test_an_installation_without_keys_checks_nothing(zone: Zone, settings: Settings) -> None:
    with pytest.raises(Refused):
        check_domain.find(Dns(zone.resolver()), settings, DOMAIN, "abc")
    assert zone.asked == []
