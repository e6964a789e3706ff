"""The friend's page and the advocate's through Shopify's proxy; rules and review in the panel."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.rules.referrals.referral_rules import CodeOffer, Referrals, Thanks
from plugin.rules.words.catalogues import knows
from plugin.rules.words.referrals import STATES
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.referrals import referrals
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.web.forms.referrals import form_of
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.referral_front import RULES, Front, add_member, look_at_claims, publish, words_of
from tests.web.session import Browser

SETTINGS, REVIEW = "/app/programme/referrals", "/app/programme/referrals/review"


def test_no_such_word_and_another_shops_word(
    friend: Front, word: str, engine: Engine, settings: Settings, other_shop: ShopRow
) -> None:
    assert friend.get("/proxy/r/nobody").status_code == 404
    make_open(engine, settings, other_shop)
    publish(engine, other_shop, RULES)
    other = Front(friend.client.application, settings, other_shop.domain, "")
    assert "no longer valid" in other.get(f"/proxy/r/{word}").text
    key = other.key("/proxy/r/nobody") if "key" in other.get("/proxy/r/nobody").text else "x"
    assert other.claim(word, "ben@example.org", key=key).status_code in (404, 422)


def test_the_offer_in_words(friend: Front, word: str, engine: Engine, shop: ShopRow) -> None:
    for offer, said in (
        (CodeOffer(kind="free_shipping"), "Free shipping"),
        (CodeOffer(kind="amount_off", value=5), "$5.00 off"),
    ):
        publish(engine, shop, Referrals(enabled=True, friend=offer))
        assert said in words_of(friend.get(f"/proxy/r/{word}"))
    assert "off" in words_of(friend.get(f"/proxy/r/{word}", locale="fil"))


def test_the_advocate_sees_the_link_and_friends_not_by_name(
    ana: Front, friend: Front, word: str, engine: Engine
) -> None:
    assert "No one has used your link yet." in ana.get("/proxy/friends").text
    friend.claim(word, "ben@example.org")
    look_at_claims(friend)
    page = words_of(ana.get("/proxy/friends"))
    assert "b•••@example.org" in page
    assert "ben@example.org" not in page
    assert "Got the code" in page
    assert "Sign in" in friend.get("/proxy/friends").text
    assert "/apps/suki/friends" in ana.get("/proxy/rewards").text


def test_switched_off_there_is_no_page_and_no_link(ana: Front, engine: Engine, shop: ShopRow) -> None:
    publish(engine, shop, Referrals())
    assert ana.get("/proxy/friends").status_code == 404
    assert "/apps/suki/friends" not in ana.get("/proxy/rewards").text


def test_every_state_has_words_for_staff_and_for_the_advocate() -> None:
    for state in STATES:
        assert knows(f"staff.referral.{state}")
        assert knows(f"shopper.friends.state.{state}")


def test_the_rules_are_saved_as_the_next_version(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    browser.page(SETTINGS)
    rules = Referrals(
        enabled=True, friend=CodeOffer(kind="amount_off", value=5), advocate=Thanks(points=7), per_month=None
    )
    assert browser.post(SETTINGS, based_on="1", note="try", **form_of(rules)).status_code == 303
    with shop_transaction(engine, shop.id) as conn:
        assert programmes.current(conn, shop.id, datetime.now(UTC)).programme.referrals == rules
    assert 'value="7"' in browser.page(SETTINGS)
    again = browser.post(SETTINGS, based_on="1", **form_of(Referrals()))  # a second tab in which nothing was changed
    assert "done=unchanged" in again.location


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"referrals.friend.value": "101"}, "Enter a percentage up to 100."),
        (
            {"referrals.friend.kind": "amount_off", "referrals.friend.value": "1.005"},
            "Use up to 2 decimals for amounts in USD.",
        ),
        ({"referrals.friend.value": "-1"}, "Enter a number greater than 0."),
        ({"referrals.refuse_score": "10"}, "isn't lower than the review score"),
        ({"referrals.advocate.points": ""}, "Enter a value."),
        ({"referrals.claims_per_day": "0"}, "Enter 1 or more."),
        ({"referrals.friend.kind": "gold"}, "Select one of the options."),
    ],
)
def test_what_is_wrong_stands_at_its_field(browser: Browser, change: dict[str, str], words: str) -> None:
    answer = browser.post(SETTINGS, based_on="1", **(form_of(RULES) | change))
    assert answer.status_code == 422
    assert words in html.unescape(answer.text)


def test_staff_review_decide_and_block(
    browser: Browser, engine: Engine, shop: ShopRow, app: Flask, settings: Settings
) -> None:
    publish(engine, shop, RULES)
    ana = add_member(engine, shop, 7, "ana@example.com")
    front = Front(app, settings, shop.domain, "7")
    word = re.search(r"/apps/suki/r/(\w+)", front.get("/proxy/friends").text)[1]  # type: ignore[index]
    friend = Front(app, settings, shop.domain, "")
    friend.claim(word, "ben@example.org")
    look_at_claims(friend)
    with shop_transaction(engine, shop.id) as conn:
        (made,) = referrals.of_advocate(conn, shop.id, ana)
        held = {"state": "held", "score": 55, "signs": ["same_address", "just_joined"], "why": ["in_review", {}]}
        referrals.change(conn, shop.id, made.id, held, datetime.now(UTC))
    page = browser.page(REVIEW)
    assert "Both gave the same street address." in page
    assert "Review 1 referral" in browser.page(SETTINGS)
    assert "No referrals yet" in browser.page(REVIEW, state="paid")
    answer = browser.post(
        "/app/programme/referrals/decide", id=str(made.id), what="approved", note="a cousin", state="held"
    )
    assert "done=decided" in answer.headers["Location"]
    with shop_transaction(engine, shop.id) as conn:
        after = referrals.get(conn, shop.id, made.id)
    assert after is not None
    assert (after.decision, after.note) == ("approved", "a cousin")
    assert "Decision pending" in browser.page(REVIEW)
    with shop_transaction(engine, shop.id) as conn:
        jobs.drop(conn, shop.id, "referral", made.id)
    assert "Decision pending" not in browser.page(REVIEW)
    assert "No referrals selected" in browser.page(REVIEW, done="nothing_chosen")
    assert "done=nothing_chosen" in browser.post("/app/programme/referrals/decide", what="refused").headers["Location"]
    assert browser.post("/app/programme/referrals/decide", id="1", what="gold").status_code == 404
    wrong = browser.post("/app/programme/referrals/block", value="no domain")
    assert wrong.status_code == 422
    assert "Enter a domain such as example.com" in wrong.text
    assert browser.post("/app/programme/referrals/block", value="member:999999").status_code == 422
    stranger = browser.post("/app/programme/referrals/block", value="Ben@Example.ORG")
    assert (stranger.status_code, "block everyone at this domain, enter @example.org" in stranger.text) == (
        422,
        True,
    )
    browser.post("/app/programme/referrals/block", value="@Example.ORG", note="sells codes")
    browser.post("/app/programme/referrals/block", value="Ana@example.com")
    assert 'value="ana@example.com"' in browser.page(REVIEW, block=f"member:{ana}")
    page = browser.page(REVIEW, state="all")
    assert "ana@example.com</s-link>" in page
    assert "domain:example.org" in page
    assert front.get("/proxy/friends").status_code == 404
    assert friend.get(f"/proxy/r/{word}").status_code == 404
    assert browser.post("/app/programme/referrals/unblock", value="domain:example.org").status_code == 303
    assert browser.post("/app/programme/referrals/unblock", value="domain:example.org").status_code == 404
    log = browser.page("/app/activity/staff")
    assert "Reviewed referral" in log
    assert "Blocked: " in log


def test_another_shop_decides_nothing_here(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow, app: Flask, settings: Settings
) -> None:
    publish(engine, shop, RULES)
    ana = add_member(engine, shop, 7, "ana@example.com")
    front = Front(app, settings, shop.domain, "7")
    word = re.search(r"/apps/suki/r/(\w+)", front.get("/proxy/friends").text)[1]  # type: ignore[index]
    Front(app, settings, shop.domain, "").claim(word, "ben@example.org")
    look_at_claims(front)
    with shop_transaction(engine, shop.id) as conn:
        (made,) = referrals.of_advocate(conn, shop.id, ana)
    answer = other_browser.post("/app/programme/referrals/decide", id=str(made.id), what="refused")
    assert "nothing_chosen" in answer.headers["Location"]
    assert "ben@" not in other_browser.page(REVIEW, state="all")
    assert other_browser.post("/app/programme/referrals/block", value=f"member:{ana}").status_code == 422
    page = browser.page(f"/app/members/{ana}")
    assert "Invited a friend" in page
