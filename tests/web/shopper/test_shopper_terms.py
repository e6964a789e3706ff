"""Shoppers know what they get before points go: terms, days, what is left; and afterwards what became of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from plugin.actions.rewards import redeem_points
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.rewards.own_rewards import Custom
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.programme.test_rewards import member_with
from tests.web.shopper.test_shopper import Storefront, plain

NOW = datetime.now(UTC)
NOON = datetime(2031, 3, 1, 4, tzinfo=UTC)
MIDNIGHT = datetime(2031, 3, 31, 16, tzinfo=UTC)
"""The end of 31 March in Manila."""
REWARDS = (
    AmountOff(id="rfull", name="Full", points=100, value=5, minimum_order=20, per_member=2, in_total=9,
              shows_left=True, ends_at=MIDNIGHT),
    AmountOff(id="rlate", name="Later", points=1, value=5, starts_at=NOON, ends_at=MIDNIGHT),
    AmountOff(id="rheld", name="Held", points=50, value=5, deduct="ordered", minimum_order=20),
    Custom(id="rtour", name="Tour", points=50),
)  # fmt: skip


@pytest.fixture
def front(app: Flask, engine: Engine, settings: Settings, shop: ShopRow) -> Storefront:
    make_open(engine, settings, shop)
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(rewards=REWARDS), "test", "", NOW - timedelta(hours=1))
    member_with(engine, shop, 300)
    return Storefront(app, settings, shop.domain, "7")


def redeem(engine: Engine, shop: ShopRow, reward: str, **after: object) -> Redemption:
    """One redemption, with its row as it is later."""
    with shop_transaction(engine, shop.id) as conn:
        made = redeem_points.redeem(
            conn, shops.get(conn, shop.id), 1, reward, None, f"k-{reward}", "shopper", datetime.now(UTC)
        )
        columns = ", ".join(f"{name} = %({name})s" for name in after)
        if after:
            conn.exec_driver_sql(f"UPDATE redemptions SET {columns} WHERE id = %(id)s", {"id": made.id, **after})
    return made


def test_the_page_that_asks_says_the_terms_and_what_is_left(front: Storefront) -> None:
    asked = plain(front.get("/proxy/rewards/rfull").text)
    for each in (
        "$5.00 off. Spend 100 of your 300 points? You'll have 200 points left.",
        "For orders of $20.00 or more. Valid for 60 days. You can redeem it 2 more times. 9 left"
        " Available until Mar 31, 2031.",
    ):
        assert each in asked


def test_the_list_says_from_when_and_until_when(front: Storefront) -> None:
    listed = plain(front.get().text)
    assert "Later 1 point $5.00 off. Available until Mar 31, 2031. Available from Mar 1, 2031." in listed
    offered = "Full 100 points $5.00 off. For orders of $20.00 or more. 9 left Available until Mar 31, 2031."
    assert offered in listed


def test_a_code_says_its_terms_as_long_as_it_can_be_used(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    made = redeem(engine, shop, "rfull", code_state="created")
    listed = plain(front.get().text)
    assert "Full $5.00 off." in listed and made.code in listed
    terms = listed.count("For orders of $20.00 or more.")
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE redemptions SET expires_at = %(at)s", {"at": NOW - timedelta(days=1)})
    listed = plain(front.get().text)
    assert "Full $5.00 off. Expired" in listed and made.code not in listed
    assert listed.count("For orders of $20.00 or more.") == terms - 1


def test_a_code_whose_order_was_refunded_is_not_called_used(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    redeem(engine, shop, "rfull", state="captured", given_back=True)
    assert "Your order was cancelled or refunded, so we returned your points." in plain(front.get().text)


def test_before_it_is_undone_the_page_says_what_comes_back(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    held, tour = redeem(engine, shop, "rheld"), redeem(engine, shop, "rtour")
    asked = plain(front.get(f"/proxy/redemptions/{held.id}").text)
    assert "You haven't spent any points on it yet." in asked and "points back" not in asked
    assert "get 50 points back." in plain(front.get(f"/proxy/redemptions/{tour.id}").text)


def test_who_owes_points_reads_what_that_means_and_what_is_missing(
    front: Storefront, engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        accounts = Ledger(conn, shop.id, [1])
        accounts.post([Entry(1, "taken_back", -516, "order:9", 1, NOW, "suki")], NOW)
        accounts.write()
    listed = plain(front.get().text)
    assert "−216 points" in listed and "-216" not in listed
    assert "The next 216 points you earn will cover it." in listed
    assert "9 left Available until Mar 31, 2031. You need 316 points more." in listed


def test_what_is_only_set_aside_is_not_owed(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    redeem(engine, shop, "rheld")
    with shop_transaction(engine, shop.id) as conn:
        accounts = Ledger(conn, shop.id, [1])
        accounts.post([Entry(1, "taken_back", -290, "order:9", 1, NOW, "suki")], NOW)
        accounts.write()
    listed = plain(front.get().text)
    assert "−40 points" in listed and "will cover it" not in listed


def test_the_history_goes_on(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        accounts = Ledger(conn, shop.id, [1])
        accounts.post([Entry(1, "gift", n, f"x:{n}", 1, NOW, "suki") for n in range(1, 36)], NOW)
        accounts.write()
    first = front.get()
    assert ("+6<" in first.text, "+5<" in first.text, "/apps/suki/history?before=" in first.text) == (True, False, True)
    before = first.text.partition("history?before=")[2].partition('"')[0]
    second = front.get("/proxy/history", before=before).text
    assert ("+5<" in second, "+6<" in second, "+300<" in second, "?before=" in second) == (True, False, True, False)
    for odd in ("", "x", "9" * 30, "-1"):
        assert front.get("/proxy/history", before=odd).status_code == 200


def test_a_member_reads_answers_in_their_own_language(front: Storefront, engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        members.speak(conn, shop.id, {1: "fil"})
    assert "Magkakaroon ka ng sarili mong code" in front.get("/proxy/rewards/rfull").text
    assert "Nag-expire na ang page na ito." in front.post("/proxy/rewards/rfull", key="x").text
    done = front.post("/proxy/rewards/rfull", key=front.key("/proxy/rewards/rfull"))
    assert "Sa iyo na ang Full." in done.text


def test_what_is_not_there_or_too_much_is_said_within_the_theme(front: Storefront) -> None:
    for answer, status, words in (
        (front.get("/proxy/rewards/rnone"), 404, "We can&#39;t find this page"),
        (front.get("/proxy/no/such/page"), 404, "We can&#39;t find this page"),
        (front.get("/proxy/redemptions/99", locale="fil"), 404, "Hindi namin makita ang page na ito"),
        (front.post("/proxy/rewards/rfull", key="x" * 300_000), 413, "That&#39;s too much data to send"),
    ):
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/liquid")
        assert words in answer.text and 'class="suki ' in answer.text
    assert front.client.get("/proxy/rewards").headers["Content-Type"].startswith("text/plain")


def test_codes_and_links_can_be_copied_and_are_whole_without_a_script(
    front: Storefront, engine: Engine, shop: ShopRow
) -> None:
    made = redeem(engine, shop, "rfull", code_state="created")
    shown = front.get().text
    named = f'data-copy-name="Copy {made.code}"'
    assert f'<code data-copy="Copy" data-copied="Copied" {named}>{made.code}</code>' in shown
    assert 'src="/apps/suki/shopper.js"' in shown
    script = front.get("/proxy/shopper.js")
    assert (script.status_code, script.mimetype) == (200, "text/javascript")
