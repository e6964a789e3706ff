"""Claims of a link: the page says the same to everybody, the code goes by mail, and tries have a pace."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.privacy.forgetting_key import forgetting_key
from plugin.app import create_app
from plugin.rules.privacy.marks import marks_of
from plugin.rules.referrals.referral_rules import Referrals
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.privacy import forgotten
from plugin.store.referrals import referral_marks
from plugin.web.current import KEY
from plugin.web.shopper.seen import address, network
from tests.conftest import ShopRow
from tests.web.referral_front import (
    SENT,
    Front,
    add_member,
    counted_statements,
    look_at_claims,
    publish,
    rows,
    words_of,
)


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
    assert "Minimum order $25.00." in words_of(page)
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
    assert "Please enter a valid email address." in words_of(answer)
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
    assert "This page has expired" in answer.text


def test_one_address_may_try_ten_times_an_hour(friend: Front, word: str) -> None:
    for _ in range(10):
        assert friend.claim(word, "nonsense").status_code == 422
    answer = friend.claim(word, "ben@example.org")
    assert answer.status_code == 429
    assert "try again in an hour" in answer.text
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
