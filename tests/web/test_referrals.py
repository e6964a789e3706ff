"""The friend's page and the advocate's through Shopify's proxy; rules and review in the panel."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.programme.save_referrals import form_of
from plugin.clients.shopper_texts import catalogue
from plugin.rules.programme import Programme
from plugin.rules.referrals import referral_words
from plugin.rules.referrals.referral_rules import CodeOffer, Referrals, Thanks
from plugin.rules.types import Buyer
from plugin.settings import Settings
from plugin.store import jobs, members, programmes, referrals
from plugin.store.database.db import shop_transaction
from plugin.store.rewards import redemptions
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.session import Browser
from tests.web.test_shopper import Storefront

RULES = Referrals(enabled=True, minimum_order=25)
SETTINGS, REVIEW = "/app/programme/referrals", "/app/programme/referrals/review"
BROWSER = {"User-Agent": "Mozilla", "X-Forwarded-For": "203.0.113.5, 10.0.0.1"}


def publish(engine: Engine, shop: ShopRow, rules: Referrals) -> None:
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(referrals=rules), "test", "", datetime.now(UTC) - timedelta(hours=1))


def add_member(engine: Engine, shop: ShopRow, number: int, email: str, first: str = "Ana") -> int:
    with shop_transaction(engine, shop.id) as conn:
        buyer = Buyer(customer_id=number, email=email, first_name=first, last_name="Reyes")
        members.add(conn, shop.id, [buyer], {buyer: datetime.now(UTC) - timedelta(days=9)})
        return members.by_customers(conn, shop.id, [number])[number].id


class Front(Storefront):
    """A storefront whose visitors have an address and a browser."""

    def send(self, path: str, **form: str) -> Any:
        return self.client.post(f"{path}?{self._query()}", data=form, headers=BROWSER)

    def _query(self) -> str:
        from urllib.parse import urlencode

        return urlencode(self.query())

    def claim(self, word: str, email: str, key: str = "") -> Any:
        return self.send(f"/proxy/r/{word}", email=email, key=key or self.key(f"/proxy/r/{word}"))


@pytest.fixture
def ana(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Front:
    """The advocate, signed in."""
    make_open(engine, settings, shop)
    publish(engine, shop, RULES)
    add_member(engine, shop, 7, "ana@example.com", "<b>{{ Ana }}</b>")
    return Front(app, settings, shop.domain, "7")


@pytest.fixture
def word(ana: Front) -> str:
    """Of the advocate's link."""
    found = re.search(r"/apps/suki/r/(\w+)", ana.get("/proxy/friends").text)
    assert found
    return found[1]


@pytest.fixture
def friend(ana: Front) -> Front:
    """Somebody who is not signed in."""
    return Front(ana.client.application, ana.settings, ana.domain, "")


def words_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def test_a_friend_sees_the_offer_and_gets_a_code(friend: Front, word: str, engine: Engine, shop: ShopRow) -> None:
    page = friend.get(f"/proxy/r/{word}")
    assert page.status_code == 200
    assert page.headers["Content-Type"] == "application/liquid"
    assert not {"Set-Cookie", "Content-Security-Policy"} & set(page.headers.keys())
    assert "<script" not in page.text
    assert "{{" not in page.text
    assert "<b>" not in page.text
    assert "10% off" in words_of(page)
    assert "From $25.00 up." in words_of(page)
    answer = friend.claim(word, "ben@example.org")
    assert answer.status_code == 200
    assert "Your code is being made" in answer.text
    assert "ben@example.org" in answer.text
    again = html.unescape(re.search(r'href="/apps/suki(/r/code/[^"]+)"', answer.text)[1])  # type: ignore[index]
    path, _, query = again.partition("?mark=")
    assert "is being made" in friend.get(f"/proxy{path}", mark=query).text
    with shop_transaction(engine, shop.id) as conn:
        (made,) = referrals.of_advocate(conn, shop.id, 1)
        redemptions.issued(
            conn, shop.id, made.redemption_id or 0, "gid://shopify/DiscountCodeNode/1", datetime.now(UTC)
        )
        code = redemptions.get(conn, shop.id, made.redemption_id or 0)
        assert code is not None
    shown = friend.get(f"/proxy{path}", mark=query)
    assert code.code in shown.text
    assert f'href="/discount/{code.code}"' in shown.text
    assert friend.get(f"/proxy{path}", mark="0" * 32).status_code == 404
    assert friend.get(f"/proxy{path}", mark="é").status_code == 404
    assert friend.get("/proxy/r/code/99999999999999999999", mark=query).status_code == 404


@pytest.mark.parametrize(
    ("email", "status", "said"),
    [
        ("ana@example.com", 422, "This is your own link."),
        ("ANA+1@example.com", 422, "This is your own link."),
        ("ben@", 422, "Please check the e-mail address"),
        ("", 422, "Please check the e-mail address"),
        ("<script>alert(1)</script>@example.org", 422, "Please check the e-mail address"),
        ("x" * 5000 + "@example.org", 422, "Please check the e-mail address"),
        ("dan@example.com", 422, "this address has been here before"),
    ],
)
def test_what_cannot_be_claimed_says_why(
    friend: Front, word: str, engine: Engine, shop: ShopRow, email: str, status: int, said: str
) -> None:
    friend.claim(word, "dan@example.com")
    answer = friend.claim(word, email)
    assert answer.status_code == status
    assert said in words_of(answer)
    assert "<script" not in answer.text
    with shop_transaction(engine, shop.id) as conn:
        assert len(referrals.of_advocate(conn, shop.id, 1)) == 1


def test_a_huge_body_and_a_key_of_ones_own_are_refused(friend: Front, word: str) -> None:
    assert friend.send(f"/proxy/r/{word}", email="a" * 300_000, key="x").status_code == 413
    answer = friend.claim(word, "ben@example.org", key="0" * 48)
    assert answer.status_code == 422
    assert "too old" in answer.text


def test_one_address_may_try_ten_times_an_hour(friend: Front, word: str) -> None:
    for _ in range(10):
        assert friend.claim(word, "nonsense").status_code == 422
    answer = friend.claim(word, "ben@example.org")
    assert answer.status_code == 429
    assert "wait an hour" in answer.text


def test_no_such_word_and_another_shops_word(
    friend: Front, word: str, engine: Engine, settings: Settings, other_shop: ShopRow
) -> None:
    assert friend.get("/proxy/r/nobody").status_code == 404
    make_open(engine, settings, other_shop)
    publish(engine, other_shop, RULES)
    other = Front(friend.client.application, settings, other_shop.domain, "")
    assert "no longer works" in other.get(f"/proxy/r/{word}").text
    key = other.key("/proxy/r/nobody") if "key" in other.get("/proxy/r/nobody").text else "x"
    assert other.claim(word, "ben@example.org", key=key).status_code in (404, 422)


def test_the_offer_in_words(friend: Front, word: str, engine: Engine, shop: ShopRow) -> None:
    for offer, said in (
        (CodeOffer(kind="free_shipping"), "Free shipping"),
        (CodeOffer(kind="amount_off", value=5), "$5.00 off"),
    ):
        publish(engine, shop, Referrals(enabled=True, friend=offer))
        assert said in words_of(friend.get(f"/proxy/r/{word}"))
    assert "na bawas" in words_of(friend.get(f"/proxy/r/{word}", locale="fil"))


def test_the_advocate_sees_the_link_and_friends_not_by_name(ana: Front, friend: Front, word: str) -> None:
    assert "Nobody has used your link so far." in ana.get("/proxy/friends").text
    friend.claim(word, "ben@example.org")
    page = words_of(ana.get("/proxy/friends"))
    assert "b•••@example.org" in page
    assert "ben@example.org" not in page
    assert "Has the code" in page
    assert "Sign in" in friend.get("/proxy/friends").text
    assert "/apps/suki/friends" in ana.get("/proxy/rewards").text


def test_switched_off_there_is_no_page_and_no_link(ana: Front, engine: Engine, shop: ShopRow) -> None:
    publish(engine, shop, Referrals())
    assert ana.get("/proxy/friends").status_code == 404
    assert "/apps/suki/friends" not in ana.get("/proxy/rewards").text


def test_every_state_is_there_in_filipino() -> None:
    assert set(referral_words.SHOPPER_STATES.values()) <= catalogue("fil").keys()


def test_the_rules_are_saved_as_the_next_version(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    browser.page(SETTINGS)
    rules = Referrals(
        enabled=True, friend=CodeOffer(kind="amount_off", value=5), advocate=Thanks(points=7), per_month=None
    )
    assert browser.post(SETTINGS, based_on="1", note="try", **form_of(rules)).status_code == 303
    with shop_transaction(engine, shop.id) as conn:
        assert programmes.current(conn, shop.id, datetime.now(UTC)).programme.referrals == rules
    assert 'value="7"' in browser.page(SETTINGS)
    assert "Version 2 was saved" in browser.post(SETTINGS, based_on="1", **form_of(Referrals())).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"referrals.friend.value": "101"}, "A percentage is at most 100"),
        ({"referrals.friend.kind": "amount_off", "referrals.friend.value": "1.005"}, "USD has 2 decimals"),
        ({"referrals.friend.value": "-1"}, "Must be more than 0"),
        ({"referrals.refuse_score": "10"}, "Must not be less than the score that holds for review"),
        ({"referrals.advocate.points": ""}, "Must be filled in"),
        ({"referrals.claims_per_day": "0"}, "Must be at least 1"),
        ({"referrals.friend.kind": "gold"}, "Must be one of the choices"),
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
    with shop_transaction(engine, shop.id) as conn:
        (made,) = referrals.of_advocate(conn, shop.id, ana)
        held = {"state": "held", "score": 55, "signs": ["same_address", "just_joined"], "why": ["in_review", {}]}
        referrals.change(conn, shop.id, made.id, held, datetime.now(UTC))
    page = browser.page(REVIEW)
    assert "Both gave the same street address." in page
    assert "Review 1" in browser.page(SETTINGS)
    assert "None so far" in browser.page(REVIEW, state="paid")
    answer = browser.post(
        "/app/programme/referrals/decide", id=str(made.id), what="approved", note="a cousin", state="held"
    )
    assert "done=decided" in answer.headers["Location"]
    with shop_transaction(engine, shop.id) as conn:
        after = referrals.get(conn, shop.id, made.id)
    assert after is not None
    assert (after.decision, after.note) == ("approved", "a cousin")
    assert "Being decided" in browser.page(REVIEW)
    with shop_transaction(engine, shop.id) as conn:
        jobs.drop(conn, shop.id, "referral", made.id)
    assert "Being decided" not in browser.page(REVIEW)
    assert "Nothing was ticked" in browser.page(REVIEW, done="nothing_chosen")
    assert "done=nothing_chosen" in browser.post("/app/programme/referrals/decide", what="refused").headers["Location"]
    assert browser.post("/app/programme/referrals/decide", id="1", what="gold").status_code == 404
    wrong = browser.post("/app/programme/referrals/block", value="no domain")
    assert wrong.status_code == 422
    assert "Must be a domain such as example.com" in wrong.text
    assert browser.post("/app/programme/referrals/block", value="member:999999").status_code == 422
    stranger = browser.post("/app/programme/referrals/block", value="Ben@Example.ORG")
    assert (stranger.status_code, "o block everybody at it, write @example.org" in stranger.text) == (422, True)
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
    assert "Decided on referral" in log
    assert "Blocked from referrals" in log


def test_another_shop_decides_nothing_here(
    browser: Browser, other_browser: Browser, engine: Engine, shop: ShopRow, app: Flask, settings: Settings
) -> None:
    publish(engine, shop, RULES)
    ana = add_member(engine, shop, 7, "ana@example.com")
    front = Front(app, settings, shop.domain, "7")
    word = re.search(r"/apps/suki/r/(\w+)", front.get("/proxy/friends").text)[1]  # type: ignore[index]
    Front(app, settings, shop.domain, "").claim(word, "ben@example.org")
    with shop_transaction(engine, shop.id) as conn:
        (made,) = referrals.of_advocate(conn, shop.id, ana)
    answer = other_browser.post("/app/programme/referrals/decide", id=str(made.id), what="refused")
    assert "nothing_chosen" in answer.headers["Location"]
    assert "ben@" not in other_browser.page(REVIEW, state="all")
    assert other_browser.post("/app/programme/referrals/block", value=f"member:{ana}").status_code == 422
    page = browser.page(f"/app/members/{ana}")
    assert "Invited friends" in page
