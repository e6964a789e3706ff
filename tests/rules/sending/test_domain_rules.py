"""What DNS says of a domain, judged: one record at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from plugin.errors import BadInput
from plugin.rules.sending import domain_check, spf
from plugin.rules.sending.domain_check import Answer, Entry, Finding, Walk
from plugin.rules.sending.sender import Sender, wanted

OURS = "include:_spf.relay.example"
KEY = "v=DKIM1; k=rsa; p=MIGfMA0G"
NOW = datetime(2026, 11, 30, tzinfo=UTC)


def found(*texts: str) -> Answer:
    return Answer("found", texts)


NONE, LATER = Answer("none"), Answer("later")


@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [
        (found("suki-shop=abc"), "right", "proved"),
        (found("other", " suki-shop=abc "), "right", "proved"),
        (found("suki-shop=abd"), "wrong", "other_text"),
        (NONE, "missing", "not_there"),
        (LATER, "later", "no_answer"),
    ],
)
def test_a_domain_is_the_shop_s_when_it_carries_the_text_made_for_it(answer: Answer, state: str, code: str) -> None:
    one = domain_check.owner("shop.example", "abc", answer)
    assert (one.state, one.code) == (state, code)
    assert (one.enter is None) == (state == "right")


@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [
        (found(KEY), "right", "published"),
        (found("v=DKIM1;k=rsa;p=MIGf MA0G"), "right", "published"),
        (found("p=MIGfMA0G"), "right", "published"),
        (found("v=DKIM1; p="), "wrong", "revoked"),
        (found("v=DKIM1; p=other"), "wrong", "other_key"),
        (found(KEY, "v=DKIM1; p=other"), "wrong", "several"),
        (found("hello"), "wrong", "not_there"),
        (NONE, "missing", "not_there"),
        (LATER, "later", "no_answer"),
    ],
)
def test_the_relay_s_key_is_published_once_and_unchanged(answer: Answer, state: str, code: str) -> None:
    one = domain_check.dkim("shop.example", "suki", KEY, answer)
    assert (one.state, one.code) == (state, code)
    if one.enter:
        assert one.enter == Entry("suki._domainkey.shop.example", "TXT", KEY)


def test_where_the_relay_keeps_the_key_itself_the_shop_points_to_it() -> None:
    one = domain_check.dkim("shop.example", "suki", "key.relay.example", NONE)
    assert one.enter == Entry("suki._domainkey.shop.example", "CNAME", "key.relay.example")
    assert domain_check.dkim("shop.example", "suki", "key.relay.example", found(KEY)).state == "right"


@pytest.mark.parametrize(
    ("walk", "state", "code"),
    [
        (Walk(("v=spf1 x ~all",), 3, ours=True), "right", "lets_us"),
        (Walk(("v=spf1 ~all",)), "missing", "without_ours"),
        (Walk(()), "missing", "not_there"),
        (Walk(("v=spf1 -all", "v=spf1 ~all")), "wrong", "several"),
        (Walk(("v=spf1",), 11, ours=True), "wrong", "too_many"),
        (Walk(("v=spf1",), 10, ours=True), "right", "lets_us"),
        (Walk(("v=spf1 +all",), ours=True, everybody=True), "wrong", "everybody"),
        (Walk(("v=spf1",), ours=True, broken="include:gone.example"), "wrong", "broken"),
        (Walk(("v=spf1",), later=True), "later", "no_answer"),
    ],
)
def test_spf_lets_the_relay_in_by_one_record_of_ten_lookups(walk: Walk, state: str, code: str) -> None:
    one = domain_check.of_spf("shop.example", OURS, walk)
    assert (one.state, one.code) == (state, code)


@pytest.mark.parametrize(
    ("record", "enter"),
    [
        ("v=spf1 include:a.example -all", f"v=spf1 include:a.example {OURS} -all"),
        ("v=spf1 a mx", f"v=spf1 a mx {OURS} ~all"),
        ("v=spf1 redirect=b.example", f"v=spf1 {OURS} redirect=b.example"),
        ("", f"v=spf1 {OURS} ~all"),
    ],
)
def test_what_is_to_be_entered_keeps_what_is_there(record: str, enter: str) -> None:
    assert spf.with_ours(record, OURS) == enter


def dmarc(*answers: Answer, domain: str = "mail.shop.example") -> tuple[str, str]:
    names = domain_check.dmarc_names(domain)
    padded = [*answers, *([NONE] * len(names))][: len(names)]
    one = domain_check.dmarc(domain, list(zip(names, padded, strict=True)))
    return one.state, one.code


def test_dmarc_is_the_domain_s_own_or_that_of_the_one_above() -> None:
    assert domain_check.dmarc_names("mail.shop.example") == ["_dmarc.mail.shop.example", "_dmarc.shop.example"]
    assert dmarc(found("v=DMARC1; p=none")) == ("advice", "none")
    assert dmarc(found("v=DMARC1; p=reject; rua=mailto:a@b.example")) == ("right", "reject")
    assert dmarc(NONE, found("v=DMARC1; p=reject")) == ("right", "reject")
    assert dmarc(NONE, found("v=DMARC1; p=reject; sp=none")) == ("advice", "none")
    assert dmarc(found("v=DMARC1; p=quarantine"), LATER) == ("right", "quarantine")
    assert dmarc(found("v=DMARC1; p=none", "v=DMARC1; p=reject")) == ("wrong", "several")
    assert dmarc(found("v=DMARC1")) == ("wrong", "no_policy")
    assert dmarc(found("v=DMARC1; p=everything")) == ("wrong", "no_policy")
    assert dmarc(found("hello"), NONE) == ("missing", "not_there")
    assert dmarc(NONE, LATER) == ("later", "no_answer")


def finding(state: str) -> Finding:
    return Finding("spf", state, "x")  # type: ignore[arg-type]  # any of them


def test_a_domain_is_used_when_all_is_right_and_falls_back_when_something_breaks() -> None:
    sender = Sender("rewards@shop.example")
    right = sender.after([finding("right"), finding("advice")], NOW)
    assert (right.used, right.broken_at) == (True, None)
    unsure = right.after([finding("right"), finding("later")], NOW + timedelta(days=1))
    assert (unsure.used, unsure.broken_at) == (True, None)
    broken = unsure.after([finding("later"), finding("missing")], NOW + timedelta(days=2))
    assert (broken.used, broken.broken_at) == (False, NOW + timedelta(days=2))
    still = broken.after([finding("wrong")], NOW + timedelta(days=3))
    assert still.broken_at == NOW + timedelta(days=2)
    assert Sender.read({"sender": still.stored()}) == still
    mended = still.after([finding("right")], NOW + timedelta(days=4))
    assert (mended.used, mended.broken_at) == (True, None)
    never = sender.after([finding("missing")], NOW)
    assert (never.used, never.broken_at) == (False, None)


@pytest.mark.parametrize(
    "text",
    ["ana@gmail.com", "ana@MAIL.RU", "x@shop.myshopify.com", "x@relay.example", "x@sub.relay.example", "x@localhost",
     "no address", "a@b@c.example", "x@", "ä@shop.example", "x@shop.example\r\nBcc: y@z.example", "x@[192.0.2.1]"],
)  # fmt: skip
def test_an_address_that_can_never_be_a_shop_s_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        wanted(text, ["relay.example", ""])
    assert set(refused.value.fields) == {"address"}


def test_a_domain_in_another_script_is_written_as_dns_does() -> None:
    assert wanted(" rewards@Bäckerei.example ", []).address == "rewards@xn--bckerei-5wa.example"
