"""The friend's page and the advocate's through Shopify's proxy; rules and review in the panel."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from plugin.actions.privacy.forgetting_key import forgetting_key
from plugin.actions.programme.save_referrals import form_of
from plugin.actions.work import Work
from plugin.app import create_app
from plugin.clients.shopper_texts import catalogue
from plugin.jobs import run
from plugin.rules.privacy.marks import marks_of
from plugin.rules.programme import Programme
from plugin.rules.referrals import referral_words
from plugin.rules.referrals.referral_rules import CodeOffer, Referrals, Thanks
from plugin.rules.types import Buyer
from plugin.settings import Settings
from plugin.store import forgotten, jobs, members, programmes, referral_marks, referrals, shops
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.web.current import KEY
from plugin.web.shopper.seen import address, network
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.session import Browser
from tests.web.test_shopper import Storefront

RULES = Referrals(enabled=True, minimum_order=25)
SETTINGS, REVIEW = "/app/programme/referrals", "/app/programme/referrals/review"
BROWSER = {"User-Agent": "Mozilla", "X-Forwarded-For": "203.0.113.5"}
SENT = "If this address can have the offer"


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

    def send(self, path: str, seen: dict[str, str] = BROWSER, **form: str) -> Any:
        return self.client.post(f"{path}?{self._query()}", data=form, headers=seen)

    def _query(self) -> str:
        from urllib.parse import urlencode

        return urlencode(self.query())

    def claim(self, word: str, email: str, key: str = "", seen: dict[str, str] = BROWSER) -> Any:
        return self.send(f"/proxy/r/{word}", seen, email=email, key=key or self.key(f"/proxy/r/{word}"))


def look_at_claims(front: Front) -> None:
    """The worker's turn at what the pages wrote down; the codes and mails that follow wait."""
    held = front.client.application.extensions[KEY]
    work = Work(held.engine, held.clients, None, lambda: datetime.now(UTC))  # type: ignore[arg-type]
    run(work, shop_of(front), "claim_referral")


def shop_of(front: Front) -> int:
    with system_transaction(front.client.application.extensions[KEY].engine) as conn:
        found = shops.by_domain(conn, front.domain)
    assert found is not None
    return found.id


def rows(engine: Engine, shop: ShopRow, sql: str) -> list[tuple[Any, ...]]:
    with shop_transaction(engine, shop.id) as conn:
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


@contextmanager
def counted_statements(engine: Engine) -> Iterator[list[str]]:
    """What is said to the database meanwhile."""
    said: list[str] = []

    def hear(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


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


def test_a_friend_sees_the_offer_and_the_code_goes_by_mail_only(
    friend: Front, word: str, engine: Engine, shop: ShopRow
) -> None:
    page = friend.get(f"/proxy/r/{word}")
    assert page.status_code == 200
    assert page.headers["Content-Type"] == "application/liquid"
    assert not {"Set-Cookie", "Content-Security-Policy"} & set(page.headers.keys())
    assert "<script" not in page.text
    assert "{{" not in page.text
    assert "<b>" not in page.text
    assert "A friend has something for you" in page.text  # "<b>{{ Ana }}</b>" is no name
    assert "10% off" in words_of(page)
    assert "From $25.00 up." in words_of(page)
    answer = friend.claim(word, "ben@example.org")
    assert (answer.status_code, SENT in answer.text) == (200, True)
    look_at_claims(friend)
    (code, mailed) = rows(engine, shop, "SELECT r.code, m.kind FROM redemptions r, messages m")[0]
    assert mailed == "referral_code"
    assert code not in answer.text
    assert friend.get("/proxy/r/code/1", mark="0" * 32).status_code == 404


def test_every_address_gets_the_same_answer_for_the_same_work(
    friend: Front, word: str, engine: Engine, shop: ShopRow
) -> None:
    """Of a stranger, of who claimed before, of who buys here, of the advocate, and of a blocked domain."""
    add_member(engine, shop, 9, "carla@example.com")
    with shop_transaction(engine, shop.id) as conn:
        referral_marks.block(conn, shop.id, "domain:blocked.example", "", "staff:1", datetime.now(UTC))
        conn.exec_driver_sql("UPDATE members SET email = 'carla@example.com' WHERE customer_id = 9")
    friend.claim(word, "dan@example.com")
    look_at_claims(friend)
    answers, work = set(), []
    for email in ("eva@example.com", "dan@example.com", "carla@example.com", "ANA+1@example.com", "x@blocked.example"):
        key = friend.key(f"/proxy/r/{word}")
        with counted_statements(engine) as said:
            answer = friend.claim(word, email, key=key)
        answers.add((answer.status_code, answer.text))
        work.append(said)
    assert len(answers) == 1
    assert all(said == work[0] for said in work)
    assert rows(engine, shop, "SELECT count(*) FROM referrals") == [(1,)]
    assert rows(engine, shop, "SELECT count(*) FROM referral_claims") == [(5,)]
    look_at_claims(friend)
    assert rows(engine, shop, "SELECT count(*) FROM referrals") == [(3,)]  # Dan, Eva, and Carla, who never ordered
    assert rows(engine, shop, "SELECT count(*) FROM referral_claims") == [(0,)]
    assert rows(engine, shop, "SELECT count(*) FROM jobs WHERE kind = 'claim_referral'") == [(0,)]


@pytest.mark.parametrize("email", ["ben@", "", "<script>alert(1)</script>@example.org", "x" * 5000 + "@example.org"])
def test_what_is_no_address_is_asked_for_again(
    friend: Front, word: str, engine: Engine, shop: ShopRow, email: str
) -> None:
    answer = friend.claim(word, email)
    assert answer.status_code == 422
    assert "Please check the e-mail address" in words_of(answer)
    assert "<script" not in answer.text
    assert rows(engine, shop, "SELECT count(*) FROM referral_claims") == [(0,)]


def test_a_slip_is_put_right_with_the_same_page_and_a_second_click_is_the_same_claim(
    friend: Front, word: str, engine: Engine, shop: ShopRow
) -> None:
    key = friend.key(f"/proxy/r/{word}")
    for email in ("bne@example.org", "ben@example.org", "ben@example.org"):
        assert friend.claim(word, email, key=key).status_code == 200
    assert rows(engine, shop, "SELECT email FROM referral_claims ORDER BY id") == [
        ("bne@example.org",), ("ben@example.org",)
    ]  # fmt: skip


def test_an_address_that_was_forgotten_is_not_brought_back_by_a_claim(
    friend: Front, word: str, engine: Engine, shop: ShopRow
) -> None:
    held = friend.client.application.extensions[KEY]
    key = forgetting_key(engine, held.settings)
    with shop_transaction(engine, shop.id) as conn:
        forgotten.remember(conn, shop.id, marks_of(key, shop.id, (), ["ben@example.org"]), datetime.now(UTC))
    assert SENT in friend.claim(word, "Ben@example.org").text
    look_at_claims(friend)
    left = "SELECT (SELECT count(*) FROM referral_claims), (SELECT count(*) FROM members)"
    assert rows(engine, shop, left) == [(0, 1)]


def test_a_link_that_ends_before_the_claim_is_looked_at_gives_nothing(
    friend: Front, word: str, engine: Engine, shop: ShopRow
) -> None:
    friend.claim(word, "ben@example.org")
    publish(engine, shop, Referrals())
    look_at_claims(friend)
    left = (
        "SELECT (SELECT count(*) FROM referral_claims), (SELECT count(*) FROM referrals), (SELECT count(*) FROM jobs)"
    )
    assert rows(engine, shop, left) == [(0, 0, 0)]


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
    others = {"X-Forwarded-For": "198.51.100.7"}
    assert friend.claim(word, "ben@example.org", seen=others).status_code == 200


def test_what_a_visitor_writes_into_the_header_counts_for_nothing(friend: Front, word: str) -> None:
    for n in range(10):
        assert friend.claim(word, "nonsense", seen={"X-Forwarded-For": f"10.0.0.{n}, 203.0.113.5"}).status_code == 422
    assert friend.claim(word, "ben@example.org", seen={"X-Forwarded-For": "8.8.8.8, 203.0.113.5"}).status_code == 429


def test_who_has_no_address_shares_the_tries_with_all_who_have_none(friend: Front, word: str) -> None:
    nowhere: list[dict[str, str]] = [{}, {"X-Forwarded-For": ""}, {"X-Forwarded-For": "no address"}]
    for n in range(10):
        assert friend.claim(word, "nonsense", seen=nowhere[n % 3]).status_code == 422
    assert friend.claim(word, "ben@example.org", seen={}).status_code == 429


def test_one_house_has_one_network_however_many_addresses_it_makes_up(friend: Front, word: str) -> None:
    for n in range(10):
        seen = {"X-Forwarded-For": f"2001:db8:1:2:{n:x}::{n + 1:x}"}
        assert friend.claim(word, "nonsense", seen=seen).status_code == 422
    assert friend.claim(word, "ben@example.org", seen={"X-Forwarded-For": "2001:db8:1:2::99"}).status_code == 429
    assert friend.claim(word, "ben@example.org", seen={"X-Forwarded-For": "2001:db8:1:3::1"}).status_code == 200


def test_trusted_hops_say_which_entry_is_the_visitors(app: Flask, settings: Settings) -> None:
    for hops, header, found in (
        (1, "1.1.1.1, 2.2.2.2", "2.2.2.2"), (2, "9.9.9.9, 1.1.1.1, 2.2.2.2", "1.1.1.1"), (2, "2.2.2.2", ""),
        (1, "", ""), (1, "1.1.1.1:80", ""), (1, "::FFFF:1.1.1.1", "::ffff:101:101"),
    ):  # fmt: skip
        asked = create_app(settings.model_copy(update={"trusted_hops": hops}), app.extensions[KEY].engine)
        with asked.test_request_context(headers={"X-Forwarded-For": header}):
            assert address() == found
    assert network("::ffff:101:101") == "1.1.1.1"


def test_a_link_is_tried_twenty_times_an_hour_from_anywhere(friend: Front, word: str) -> None:
    for n in range(20):
        assert friend.claim(word, "nonsense", seen={"X-Forwarded-For": f"10.0.0.{n}"}).status_code == 422
    assert friend.claim(word, "ben@example.org", seen={"X-Forwarded-For": "10.0.0.200"}).status_code == 429


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


def test_the_advocate_sees_the_link_and_friends_not_by_name(
    ana: Front, friend: Front, word: str, engine: Engine
) -> None:
    assert "Nobody has used your link so far." in ana.get("/proxy/friends").text
    friend.claim(word, "ben@example.org")
    look_at_claims(friend)
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
    look_at_claims(friend)
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
    look_at_claims(front)
    with shop_transaction(engine, shop.id) as conn:
        (made,) = referrals.of_advocate(conn, shop.id, ana)
    answer = other_browser.post("/app/programme/referrals/decide", id=str(made.id), what="refused")
    assert "nothing_chosen" in answer.headers["Location"]
    assert "ben@" not in other_browser.page(REVIEW, state="all")
    assert other_browser.post("/app/programme/referrals/block", value=f"member:{ana}").status_code == 422
    page = browser.page(f"/app/members/{ana}")
    assert "Invited friends" in page
